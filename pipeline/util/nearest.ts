/** "Did you mean …?": the known word that a mistyped one most likely stands for. */

/** Case and separators vary most (`basePoints`), so they do not count as edits. */
const plain = (word: string) => word.toLowerCase().replace(/[\s_.-]/g, '');

/** One row of the table of distances, from the two rows before it. */
function nextRow(a: string, b: string, i: number, last: number[], beforeLast: number[]): number[] {
  const row = [i];
  for (let j = 1; j <= b.length; j++) {
    const same = a[i - 1] === b[j - 1];
    const edit = 1 + Math.min(row[j - 1] ?? 0, last[j] ?? 0, last[j - 1] ?? 0);
    const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
    const swap = swapped ? 1 + (beforeLast[j - 2] ?? 0) : Number.POSITIVE_INFINITY;
    row[j] = same ? (last[j - 1] ?? 0) : Math.min(edit, swap);
  }
  return row;
}

/** Letters to insert, delete, replace or swap with their neighbour to make one word the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = nextRow(a, b, i, last, beforeLast);
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** Edits up to a third of the letters are a typing error; with more it is another word. */
const reach = (word: string) => Math.max(1, Math.floor(word.length / 3));

/** The nearest of the known words, or null if none is near. The first of equals wins. */
export function nearest(word: string, known: readonly string[]): string | null {
  // A long text is no mistyped key, and the table grows with the product of the lengths.
  if (word.length > 100) return null;
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(plain(word), plain(candidate)) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  return best && best.distance <= reach(plain(best.candidate)) ? best.candidate : null;
}

/** The suggestion as a clause to append to a message; empty if no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const suggestion = nearest(word, known);
  return suggestion === null ? '' : `; did you mean \`${suggestion}\`?`;
}
