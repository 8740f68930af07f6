import type { Db } from '../../../db/client.ts';
import {
  readFirstOfYear,
  readKindWeeks,
  readMergeWaits,
  readPastScores,
  readPeopleMonths,
  readReviewPairs,
  readReviewWaits,
  readScores,
} from '../../../db/queries/report/repository-activity.ts';
import { CONTRIBUTION_KINDS } from '../../domain/contribution-kinds.ts';
import { listUnknownIntervals } from '../../domain/known-spans.ts';
import { DAY_MS, isoDate, isoMonth } from '../../domain/time.ts';
import { type RepositoryActivity, repositoryActivitySchema } from '../../published/documents.ts';
import { documentPath, splitName } from '../../published/paths.ts';
import { concentrationOf } from './concentration.ts';
import type { Report } from './context.ts';
import { firstMonday, SHOWN_WEEKS } from './contributor-activity.ts';

/** Months of newcomers and returning people. */
const MONTHS = 24;
/** People of the matrix of reviews. */
const REVIEWERS = 8;
const YEAR_MS = 365 * DAY_MS;
const WAITS_MS = 90 * DAY_MS;

/** Writes what happens in each repository. */
export async function writeRepositoryActivities(report: Report): Promise<void> {
  const { db, head, now, folder, repositoryNames } = report;
  // Read
  const rows = await readAll(db, now, head.weights_version);
  // Decide, and write
  for (const [id, repository] of repositoryNames) {
    const document: RepositoryActivity = {
      ...head,
      repository,
      weeks: buildWeeks(rows.weeks.get(id) ?? [], now),
      unknown: listUnknown(report, id),
      months: buildMonths(rows.months.get(id) ?? [], now),
      concentration: buildShares(rows.scores.get(id)),
      concentration_year_ago: buildShares(rows.pastScores.get(id)),
      reviews: buildReviews(rows.first.get(id) ?? [], rows.pairs.get(id) ?? []),
      first_review: rows.reviewWaits.get(id) ?? null,
      merge: rows.mergeWaits.get(id) ?? null,
    };
    const path = documentPath('repository_activity', splitName(repository));
    folder.write(path, repositoryActivitySchema, document);
  }
}

async function readAll(db: Db, now: Date, version: string) {
  const ago = (time: number) => new Date(now.getTime() - time);
  const first = await readFirstOfYear(db, REVIEWERS);
  const people = [...new Set(first.map(([, id]) => id))];
  const byRepository = <T extends readonly [number, ...unknown[]]>(rows: readonly T[]) =>
    Map.groupBy(rows, ([id]) => id);
  return {
    weeks: byRepository(await readKindWeeks(db, new Date(firstMonday(now)), now)),
    months: byRepository(await readPeopleMonths(db, now)),
    scores: new Map(await readScores(db)),
    pastScores: new Map(await readPastScores(db, version, ago(YEAR_MS))),
    first: byRepository(first),
    pairs: byRepository(await readReviewPairs(db, people, ago(YEAR_MS), now)),
    reviewWaits: mediansOf(await readReviewWaits(db, ago(WAITS_MS), now)),
    mergeWaits: mediansOf(await readMergeWaits(db, ago(WAITS_MS), now)),
  };
}

type Rows = Awaited<ReturnType<typeof readAll>>;
type RowOf<Name extends 'weeks' | 'months' | 'first' | 'pairs'> =
  Rows[Name] extends Map<number, (infer T)[]> ? T : never;

const mediansOf = (rows: readonly (readonly [number, number, number])[]) =>
  new Map(
    rows.map(([id, seconds, pull_requests]) => [
      id,
      { seconds: Math.round(seconds), pull_requests },
    ]),
  );

function buildWeeks(rows: readonly RowOf<'weeks'>[], now: Date): RepositoryActivity['weeks'] {
  const counts: RepositoryActivity['weeks']['counts'] = {};
  for (const kind of CONTRIBUTION_KINDS) {
    const own = new Map(rows.flatMap(([, week, of, n]) => (of === kind ? [[week, n]] : [])));
    if (own.size === 0) continue;
    counts[kind] = Array.from({ length: SHOWN_WEEKS }, (_, week) => own.get(week) ?? 0);
  }
  return { from: isoDate(new Date(firstMonday(now))), counts };
}

/** When what is not known of a repository. */
const listUnknown = ({ knowledge }: Report, id: number): RepositoryActivity['unknown'] =>
  listUnknownIntervals([knowledge.byId.get(id)?.spans ?? []]).map(({ from, to, kinds }) => ({
    from: from.toISOString(),
    to: to.toISOString(),
    kinds: [...kinds],
  }));

/** From the first month that anybody was active in to the present one. */
function buildMonths(rows: readonly RowOf<'months'>[], now: Date): RepositoryActivity['months'] {
  const byMonth = new Map(
    rows.map(([, month, people, newcomers]) => [month, { people, newcomers }]),
  );
  const beginning = [...byMonth.keys()].sort()[0];
  const months = Array.from({ length: MONTHS }, (_, index) =>
    isoMonth(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + index + 1 - MONTHS, 1))),
  ).filter((month) => beginning !== undefined && month >= beginning);
  const of = months.map((month) => byMonth.get(month) ?? { people: 0, newcomers: 0 });
  return {
    from: months[0] ?? null,
    newcomers: of.map(({ newcomers }) => newcomers),
    returning: of.map(({ people, newcomers }) => people - newcomers),
    is_beginning: months.length > 0 && months[0] === beginning,
  };
}

function buildShares(scores: readonly number[] = []): RepositoryActivity['concentration'] {
  const found = concentrationOf(scores);
  return found && { ...found, shares: [...found.shares] };
}

function buildReviews(
  first: readonly RowOf<'first'>[],
  pairs: readonly RowOf<'pairs'>[],
): RepositoryActivity['reviews'] {
  const counts = new Map(pairs.map(([, reviewer, author, n]) => [`${reviewer} ${author}`, n]));
  return {
    usernames: first.map(([, , login]) => login),
    counts: first.map(([, reviewer]) =>
      first.map(([, author]) => counts.get(`${reviewer} ${author}`) ?? 0),
    ),
  };
}
