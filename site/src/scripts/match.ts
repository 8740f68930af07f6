/** Finds names: pure, so that it can be tested without a browser. */

/** Without marks and case, so that "zoe" finds "Zoë". */
export const fold = (text: string): string =>
  // Most names have no marks, and are folded for a board of 50,000 at once.
  isAscii(text) ? text.toLowerCase() : text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** 0 is best: the whole text; then its beginning, the beginning of a word, any part. -1 is no match. */
export function matchRank(folded: string, wanted: string): number {
  const at = folded.indexOf(wanted);
  if (at < 0) return -1;
  if (at === 0) return folded.length === wanted.length ? 0 : 1;
  return /[\s/_-]/.test(folded[at - 1] ?? '') || folded.includes(` ${wanted}`) ? 2 : 3;
}

/** Places of all matches, the best first; equal matches stay in their order. */
export function findPlaces(texts: readonly string[], wanted: string): number[] {
  const byRank: number[][] = [[], [], [], []];
  texts.forEach((text, place) => {
    const rank = matchRank(text, wanted);
    if (rank >= 0) byRank[rank]?.push(place);
  });
  return byRank.flat();
}
