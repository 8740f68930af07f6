import type { Coverage } from '../../../pipeline/published/documents.ts';
import { findDocument } from './documents.ts';
import { formatCount, formatShare, plural } from './format.ts';
import { formatMonth, formatMonths } from './months.ts';

export type RepositoryCoverage = Coverage['repositories'][number];
export type Month = RepositoryCoverage['months'][number];

let months: ReadonlyMap<string, readonly Month[]> | undefined;

/** The months of one repository, oldest first; none before coverage was measured. */
export function monthsOf(repository: string): readonly Month[] {
  months ??= new Map(
    findDocument('coverage')?.repositories.map((own) => [own.repository, own.months]),
  );
  return months.get(repository) ?? [];
}

/** Every month that any repository has, newest first: what does not fit a screen is the oldest. */
export const listMonths = (repositories: readonly RepositoryCoverage[]): string[] =>
  [...new Set(repositories.flatMap(({ months }) => months.map(({ month }) => month)))]
    .sort()
    .reverse();

/** How many months each year has among these, for the heading above them. */
export const groupYears = (months: readonly string[]): [string, number][] =>
  [...Map.groupBy(months, (month) => month.slice(0, 4))].map(([year, own]) => [year, own.length]);

/**
 * Five steps are what an eye can distinguish; the number is beside the colour. 0 is a month of
 * which nothing is known.
 */
export function heatStep(coverage: number): number {
  if (coverage === 0) return 0;
  return coverage >= 99.95 ? 5 : Math.min(4, Math.floor(coverage / 25) + 1);
}

/** Whole per cents; rounded down, so that only a complete month shows 100. */
export const formatCoverage = (coverage: number) =>
  coverage < 1 ? '<1' : String(Math.floor(coverage));

type Knowledge = 'complete' | 'partial' | 'missing';

function knowledgeOf({ coverage, damaged }: Month): Knowledge {
  if (coverage === 0) return 'missing';
  return coverage === 100 && !damaged ? 'complete' : 'partial';
}

const countOf = (months: readonly Month[], knowledge: Knowledge) =>
  months.filter((month) => knowledgeOf(month) === knowledge).length;

/** The months of which something is missing, newest first. */
export const listMissing = (months: readonly Month[]): Month[] =>
  months.filter((month) => knowledgeOf(month) !== 'complete').toReversed();

/** How much is missing, in few words: "2 of 7 months partial, 3 missing". */
export function describeMissing(months: readonly Month[]): string {
  const parts = countKnown(months, ['partial', 'missing']);
  return parts === '' ? 'nothing' : parts.replace(' ', ` of ${plural(months.length, 'month')} `);
}

export function describeMonth(month: Month): string {
  const sources = Object.entries(month.contributions_by_source)
    .map(([source, count]) => `${plural(count, 'contribution')} from ${source}`)
    .join(', ');
  const missing = [
    month.missing_hours > 0 && `${plural(month.missing_hours, 'hour')} missing`,
    month.missing_numbers > 0 &&
      `${plural(month.missing_numbers, 'issue or pull request number')} missing`,
    month.unattributed > 0 && `${plural(month.unattributed, 'contribution')} not attributed`,
    month.damaged && 'only a damaged part of the archive covers it',
  ].filter((part) => part !== false);
  const share = month.coverage === 0 ? 'not known' : formatShare(month.coverage / 100);
  return [share, sources, ...missing].filter(Boolean).join('; ');
}

/** The coverage of a repository in words: how many months are known, and which are damaged. */
export function describeCoverage(months: readonly Month[]): string {
  const names = months.map(({ month }) => month).sort();
  const [first = '', last = ''] = [names[0], names.at(-1)];
  const span =
    first === last ? formatMonth(first) : `${formatMonth(first)} to ${formatMonth(last)}`;
  const damaged = months.filter((month) => month.damaged).map(({ month }) => month);
  return [
    `${plural(months.length, 'month')}, ${span}: ${countKnown(months, ['complete', 'partial', 'missing'])}.`,
    damaged.length > 0 &&
      `Some of ${formatMonths(damaged)} is known only from a damaged part of GH Archive.`,
  ]
    .filter((part) => part !== false)
    .join(' ');
}

const countKnown = (months: readonly Month[], asked: readonly Knowledge[]) =>
  asked
    .map((knowledge) => [countOf(months, knowledge), knowledge] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${formatCount(count)} ${words}`)
    .join(', ');
