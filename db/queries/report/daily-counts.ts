import { sql } from 'kysely';
import { CONTRIBUTION_KINDS } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import { readJsonRows } from '../../json-rows.ts';
import { eligibleContributions } from '../eligible-contributions.ts';

/** A repository, a day (`YYYY-MM-DD`, UTC), and the contributions in the order of `CONTRIBUTION_KINDS`. */
export type DailyCounts = readonly [repositoryId: number, day: string, ...counts: number[]];

/** Contributions that count by repository, day and kind, oldest first. Days without any are absent. */
export function readDailyCounts(db: Db, now: Date): Promise<readonly DailyCounts[]> {
  const counts = CONTRIBUTION_KINDS.map(
    (kind) => sql`count(*) FILTER (WHERE kind = ${sql.lit(kind)})`,
  );
  const day = sql`(occurred_at AT TIME ZONE 'UTC')::date`;
  return readJsonRows<DailyCounts>(
    db,
    [sql`repository_id`, sql`day`, ...counts.map((_, place) => sql.ref(`count_${place}`))],
    sql`FROM (
      SELECT repository_id, ${day} AS day, ${sql.join(
        counts.map((count, place) => sql`${count} AS ${sql.ref(`count_${place}`)}`),
      )}
      FROM ${eligibleContributions(now)} AS c GROUP BY 1, 2 ORDER BY 1, 2
    ) AS days`,
  );
}
