/** Whether memory stays flat over a long run, by samples (MB) that were taken in its course. */

/** A run is cut into so many parts of the same length; in the first one it warms up. */
const PARTS = 6;

/** What may still be added after that: compiled code, and caches of a fixed size. MB. */
const MOST_GROWTH = 16;

/**
 * The least memory in each part. The least, since a sample may be taken in the middle of work that
 * needs much for a moment.
 */
export function leastByPart(samples: readonly number[]): number[] {
  const length = Math.max(1, Math.ceil(samples.length / PARTS));
  return Array.from({ length: PARTS }, (_, part) =>
    samples.slice(part * length, (part + 1) * length),
  )
    .filter((some) => some.length > 0)
    .map((some) => Math.round(Math.min(...some)));
}

/** Whether the last part holds more than the second by more than may be added. */
export function grows(parts: readonly number[]): boolean {
  const [first = 0, warm = first] = parts;
  return (parts.at(-1) ?? 0) - warm > MOST_GROWTH;
}
