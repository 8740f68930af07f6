import type { Coverage } from '../../../pipeline/published/documents.ts';
import { readCoverage } from './documents.ts';
import { formatCount, formatShare, plural } from './format.ts';
import { formatMonth, formatMonths } from './months.ts';

export type RepositoryCoverage = Coverage['repositories'][number];
export type Month = RepositoryCoverage['months'][number];

let months: ReadonlyMap<string, readonly Month[]> | undefined;

/** The months of one repository, oldest first; none before coverage was measured. */
export function monthsOf(repository: string): readonly Month[] {
  months ??= new Map(readCoverage()?.repositories.map((own) => [own.repository, own.months]));
  return months.get(repository) ?? [];
}

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

/** The coverage of a repository in words: how many months are known, and which are damaged. */
export function describeCoverage(months: readonly Month[]): string {
  const names = months.map(({ month }) => month).sort();
  const [first = '', last = ''] = [names[0], names.at(-1)];
  const span =
    first === last ? formatMonth(first) : `${formatMonth(first)} to ${formatMonth(last)}`;
  const damaged = months.filter((month) => month.damaged).map(({ month }) => month);
  return [
    `${plural(months.length, 'month')}, ${span}: ${countKnown(months)}.`,
    damaged.length > 0 &&
      `Some of ${formatMonths(damaged)} is known only from a damaged part of GH Archive.`,
  ]
    .filter((part) => part !== false)
    .join(' ');
}

function countKnown(months: readonly Month[]): string {
  const whole = months.filter(({ coverage }) => coverage === 100).length;
  const none = months.filter(({ coverage }) => coverage === 0).length;
  const parts = [
    [whole, 'known whole'],
    [months.length - whole - none, 'in part'],
    [none, 'not at all'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${formatCount(count)} ${words}`)
    .join(', ');
}
