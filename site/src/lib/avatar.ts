/** What is shown for a person without a picture. Shared with the browser. */

/** Up to two letters: of the display name's words, or of the login. */
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

/** How the address of nearly every avatar begins; a columns file leaves it out. */
export const AVATAR_START = 'https://avatars.githubusercontent.com/u/';

/** GitHub serves avatars in the size asked for; twice the size shown is enough. */
export function avatarAt(url: string, size: number): string {
  const sized = new URL(url);
  if (sized.hostname.endsWith('githubusercontent.com'))
    sized.searchParams.set('s', String(size * 2));
  return sized.href;
}
