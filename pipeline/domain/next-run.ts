/** Runs that tell how much time lies between them: two weeks of nights. */
const TOLD_BY = 15;
/** Fewer are no rhythm. */
const FEWEST = 4;

/**
 * When the next run is expected: after the last one, the middle of the times between runs. Runs that
 * were started by hand do not change it.
 * @param starts newest first
 * @returns null if there are too few
 */
export function expectNextRun(starts: readonly Date[]): Date | null {
  const [last] = starts;
  if (!last || starts.length < FEWEST) return null;
  const shown = starts.slice(0, TOLD_BY).map((start) => start.getTime());
  const spans = shown.slice(1).map((start, place) => (shown[place] ?? start) - start);
  const middle = spans.toSorted((a, b) => a - b)[Math.floor(spans.length / 2)] ?? 0;
  return new Date(last.getTime() + middle);
}
