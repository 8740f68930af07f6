import { sql } from 'kysely';
import type { ContributionKind } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Db } from '../../client.ts';
import { eligibleContributions } from '../eligible-contributions.ts';

/** Contributions of a kind in a repository. */
export interface KindCount {
  readonly repositoryId: number;
  readonly kind: ContributionKind;
  readonly contributions: number;
}

/** The contributions that count of some time, half-open, by repository and kind. */
export async function countBetween(db: Db, from: Date, to: Date): Promise<KindCount[]> {
  const since = sql<boolean>`c.occurred_at >= ${from.toISOString()}::timestamptz`;
  const { rows } = await sql<KindCount>`
    SELECT c.repository_id AS "repositoryId", c.kind, count(*) AS contributions
    FROM ${eligibleContributions(to, since)} AS c GROUP BY 1, 2`.execute(db);
  return rows;
}
