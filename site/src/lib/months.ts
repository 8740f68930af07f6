/** Every year from the first of these months (`YYYY-MM`) to the last, newest first. */
export function listYears(months: readonly string[]): number[] {
  const years = months.map((month) => Number(month.slice(0, 4)));
  if (years.length === 0) return [];
  const [first, last] = [Math.min(...years), Math.max(...years)];
  return Array.from({ length: last - first + 1 }, (_, index) => last - index);
}
