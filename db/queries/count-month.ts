import { sql } from 'kysely';
import {
  CONTRIBUTION_KINDS,
  type ContributionKind,
  countColumn,
} from '../../pipeline/domain/contribution-kinds.ts';
import type { MonthEvent, MonthPerson } from '../../pipeline/domain/month-record.ts';
import type { TimeWindow } from '../../pipeline/domain/window.ts';
import type { Db } from '../client.ts';
import { milliseconds, readJsonRows } from '../json-rows.ts';
import { allCounts } from './counts.ts';
import { eligibleContributions, firstContributions } from './eligible-contributions.ts';
import { GLOBAL_BOARD } from './leaderboards.ts';
import { scores } from './score.ts';

/** Counts what some time brought, a month of the calendar, by the boards' rules. */

const moment = (date: Date) => sql`${date.toISOString()}::timestamptz`;

const kindColumns = CONTRIBUTION_KINDS.map((kind) => sql.ref(countColumn(kind)));

type PersonRow = readonly [number, number, number, ...number[]];

/**
 * Points and counts of everybody in each repository, and in all together (0).
 * @param version of the weights, as stored
 */
export async function countMonthPeople(
  db: Db,
  { from, to }: TimeWindow,
  version: string,
): Promise<MonthPerson[]> {
  const periods = [{ period: 'month', from: null }] as const;
  const inputs = { version, now: to, periods, today: '' };
  const { counts } = allCounts(inputs, sql`c.occurred_at >= ${moment(from)}`);
  const sums = kindColumns.map((column) => sql`sum(${column}) AS ${column}`);
  const rows = await readJsonRows<PersonRow>(
    db,
    [
      sql`m.repository_id`,
      sql`m.user_id`,
      sql`m.score`,
      ...kindColumns.map((column) => sql`m.${column}`),
    ],
    sql`FROM (
      WITH ${counts}, scores AS (${scores(version)})
      SELECT coalesce(repository_id, ${sql.lit(GLOBAL_BOARD)}) AS repository_id, user_id,
        trim_scale(sum(total_score)) AS score, ${sql.join(sums)}
      FROM scores GROUP BY GROUPING SETS ((repository_id, user_id), (user_id))) AS m`,
  );
  return rows.map(([repositoryId, userId, score, ...numbers]) => ({
    ...{ repositoryId, userId, score },
    counts: countsOf(numbers),
  }));
}

function countsOf(numbers: readonly number[]): Partial<Record<ContributionKind, number>> {
  const all = CONTRIBUTION_KINDS.map((kind, place) => [kind, numbers[place] ?? 0] as const);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

/**
 * The first contribution of everybody who had none before, oldest first. Who they are is known from
 * the board of all time, which must be up to date.
 */
export function readNewcomers(db: Db, { from, to }: TimeWindow): Promise<MonthEvent[]> {
  const first = firstContributions(to, {
    chosen: sql`SELECT a.github_id FROM github_users a JOIN global_leaderboard g
      ON g.period = 'all' AND g.user_id IN (a.github_id, a.alias_of)
        AND g.first_contribution_at >= ${moment(from)} AND g.first_contribution_at < ${moment(to)}`,
    where: sql`true`,
    order: sql`c.occurred_at`,
    limit: 1,
  });
  return readEvents(
    db,
    sql`FROM (
      SELECT DISTINCT ON (c.user_id) ${sql.lit('NEWCOMER')} AS list, c.* FROM (${first}) AS c
      ORDER BY c.user_id, ${eventOrder}) AS c`,
  );
}

/** The first merged pull request of everybody who had none before, oldest first. */
export function readFirstMerged(db: Db, { from, to }: TimeWindow): Promise<MonthEvent[]> {
  const merged = eligibleContributions(
    to,
    sql`c.kind = 'PR_MERGED' AND c.occurred_at >= ${moment(from)}`,
  );
  const earlier = firstContributions(from, {
    chosen: sql`SELECT a.github_id FROM github_users a
      JOIN merged m ON m.user_id IN (a.github_id, a.alias_of)`,
    where: sql`c.kind = 'PR_MERGED'`,
    order: sql`c.occurred_at`,
    limit: 1,
  });
  return readEvents(
    db,
    sql`FROM (
      WITH merged AS MATERIALIZED (
        SELECT DISTINCT ON (c.user_id) c.* FROM ${merged} AS c ORDER BY c.user_id, ${eventOrder})
      SELECT ${sql.lit('FIRST_MERGED')} AS list, merged.* FROM merged
      WHERE user_id NOT IN (SELECT user_id FROM (${earlier}) AS before)) AS c`,
  );
}

/** The releases of all tracked repositories, whoever made them, oldest first. */
export function readReleases(db: Db, { from, to }: TimeWindow): Promise<MonthEvent[]> {
  return readEvents(
    db,
    sql`FROM (
      SELECT ${sql.lit('RELEASE')} AS list, c.* FROM contribution_events c
      JOIN repositories r ON r.id = c.repository_id AND r.status <> 'ARCHIVED'
      WHERE c.kind = 'RELEASE' AND c.occurred_at >= ${moment(from)}
        AND c.occurred_at < ${moment(to)}) AS c`,
  );
}

/** The contributions that a closed month names, oldest first. */
export const readStoredEvents = (db: Db, month: string): Promise<MonthEvent[]> =>
  readEvents(db, sql`FROM (SELECT * FROM month_events WHERE month = ${month}) AS c`);

const eventOrder = sql`c.occurred_at, c.repository_id, c.event_id COLLATE "C"`;

const COLUMNS = ['list', 'repository_id', 'event_id', 'kind', 'user_id'] as const;
const TEXTS = ['subject_number', 'title', 'reference'] as const;

type EventRow = readonly [
  MonthEvent['list'],
  number,
  string,
  ContributionKind,
  number | null,
  number,
  number | null,
  string | null,
  string | null,
];

/** @param rest `FROM` a subquery `c` of contributions with the list that names them */
async function readEvents(db: Db, rest: ReturnType<typeof sql>): Promise<MonthEvent[]> {
  const rows = await readJsonRows<EventRow>(
    db,
    [
      ...COLUMNS.map((name) => sql.ref(`c.${name}`)),
      milliseconds(sql`c.occurred_at`),
      ...TEXTS.map((name) => sql.ref(`c.${name}`)),
    ],
    sql`FROM (SELECT c.* ${rest} ORDER BY ${eventOrder}) AS c`,
  );
  return rows.map(
    ([list, repositoryId, eventId, kind, userId, occurredAt, subjectNumber, title, reference]) => ({
      ...{ list, repositoryId, eventId, kind, userId, occurredAt },
      ...{ subjectNumber, title, reference },
    }),
  );
}
