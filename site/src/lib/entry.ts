/** How an entry of a board is shown: its picture and its movement. Shared with the browser. */

/** What is shown for a person without a picture: up to two letters, of the display name or the login. */
export function initials(username: string, name: string | null): string {
  const words = (name ?? username).split(/[\s_-]+/u).flatMap((word) => {
    const [letter] = word.match(/[\p{L}\p{N}]/u) ?? [];
    return letter ? [letter] : [];
  });
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return ((words[0] ?? '?') + last).toUpperCase();
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
