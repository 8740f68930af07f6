import {
  COVERAGE_KINDS,
  type CoverageKind,
  nameKinds,
} from '../../../pipeline/domain/coverage-kinds.ts';
import { formatMonth, formatMonths } from '../../../pipeline/domain/months.ts';
import type { Coverage } from '../../../pipeline/published/documents.ts';
import { findDocument } from './documents.ts';
import { formatCount, formatShare, plural } from './format.ts';

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

/** How much is known of a kind in a month: the mean of the repositories that have the month. */
export interface KindMonth {
  readonly month: string;
  /** Percentage; undefined where it was not measured by kind. */
  readonly share: number | undefined;
  /** Repositories that do not know all of it, and all that have the month. */
  readonly lacking: number;
  readonly all: number;
}

/** What is known of each kind in each of the months; none before coverage was measured by kind. */
export function shareByKind(
  repositories: readonly RepositoryCoverage[],
  names: readonly string[],
): { kind: CoverageKind; months: KindMonth[] }[] {
  const byMonth = Map.groupBy(
    repositories.flatMap(({ months }) => months),
    ({ month }) => month,
  );
  return COVERAGE_KINDS.map((kind) => ({
    kind,
    months: names.map((month) => meanOf(month, kind, byMonth.get(month) ?? [])),
  })).filter(({ months }) => months.some(({ share }) => share !== undefined));
}

function meanOf(month: string, kind: CoverageKind, all: readonly Month[]): KindMonth {
  const shares = all.flatMap(({ kinds }) => kinds[kind] ?? []);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return {
    month,
    // Rounded down: only what is complete shows 100.
    share: shares.length === 0 ? undefined : Math.floor(mean * 10 + 1e-9) / 10,
    lacking: shares.filter((share) => share < 100).length,
    all: shares.length,
  };
}

export function describeKindMonth({ month, share, lacking, all }: KindMonth): string {
  if (share === undefined) return `${month}: not measured`;
  const known = share === 0 ? 'not known' : formatShare(share / 100);
  const where = `${formatCount(lacking)} of ${plural(all, 'repository', 'repositories')}`;
  return `${month}: ${known}${lacking > 0 && all > 1 ? `; not all is known of ${where}` : ''}`;
}

/** Every month that any repository has, newest first: what does not fit a screen is the oldest. */
export const listMonths = (repositories: readonly RepositoryCoverage[]): string[] =>
  [...new Set(repositories.flatMap(({ months }) => months.map(({ month }) => month)))]
    .sort()
    .reverse();

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

/** Repositories that miss the same in the same months. */
export interface Missing {
  readonly repositories: readonly string[];
  readonly all: readonly Month[];
  /** Newest first. */
  readonly months: readonly Month[];
}

/** Groups repositories by what they miss, in the order of the first of each group. */
export function groupMissing(repositories: readonly RepositoryCoverage[]): Missing[] {
  const rows = repositories.map(({ repository, months }) => ({
    repository,
    all: months,
    months: listMissing(months),
  }));
  const groups = Map.groupBy(rows, ({ all, months }) =>
    JSON.stringify([
      all.length,
      // What was stored of each month differs, and is not missing.
      months.map(({ contributions_by_source: _, unattributed: __, ...lacking }) => lacking),
    ]),
  );
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first ? [{ ...first, repositories: own.map(({ repository }) => repository) }] : [];
  });
}

/** How much is missing, in few words: "2 of 7 months partial, 3 missing". */
export function describeMissing(months: readonly Month[]): string {
  if (months.length === 0) return 'not read yet';
  const parts = countKnown(months, ['partial', 'missing']);
  return parts === '' ? 'nothing' : parts.replace(' ', ` of ${plural(months.length, 'month')} `);
}

/** What is known of a month and what is missing, also with what was stored of it. */
export function describeMonth(month: Month): string {
  const sources = Object.entries(month.contributions_by_source)
    .map(([source, count]) => `${plural(count, 'contribution')} from ${source}`)
    .join(', ');
  const unattributed =
    month.unattributed > 0 && `${plural(month.unattributed, 'contribution')} not attributed`;
  return [knownOf(month), sources, ...lackOf(month), unattributed].filter(Boolean).join('; ');
}

/** What is known of a month and what is missing. */
export const describeLack = (month: Month): string =>
  [knownOf(month), ...lackOf(month)].filter(Boolean).join('; ');

const knownOf = ({ coverage }: Month) =>
  coverage === 0 ? 'not known' : formatShare(coverage / 100);

function lackOf(month: Month): (string | false)[] {
  return [
    ...describeKinds(month),
    month.missing_hours > 0 && `${plural(month.missing_hours, 'hour')} missing`,
    month.missing_numbers > 0 &&
      `${plural(month.missing_numbers, 'issue or pull request number')} missing`,
    month.damaged && 'only a damaged part of the archive covers it',
  ];
}

/** The kinds of which less is known than of others, by the share that is known. */
function describeKinds({ kinds }: Month): string[] {
  const lacking = COVERAGE_KINDS.filter((kind) => (kinds[kind] ?? 100) < 100);
  const groups = [...Map.groupBy(lacking, (kind) => kinds[kind] ?? 100)];
  // The share of the month says it already if it is that of all kinds.
  if (groups.length === 1 && lacking.length === COVERAGE_KINDS.length) return [];
  return groups
    .sort(([a], [b]) => a - b)
    .map(
      ([share, own]) => `${nameKinds(own)} ${share === 0 ? 'not known' : formatShare(share / 100)}`,
    );
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
