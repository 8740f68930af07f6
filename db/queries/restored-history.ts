import { sql } from 'kysely';
import { asciiLower } from '../../pipeline/domain/names.ts';
import type { ConfiguredRepository } from '../../pipeline/domain/repository.ts';
import type { Trx } from '../client.ts';
import { GLOBAL_BOARD } from './leaderboards.ts';
import { reconcileRepositories } from './repositories.ts';
import { slugOf } from './slug.ts';

/** A rank as a document states it. */
export interface PublishedRank {
  /** `global` or `owner/name`. */
  readonly scope: string;
  readonly period: string;
  readonly takenOn: string;
  readonly userId: number;
  readonly rank: number;
}

/** Ranks that go into one INSERT. */
const BATCH = 10_000;

/**
 * Fills the snapshots of a database that is empty, and returns how many ranks it took: those of the
 * configured repositories. Their scores are not known, and are stored as 0.
 * @param accounts numeric ids with the last known logins
 */
export async function insertPublishedRanks(
  trx: Trx,
  configured: readonly ConfiguredRepository[],
  accounts: ReadonlyMap<number, string>,
  ranks: readonly PublishedRank[],
): Promise<number> {
  await reconcileRepositories(trx, configured);
  await sql`
    INSERT INTO github_users (github_id, login)
    SELECT * FROM unnest(${[...accounts.keys()]}::bigint[], ${[...accounts.values()]}::text[])
    ON CONFLICT DO NOTHING`.execute(trx);
  let taken = 0;
  for (let start = 0; start < ranks.length; start += BATCH) {
    taken += await insertRanks(trx, ranks.slice(start, start + BATCH));
  }
  return taken;
}

async function insertRanks(trx: Trx, ranks: readonly PublishedRank[]): Promise<number> {
  const result = await sql`
    INSERT INTO leaderboard_snapshots
      (taken_on, repository_id, period, user_id, rank, total_score)
    SELECT taken_on, board.id, period, user_id, rank, 0
    FROM unnest(${ranks.map((one) => one.takenOn)}::date[],
      ${ranks.map((one) => asciiLower(one.scope))}::text[],
      ${ranks.map((one) => one.period)}::text[],
      ${ranks.map((one) => one.userId)}::bigint[],
      ${ranks.map((one) => one.rank)}::integer[]) AS given (taken_on, scope, period, user_id, rank)
    JOIN (SELECT id, ${slugOf('repositories')} AS scope FROM repositories
      UNION ALL SELECT ${sql.lit(GLOBAL_BOARD)}, 'global') AS board USING (scope)
    WHERE EXISTS (SELECT FROM github_users WHERE github_id = user_id)
    ON CONFLICT DO NOTHING`.execute(trx);
  return Number(result.numAffectedRows ?? 0);
}
