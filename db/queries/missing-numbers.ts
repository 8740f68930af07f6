import { sql } from 'kysely';
import type { MissingNumber } from '../../pipeline/domain/repository.ts';
import type { Db } from '../client.ts';

/** Numbers that are not known or whose merge has no author; highest first. */
export async function readNumbersToBackfill(
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
