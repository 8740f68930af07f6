import type { Db } from '../../db/client.ts';
import { clearMarks, markAllRepositories } from '../../db/queries/dirty-repositories.ts';
import {
  type BoardTerms,
  lockBoards,
  replaceGlobalBoard,
  replaceRepositoryBoards,
} from '../../db/queries/leaderboards.ts';
import { replaceSnapshot } from '../../db/queries/snapshots.ts';
import { makeWeightsCurrent, upsertWeights } from '../../db/queries/weights.ts';
import type { PeopleRules } from '../domain/people.ts';
import { PERIODS, periodStart } from '../domain/period.ts';
import { kindWeights, type Weights, weightsVersion } from '../domain/weights.ts';
import { applyPeople } from './apply-people.ts';
import type { Log } from './log.ts';

export interface CalculateContext {
  readonly db: Db;
  readonly config: { readonly weights: Weights; readonly people: PeopleRules };
  /** The clock: only contributions before it count. */
  readonly now: Date;
  readonly log: Log;
}

export interface CalculateResult {
  readonly weightsVersion: string;
  /** Accounts whose bot, opt-out or alias flag changed. */
  readonly accountsChanged: number;
  /** Repositories with contributions, people or weights newer than their boards. */
  readonly repositoriesChanged: number;
  readonly repositoryEntries: number;
  readonly globalEntries: number;
  readonly snapshotEntries: number;
}

/**
 * Brings weights and people in line with the configuration, then replaces every board and the
 * day's snapshot in one transaction. The same tables and clock give the same boards.
 */
export async function calculate(context: CalculateContext): Promise<CalculateResult> {
  const { db, config, log } = context;
  const version = await db.transaction().execute((trx) => applyWeights(trx, config.weights));
  const accountsChanged = await db.transaction().execute((trx) => applyPeople(trx, config.people));
  const boards = await replaceBoards(db, boardTerms(version, context.now));
  const result = { weightsVersion: version, accountsChanged, ...boards };
  log.info(result, 'boards calculated');
  return result;
}

/** Makes the configured weights current, in a transaction; other weights make every board old. */
export async function applyWeights(trx: Db, weights: Weights): Promise<string> {
  const version = weightsVersion(weights);
  await upsertWeights(trx, { version, weights: kindWeights(weights) });
  if (await makeWeightsCurrent(trx, version)) await markAllRepositories(trx);
  return version;
}

/** What a calculation at a moment depends on. */
export function boardTerms(version: string, now: Date): BoardTerms {
  const spans = PERIODS.map((period) => ({ period, from: periodStart(period, now) }));
  return { version, now, spans, today: now.toISOString().slice(0, 10) };
}

async function replaceBoards(db: Db, terms: BoardTerms) {
  return db.transaction().execute(async (trx) => {
    await lockBoards(trx);
    const repositoriesChanged = await clearMarks(trx);
    const repositoryEntries = await replaceRepositoryBoards(trx, terms);
    const globalEntries = await replaceGlobalBoard(trx, terms);
    const snapshotEntries = await replaceSnapshot(trx, terms.today);
    return { repositoriesChanged, repositoryEntries, globalEntries, snapshotEntries };
  });
}
