import type { Coverage } from '../../../pipeline/published/documents.ts';
import { formatShare, plural } from './format.ts';

export type RepositoryCoverage = Coverage['repositories'][number];
export type Month = RepositoryCoverage['months'][number];

/** Every month that any repository has, oldest first: the columns of the table. */
export const listMonths = (repositories: readonly RepositoryCoverage[]): string[] =>
  [...new Set(repositories.flatMap(({ months }) => months.map(({ month }) => month)))].sort();

/** How many months each year has among these, for the heading above them. */
export const groupYears = (months: readonly string[]): [string, number][] =>
  [...Map.groupBy(months, (month) => month.slice(0, 4))].map(([year, own]) => [year, own.length]);

/** Five steps are what an eye can tell apart; the number stands beside the colour. */
export const heatStep = (coverage: number) =>
  coverage >= 99.95 ? 5 : Math.min(4, Math.floor(coverage / 25) + 1);

export function describeMonth(month: Month): string {
  const sources = Object.entries(month.contributions_by_source)
    .map(([source, count]) => `${plural(count, 'contribution')} from ${source}`)
    .join(', ');
  const missing = [
    month.missing_hours > 0 && `${plural(month.missing_hours, 'hour')} missing`,
    month.missing_numbers > 0 &&
      `${plural(month.missing_numbers, 'issue or pull request number')} missing`,
    month.unattributed > 0 && `${plural(month.unattributed, 'contribution')} by people not known`,
    month.damaged && 'only a damaged part of the archive covers it',
  ].filter((part) => part !== false);
  return [formatShare(month.coverage / 100), sources, ...missing].filter(Boolean).join('; ');
}
