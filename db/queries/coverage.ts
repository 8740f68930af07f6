import { sql } from 'kysely';
import type { MissingNumber } from '../../pipeline/domain/repository.ts';
import type { Db } from '../client.ts';

/** Numbers of issues and pull requests of one repository and month. */
export interface MonthNumbersRow {
  readonly repository_id: number;
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly known: number;
  /** Numbers that follow one of the month and are neither known nor explained. */
  readonly missing: number;
}

/** How many numbers of each month are known, and how many are missing. */
export async function readMonthNumbers(db: Db): Promise<MonthNumbersRow[]> {
  const { rows } = await sql<MonthNumbersRow>`
    WITH opened AS (
      SELECT repository_id, subject_number AS number, occurred_at,
        lead(subject_number) OVER (PARTITION BY repository_id ORDER BY subject_number) AS next
      FROM contribution_events
      WHERE kind IN ('PR_OPENED', 'ISSUE_OPENED') AND subject_number IS NOT NULL
    )
    SELECT o.repository_id, to_char(o.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
      count(*) AS known,
      sum(GREATEST(COALESCE(o.next - o.number - 1, 0), 0) - (
        SELECT count(*) FROM missing_numbers m
        WHERE m.repository_id = o.repository_id AND m.number > o.number AND m.number < o.next
      ))::bigint AS missing
    FROM opened o
    GROUP BY 1, 2
    ORDER BY 1, 2
  `.execute(db);
  return rows;
}

/** A number that is not known, or whose pull request has a merge without an author. */
export async function readNumbersToReconcile(
  db: Db,
  repositoryId: number,
  limit: number,
): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`
    WITH opened AS (
      SELECT subject_number AS number, lead(subject_number) OVER (ORDER BY subject_number) AS next
      FROM contribution_events
      WHERE repository_id = ${repositoryId} AND kind IN ('PR_OPENED', 'ISSUE_OPENED')
        AND subject_number IS NOT NULL
    )
    SELECT hole.number FROM opened
      CROSS JOIN LATERAL generate_series(opened.number + 1, opened.next - 1) AS hole (number)
    WHERE NOT EXISTS (
      SELECT FROM missing_numbers m
      WHERE m.repository_id = ${repositoryId} AND m.number = hole.number)
    UNION
    SELECT subject_number FROM contribution_events
    WHERE repository_id = ${repositoryId} AND kind = 'PR_MERGED' AND user_id IS NULL
      AND source <> 'github' AND subject_number IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM missing_numbers m
        WHERE m.repository_id = ${repositoryId} AND m.number = subject_number)
    ORDER BY 1 DESC
    LIMIT ${limit}
  `.execute(db);
  return rows.map((row) => row.number);
}

/** Remembers numbers that are neither an issue nor a pull request. */
export async function insertMissingNumbers(
  trx: Db,
  repositoryId: number,
  missing: readonly MissingNumber[],
  checkedAt: Date,
): Promise<void> {
  if (missing.length === 0) return;
  await trx
    .insertInto('missing_numbers')
    .values(
      missing.map(({ number, reason }) => ({
        repository_id: repositoryId,
        number,
        reason,
        checked_at: checkedAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
