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
  if (isUnknown && value === 0) return { text: '–', className: 'unknown' };
  if (isUnknown) return { text: `${formatCount(value)}+`, className: 'least' };
  return { text: formatCount(value), className: value === 0 ? 'zero' : undefined };
}

/** The number that such a text stands for; what is not known counts as 0. */
export const readCount = (text: string): number => Number(text.replaceAll(/[,+–]/g, ''));

/** A hue of the colour circle, always the same for a username. */
export function hueOf(username: string): number {
  let hash = 0;
  for (const character of username) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** How the address of nearly every avatar begins; a columns file leaves it out. */
export const AVATAR_START = 'https://avatars.githubusercontent.com/u/';

/** GitHub serves avatars in the size asked for; twice the size shown is enough. */
export function avatarAt(url: string, size: number): string {
  const sized = new URL(url);
  if (sized.hostname.endsWith('githubusercontent.com'))
    sized.searchParams.set('s', String(size * 2));
  return sized.href;
}

/** How a rank changed since the last snapshot. */
export interface Movement {
  readonly kind: 'up' | 'down' | 'same' | 'new';
  readonly mark: string;
  readonly text: string;
}

export function describeMovement(rank: number, previous: number | null): Movement {
  if (previous === null) return { kind: 'new', mark: 'new', text: 'new on this board' };
  const by = previous - rank;
  if (by > 0) return { kind: 'up', mark: `▲${by}`, text: `up ${by}` };
  if (by < 0) return { kind: 'down', mark: `▼${-by}`, text: `down ${-by}` };
  return { kind: 'same', mark: '–', text: 'unchanged' };
}

/**
 * The shares of a score's parts as a string of one base-36 digit each: 35 is the whole.
 * Finer than a bar of a hundred pixels can show, and small enough for 100,000 rows.
 */
const WHOLE = 35;

export function encodeShares(parts: readonly number[]): string {
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts
    .map((part) => (sum > 0 ? Math.round((part / sum) * WHOLE) : 0).toString(36))
    .join('');
}

/** Widths in per cent; together 100, except for rounding. */
export function decodeShares(shares: string): number[] {
  const parts = [...shares].map((digit) => Number.parseInt(digit, 36));
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part) => (sum > 0 ? Math.round((part / sum) * 1000) / 10 : 0));
}
