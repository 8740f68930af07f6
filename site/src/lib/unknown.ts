import type { CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import { describeUnknown, fromFirstKnown } from '../../../pipeline/domain/describe-unknown.ts';
import { formatMonths } from '../../../pipeline/domain/months.ts';
import { readBoard } from './boards.ts';
import type { RepositoryCoverage } from './coverage.ts';
import { findDocument, readScoring } from './documents.ts';
import { capitalise, DAY_MS, formatCount, monthOf, plural } from './format.ts';
import type { Period, Scope } from './site.ts';

/** What a board does not know in its period: kinds, of which repositories, in which months. */
export interface Lacking {
  readonly kinds: readonly CoverageKind[];
  /** The repositories that lack some of them, with the months of the period. */
  readonly repositories: readonly RepositoryCoverage[];
  /** Repositories of the board that were read. */
  readonly read: number;
}

/** What repositories lack in a period that begins in a month, `YYYY-MM`; null: nothing. */
export function findLacking(
  all: readonly RepositoryCoverage[],
  period: Period,
  kinds: readonly CoverageKind[],
  since: string,
): Lacking | null {
  if (kinds.length === 0) return null;
  const read = all.filter(({ months }) => months.length > 0);
  const repositories = read
    .filter(({ unknown_kinds }) => unknown_kinds[period] !== undefined)
    .map((own) => ({
      ...own,
      months: fromFirstKnown(own.months).filter(({ month }) => month >= since),
    }));
  return { kinds, repositories, read: read.length };
}

/** The notice on a board, so that nobody takes for 0 what is not known. */
export function describeLacking(lacking: Lacking, period: Period): string[] {
  const { kinds, repositories, read } = lacking;
  const months = repositories.flatMap((own) => own.months);
  const damaged = months.filter((month) => month.damaged).map(({ month }) => month);
  return [
    `${capitalise(whereOf(lacking) + describeUnknown(kinds, months))}.`,
    'Scores lack what is not known: “–” is not 0, and “12+” is 12 or more.',
    isUneven(repositories, read, period) &&
      'Ranks across repositories are uneven: work that is known of one is not known of another.',
    damaged.length > 0 &&
      `Some of ${formatMonths(damaged)} is known only from a damaged part of GH Archive.`,
  ].filter((sentence) => sentence !== false);
}

/** The repositories that lack something, where not all of them do. */
function whereOf({ repositories, read }: Lacking): string {
  if (repositories.length === read || repositories.length === 0) return '';
  const [first] = repositories;
  return repositories.length === 1
    ? `for ${first?.repository}, `
    : `for ${formatCount(repositories.length)} of ${formatCount(read)} repositories, `;
}

/** Whether some repositories of a board lack what others do not. */
function isUneven(
  repositories: readonly RepositoryCoverage[],
  read: number,
  period: Period,
): boolean {
  const lists = new Set(repositories.map((own) => JSON.stringify(own.unknown_kinds[period])));
  return lists.size > 1 || (lists.size === 1 && repositories.length < read);
}

/** By board and period: a board has many pages, and the notice is the same on all of them. */
const notices = new Map<string, readonly string[]>();

/** The sentences about what a board lacks in its period; none if it lacks nothing. */
export function unknownNotice(scope: Scope, period: Period): readonly string[] {
  const key = `${scope}/${period}`;
  let notice = notices.get(key);
  if (notice === undefined) {
    notice = writeNotice(scope, period);
    notices.set(key, notice);
  }
  return notice;
}

function writeNotice(scope: Scope, period: Period): string[] {
  const all = findDocument('coverage')?.repositories ?? [];
  const own = scope === 'global' ? all : all.filter(({ repository }) => repository === scope);
  const lacking = findLacking(
    own,
    period,
    readBoard(scope, period).unknownKinds,
    firstMonth(period),
  );
  const unread = scope === 'global' ? own.filter(({ months }) => months.length === 0).length : 0;
  return [
    ...(lacking ? describeLacking(lacking, period) : []),
    ...(unread > 0
      ? [`Nothing was read yet of ${plural(unread, 'repository', 'repositories')}.`]
      : []),
  ];
}

/** The share that is known of a board's period, 0 to 1: the mean of its repositories' months. */
export function knownShare(scope: Scope, period: Period): number | null {
  const since = firstMonth(period);
  const months = (findDocument('coverage')?.repositories ?? [])
    .filter(({ repository }) => scope === 'global' || repository === scope)
    .flatMap((own) => own.months.filter(({ month }) => month >= since));
  if (months.length === 0) return null;
  const sum = months.reduce((total, { coverage }) => total + coverage, 0);
  // Rounded down: only what is complete shows 100%.
  return Math.floor((10 * sum) / months.length) / 1000;
}

/** The month that a period begins in; an empty text, which is before any month, for all time. */
function firstMonth(period: Period): string {
  const { generated_at, periods } = readScoring();
  const days = periods[period];
  if (days === null) return '';
  return monthOf(Date.parse(generated_at) - days * DAY_MS);
}
