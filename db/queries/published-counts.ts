import { type RawBuilder, sql } from 'kysely';
import type { CountColumn } from '../../pipeline/domain/contribution-kinds.ts';
import type { RepositoryName } from '../../pipeline/domain/names.ts';
import type { KnownPerson } from '../../pipeline/domain/people.ts';
import type { Period } from '../../pipeline/domain/time.ts';
import type { Db } from '../client.ts';
import { countedAccounts } from './eligible-contributions.ts';
import { COUNTED, replaceCounts } from './preview-boards.ts';

/** Counts that were published, in an empty database: what a preview calculates from. */

/** What accounts did in a repository and a period, by columns; an absent column is all 0. */
export interface CountsByColumn {
  readonly repositoryId: number;
  readonly period: Period;
  readonly ids: readonly number[];
  readonly columns: {
    readonly counts: Readonly<Partial<Record<CountColumn, readonly number[]>>>;
    readonly lines_added?: readonly number[] | undefined;
    readonly lines_deleted?: readonly number[] | undefined;
  };
}

/** Run it in a transaction, at whose end the counts are gone. */
export async function makePublishedCounts(trx: Db): Promise<void> {
  // Exact for whole numbers below 2^53, and summed in half the time that bigint takes.
  const columns = COUNTED.map((name) => sql`${sql.ref(name)} double precision NOT NULL`);
  await sql`CREATE TEMPORARY TABLE published_counts (
    repository_id bigint NOT NULL, period text NOT NULL, account_id bigint NOT NULL,
    ${sql.join(columns)}) ON COMMIT DROP`.execute(trx);
}

/** Rows of a statement: its text is some megabytes long at most. */
const ROWS_AT_ONCE = 20_000;

export async function insertPublishedCounts(
  trx: Db,
  boards: readonly CountsByColumn[],
): Promise<void> {
  let batch: CountsByColumn[] = [];
  let rows = 0;
  for (const board of boards) {
    batch.push(board);
    rows += board.ids.length;
    if (rows < ROWS_AT_ONCE) continue;
    await insertBatch(trx, batch);
    batch = [];
    rows = 0;
  }
  if (rows > 0) await insertBatch(trx, batch);
}

async function insertBatch(trx: Db, boards: readonly CountsByColumn[]): Promise<void> {
  const repeat = <T>(pick: (board: CountsByColumn) => T) =>
    boards.flatMap((board) => board.ids.map(() => pick(board)));
  const columns = COUNTED.map((name) => boards.flatMap((board) => countsOf(board, name)));
  const arrays = [
    repeat((board) => board.repositoryId),
    boards.flatMap(({ ids }) => ids),
    ...columns,
  ];
  await sql`
    INSERT INTO published_counts (period, repository_id, account_id, ${columnNames})
    SELECT * FROM unnest(${repeat((board) => board.period)}::text[],
      ${sql.join(arrays.map((values) => sql`${textOf(values)}::bigint[]`))})`.execute(trx);
}

const columnNames = sql.join(COUNTED.map((name) => sql.ref(name)));

function countsOf({ ids, columns }: CountsByColumn, name: (typeof COUNTED)[number]) {
  const { counts, lines_added, lines_deleted } = columns;
  const values = { ...counts, lines_added, lines_deleted }[name];
  return values ?? ids.map(() => 0);
}

/** An array as the database reads it: made by itself, it takes a tenth of the driver's time. */
const textOf = (values: readonly number[]) => `{${values.join(',')}}`;

export async function insertPublishedRepositories(
  trx: Db,
  repositories: readonly RepositoryName[],
): Promise<void> {
  await sql`
    INSERT INTO repositories (id, owner, name, status)
    SELECT place, owner, name, 'ACTIVE' FROM unnest(
      ${repositories.map(({ owner }) => owner)}::text[],
      ${repositories.map(({ name }) => name)}::text[]
    ) WITH ORDINALITY AS one (owner, name, place)`.execute(trx);
}

/**
 * Accounts of which an id is known have it; the others have negative ones. Of logins only former
 * ones are stored: an account has its present one itself.
 */
export async function insertPublishedAccounts(
  trx: Db,
  accounts: readonly KnownPerson[],
  formerLogins: readonly KnownPerson[],
): Promise<void> {
  const rows = (people: readonly KnownPerson[]) => sql`unnest(
    ${people.map(({ id }) => id)}::bigint[], ${people.map(({ login }) => login)}::text[])
    AS one (id, login)`;
  await sql`INSERT INTO github_users (github_id, login)
    SELECT id, login FROM ${rows(accounts)}`.execute(trx);
  await sql`INSERT INTO github_user_logins (github_id, login, first_seen_at, last_seen_at)
    SELECT DISTINCT id, login, 'epoch'::timestamptz, 'epoch'::timestamptz
    FROM ${rows(formerLogins)}`.execute(trx);
}

/** Counts again, with the flags of the accounts and the repositories that the database now has. */
export async function recountPublished(trx: Db): Promise<void> {
  const sums = COUNTED.map((name): RawBuilder<unknown> => {
    const column = sql.ref(name);
    return sql`sum(${sql.ref(`c.${name}`)})::bigint AS ${column}`;
  });
  await replaceCounts(
    trx,
    sql`counts_by_period AS (
      SELECT c.repository_id, c.period, account.person_id AS user_id, ${sql.join(sums)}
      FROM published_counts c
      JOIN repositories r ON r.id = c.repository_id AND r.status <> 'ARCHIVED'
      JOIN (${countedAccounts()}) AS account ON account.account_id = c.account_id
      GROUP BY 1, 2, 3)`,
  );
}
