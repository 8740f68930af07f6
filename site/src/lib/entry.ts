import { formatCount } from './format.ts';

/** How an entry of a board is shown: its picture, its movement and its shares. Shared with the browser. */

/** What is shown for a person without a picture: up to two letters, of the display name or the login. */
export function initials(username: string, name: string | null): string {
  const words = (name ?? username).split(/[\s_-]+/u).flatMap((word) => {
    const [letter] = word.match(/[\p{L}\p{N}]/u) ?? [];
    return letter ? [letter] : [];
  });
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return ((words[0] ?? '?') + last).toUpperCase();
}

/** How a count is shown: a 0 of what is not known is a dash, another number is the least it can be. */
export function describeCount(value: number, isUnknown: boolean) {
  if (isUnknown && value === 0) return { text: '–', className: 'n' };
  if (isUnknown) return { text: `${formatCount(value)}+`, className: 'ge' };
  return { text: formatCount(value), className: value === 0 ? 'z' : undefined };
}

/** A hue of the colour circle, always the same for a username. */
export function hueOf(username: string): number {
  let hash = 0;
  for (const character of username) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** How a rank changed since the day it is compared with, and by how many places. */
export interface Movement {
  readonly kind: 'up' | 'down' | 'same' | 'new';
  readonly by: number;
}

export function describeMovement(rank: number, previous: number | null): Movement {
  if (previous === null) return { kind: 'new', by: 0 };
  const by = previous - rank;
  if (by === 0) return { kind: 'same', by };
  return by > 0 ? { kind: 'up', by } : { kind: 'down', by: -by };
}
