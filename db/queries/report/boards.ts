import { sql } from 'kysely';
import { COUNT_COLUMNS, type CountColumn } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Period } from '../../../pipeline/domain/time.ts';
import type { Db } from '../../client.ts';
import { milliseconds, readJsonRows } from '../../json-rows.ts';
import { GLOBAL_BOARD } from '../leaderboards.ts';

/** Rank, score and counts of one person on one board. */
export interface Standing extends Record<CountColumn, number> {
  readonly rank: number;
  readonly previous_rank: number | null;
  readonly total_score: number;
  /** The part of the score that lines have earned. */
  readonly line_bonus: number;
  readonly lines_added: number;
  readonly lines_deleted: number;
  /** Milliseconds since 1970. */
  readonly first_contribution_at: number;
  readonly last_contribution_at: number;
  /** Global board only. */
  readonly repositories_contributed?: number;
}

/** A line of a board, with or without points. */
export interface BoardLine extends Standing {
  readonly period: Period;
  readonly user_id: number;
}

/**
 * The order of a board `b` with its people `u`: a tie is decided by the later last contribution,
 * then by login without regard to case. By bytes, so that every database orders alike.
 */
export const boardOrder = sql`b.rank, b.last_contribution_at DESC,
  lower(u.login COLLATE "C"), u.github_id`;

/**
 * Whether the line of a person on a board `b` has a rank: one without points has none and is listed
 * nowhere. Its counts stay in the tables, so that the contributions of a repository stay all there.
 */
export const isRanked = sql<boolean>`b.total_score > 0`;

const FIELDS = ['period', 'user_id', 'rank', 'previous_rank', 'total_score'] as const;
const NUMBERS = ['lines_added', 'lines_deleted', ...COUNT_COLUMNS] as const;

const values = [
  ...FIELDS.map((name) => sql.ref(`b.${name}`)),
  sql`(b.points->'line_bonus')::numeric`,
  milliseconds(sql`b.first_contribution_at`),
  milliseconds(sql`b.last_contribution_at`),
  ...NUMBERS.map((name) => sql.ref(`b.${name}`)),
];

type Values = readonly [Period, number, number, number | null, ...number[]];

function toLine(row: Values): BoardLine {
  const [period, user_id, rank, previous_rank, ...numbers] = row;
  const [total_score = 0, line_bonus = 0, first = 0, last = 0] = numbers;
  const [lines_added = 0, lines_deleted = 0, ...counts] = numbers.slice(4);
  const line: Record<string, unknown> = {
    ...{ period, user_id, rank, previous_rank, total_score, line_bonus },
    ...{ lines_added, lines_deleted },
    first_contribution_at: first,
    last_contribution_at: last,
  };
  for (const [place, name] of COUNT_COLUMNS.entries()) line[name] = counts[place];
  return line as unknown as BoardLine;
}

/** All lines of the boards of all repositories together, in no order. */
export async function readGlobalLines(trx: Db): Promise<BoardLine[]> {
  const rows = await readJsonRows<Values>(
    trx,
    [...values, sql.ref('b.repositories_contributed')],
    sql`FROM global_leaderboard b`,
  );
  return rows.map((row) => ({ ...toLine(row), repositories_contributed: row.at(-1) as number }));
}

/** All lines of the boards of a repository, in no order. */
export async function readRepositoryLines(trx: Db, repositoryId: number): Promise<BoardLine[]> {
  const rest = sql`FROM repository_leaderboards b WHERE b.repository_id = ${repositoryId}`;
  return (await readJsonRows<Values>(trx, values, rest)).map(toLine);
}

/** Contributions by week, which is numbered as by `weekOf`; oldest first. */
export type BoardWeeks = readonly (readonly [week: number, contributions: number])[];

/** The weeks of everybody on the boards of a repository, or of all together (0), by id. */
export async function readBoardWeeks(
  trx: Db,
  repositoryId: number,
): Promise<ReadonlyMap<number, BoardWeeks>> {
  const rows = await readJsonRows<[number, BoardWeeks]>(
    trx,
    [sql`user_id`, sql`weeks`],
    sql`FROM board_weeks WHERE repository_id = ${repositoryId}`,
  );
  return new Map(rows);
}

/** A person as documents show them. `github_id` is negative while only a login is known. */
export interface Person {
  readonly github_id: number;
  readonly login: string;
  readonly display_name: string | null;
  readonly company: string | null;
  readonly location: string | null;
  /** From the enrichment, as the account states it. */
  readonly website: string | null;
  readonly twitter: string | null;
  readonly linkedin: string | null;
}

/** Everybody who is on a board, by id. */
export async function readPeople(trx: Db): Promise<Map<number, Person>> {
  const rows = await readJsonRows<[number, string, ...(string | null)[]]>(
    trx,
    [
      ...['github_id', 'login', 'display_name', 'company', 'location'].map((name) =>
        sql.ref(`u.${name}`),
      ),
      ...['website', 'twitter', 'linkedin'].map((name) => sql.ref(`e.${name}`)),
    ],
    sql`FROM github_users u LEFT JOIN contributor_enrichments e ON e.github_id = u.github_id
      WHERE u.github_id IN (SELECT user_id FROM global_leaderboard)`,
  );
  const people = rows.map(([github_id, login, ...texts]): Person => {
    const [display_name = null, company = null, location = null, ...links] = texts;
    const [website = null, twitter = null, linkedin = null] = links;
    return { github_id, login, display_name, company, location, website, twitter, linkedin };
  });
  return new Map(people.map((person) => [person.github_id, person]));
}

/** How many people are on each board that has any, with points and without. */
export function readBoardSizes(trx: Db) {
  const global = trx
    .selectFrom('global_leaderboard as b')
    .select([sql<number>`${sql.lit(GLOBAL_BOARD)}`.as('repository_id'), 'b.period', ...sizes])
    .groupBy('b.period');
  return trx
    .selectFrom('repository_leaderboards as b')
    .select(['b.repository_id', 'b.period', ...sizes])
    .groupBy(['b.repository_id', 'b.period'])
    .unionAll(global)
    .execute();
}

const sizes = [
  sql<number>`count(*) FILTER (WHERE ${isRanked})`.as('ranked'),
  sql<number>`count(*) FILTER (WHERE NOT ${isRanked})`.as('unranked'),
] as const;
