import { sql } from 'kysely';
import type {
  MonthCorrection,
  MonthEvent,
  MonthPerson,
  MonthRecord,
} from '../../pipeline/domain/month-record.ts';
import type { MonthAccount } from '../../pipeline/domain/month-standings.ts';
import type { Db } from '../client.ts';
import { readJsonRows } from '../json-rows.ts';
import { readStoredEvents } from './count-month.ts';
import { countedAccounts } from './eligible-contributions.ts';

/** Months that are closed: stored whole, and never counted again but for a correction. */

export interface ClosedMonth {
  readonly month: string;
  readonly closedAt: Date;
  /** Nothing later was read then. */
  readonly dataUntil: Date | null;
  readonly corrections: readonly MonthCorrection[];
}

/** The closed months, oldest first. */
export function readClosedMonths(db: Db): Promise<ClosedMonth[]> {
  return db
    .selectFrom('months')
    .select(['month', 'closed_at as closedAt', 'data_until as dataUntil', 'corrections'])
    .orderBy('month')
    .execute();
}

/** Each tracked repository, with the first moment that the configuration lets it be read from. */
export function readTrackedSince(db: Db) {
  return db
    .selectFrom('repositories')
    .select(['id', 'never_rescrape_before as since'])
    .where('status', '!=', 'ARCHIVED')
    .orderBy('id')
    .execute();
}

/** Stores a month, in a transaction, in place of what was stored of it. */
export async function writeMonth(
  trx: Db,
  record: MonthRecord,
  closed: Omit<ClosedMonth, 'month'>,
): Promise<void> {
  const { month } = record;
  await trx.deleteFrom('months').where('month', '=', month).execute();
  await trx
    .insertInto('months')
    .values({
      month,
      closed_at: closed.closedAt,
      data_until: closed.dataUntil,
      weights_version: record.weightsVersion,
      is_past_known: record.isPastKnown,
      coverage: JSON.stringify(record.coverage),
      corrections: JSON.stringify(closed.corrections),
    })
    .execute();
  await insertPeople(trx, month, record.people);
  await insertEvents(trx, month, record.events);
}

async function insertPeople(trx: Db, month: string, people: readonly MonthPerson[]): Promise<void> {
  await sql`
    INSERT INTO month_people (month, repository_id, user_id, score, counts)
    SELECT ${month}, p.* FROM unnest(
      ${people.map((one) => one.repositoryId)}::bigint[],
      ${people.map((one) => one.userId)}::bigint[],
      ${people.map((one) => one.score)}::numeric[],
      ${people.map((one) => JSON.stringify(one.counts))}::json[]) AS p`.execute(trx);
}

async function insertEvents(trx: Db, month: string, events: readonly MonthEvent[]): Promise<void> {
  await sql`
    INSERT INTO month_events (month, list, repository_id, event_id, kind, user_id, occurred_at,
      subject_number, title, reference)
    SELECT ${month}, e.* FROM unnest(
      ${events.map((one) => one.list)}::text[],
      ${events.map((one) => one.repositoryId)}::bigint[],
      ${events.map((one) => one.eventId)}::text[],
      ${events.map((one) => one.kind)}::text[],
      ${events.map((one) => one.userId)}::bigint[],
      ${events.map((one) => new Date(one.occurredAt).toISOString())}::timestamptz[],
      ${events.map((one) => one.subjectNumber)}::integer[],
      ${events.map((one) => one.title)}::text[],
      ${events.map((one) => one.reference)}::text[]) AS e`.execute(trx);
}

/** A closed month as it was stored. */
export async function readMonth(db: Db, month: string): Promise<MonthRecord> {
  const row = await db
    .selectFrom('months')
    .select(['weights_version as weightsVersion', 'is_past_known as isPastKnown', 'coverage'])
    .where('month', '=', month)
    .executeTakeFirstOrThrow();
  const people = await readPeople(db, month);
  return { month, ...row, people, events: await readStoredEvents(db, month) };
}

/** Everybody with repository 0, and the first of each repository, in no order. */
async function readPeople(db: Db, month: string): Promise<MonthPerson[]> {
  const rows = await readJsonRows<[number, number, number, MonthPerson['counts']]>(
    db,
    ['repository_id', 'user_id', 'score', 'counts'].map((name) => sql.ref(name)),
    sql`FROM month_people WHERE month = ${month}`,
  );
  return rows.map(([repositoryId, userId, score, counts]) => ({
    ...{ repositoryId, userId, score, counts },
  }));
}

/** The accounts that closed months name, by id: without bots and people who opted out. */
export async function readMonthAccounts(db: Db): Promise<Map<number, MonthAccount>> {
  const named = sql<boolean>`own.github_id IN (
    SELECT user_id FROM month_people UNION SELECT user_id FROM month_events)`;
  const rows = await readJsonRows<[number, number, string, string | null]>(
    db,
    [sql`a.account_id`, sql`a.person_id`, sql`p.login`, sql`p.display_name`],
    sql`FROM (${countedAccounts(named)}) AS a JOIN github_users p ON p.github_id = a.person_id`,
  );
  return new Map(
    rows.map(([id, personId, login, displayName]) => [id, { personId, login, displayName }]),
  );
}
