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

/** Places of all matches, the best first; equal matches stay in their order. If none matches, those with one typing error. */
export function findPlaces(texts: readonly string[], wanted: string): number[] {
  const byRank: number[][] = [[], [], [], []];
  texts.forEach((text, place) => {
    const rank = matchRank(text, wanted);
    if (rank >= 0) byRank[rank]?.push(place);
  });
  const found = byRank.flat();
  return found.length > 0 ? found : findNear(texts, wanted);
}

/** With fewer letters, nearly every name is one typing error away. */
const FEWEST_LETTERS = 4;

/** Places of texts with a word that begins as the wanted text does but for one typing error. */
function findNear(texts: readonly string[], wanted: string): number[] {
  if (wanted.length < FEWEST_LETTERS) return [];
  return texts.flatMap((text, place) => (isNear(text, wanted) ? [place] : []));
}

/** Whether a word of a text begins with the wanted text, or with it but for one typing error. */
export function isNear(text: string, wanted: string): boolean {
  for (let start = 0; start >= 0 && start < text.length; start = nextWord(text, start))
    if (beginsNearly(text, start, wanted)) return true;
  return false;
}

function nextWord(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) if (/[\s/_-]/.test(text[at - 1] ?? '')) return at;
  return -1;
}

/** A letter that is another one, missing, too many, or in the place of its neighbour. */
function beginsNearly(text: string, start: number, wanted: string): boolean {
  let same = 0;
  while (same < wanted.length && text[start + same] === wanted[same]) same++;
  if (same === wanted.length) return true;
  const [at, rest] = [start + same, wanted.slice(same)];
  const isSwapped = text[at] === rest[1] && text[at + 1] === rest[0];
  return (
    text.startsWith(rest.slice(1), at + 1) ||
    text.startsWith(rest.slice(1), at) ||
    text.startsWith(rest, at + 1) ||
    (isSwapped && text.startsWith(rest.slice(2), at + 2))
  );
}
