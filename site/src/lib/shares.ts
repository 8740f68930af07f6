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
