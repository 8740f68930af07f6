import type { Db } from '../../../db/client.ts';
import { eraseAvatars } from '../../../db/queries/avatars.ts';
import {
  type Calculation,
  endCalculation,
  readLastCalculation,
  takeChanges,
} from '../../../db/queries/contribution-changes.ts';
import { updateContributorWeeks } from '../../../db/queries/contributor-weeks.ts';
import {
  type FlaggedAccount,
  readFlaggedAccounts,
  readHoldersOfLogins,
  readKnownUserIds,
  updateFlags,
} from '../../../db/queries/contributors.ts';
import {
  type BoardInputs,
  replaceSnapshot,
  rulesOf,
  updateGlobalBoard,
  updateRepositoryBoards,
} from '../../../db/queries/leaderboards.ts';
import { analyzeGrown } from '../../../db/queries/maintenance.ts';
import { erasePersonalData } from '../../../db/queries/profiles.ts';
import { lockRepositories } from '../../../db/queries/repositories.ts';
import { activateWeights, upsertWeights } from '../../../db/queries/weights.ts';
import { takeLock } from '../../../db/transactions.ts';
import type { PeopleRules } from '../../domain/people.ts';
import {
  aliasedIds,
  flagsOf,
  optedOutLogins,
  type People,
  resolvePeople,
} from '../../domain/people.ts';
import { isoDate, PERIODS, periodStart } from '../../domain/time.ts';
import { kindWeights, type Weights, weightsVersion } from '../../domain/weights.ts';
import type { Log } from '../../util/log.ts';

export interface CalculateContext {
  readonly db: Db;
  readonly config: { readonly weights: Weights; readonly people: PeopleRules };
  /** The clock of the run: only contributions before it count. */
  readonly now: Date;
  readonly log: Log;
  /** Counts everything again, and not only what changed since the last calculation. */
  readonly isWhole?: boolean;
}

export interface CalculateResult {
  readonly weightsVersion: string;
  /** Accounts whose bot, opt-out or alias flag changed. */
  readonly accountsChanged: number;
  readonly repositoryEntries: number;
  readonly globalEntries: number;
  readonly snapshotEntries: number;
}

/** What a calculation writes, and the report reads. */
const BOARD_TABLES = [
  'repository_leaderboards',
  'global_leaderboard',
  'leaderboard_snapshots',
] as const;

/**
 * Brings weights and people in line with the configuration, and every board and the day's snapshot
 * up to date: in one transaction, so that boards and weights match even if two runs calculate at
 * once. The same tables and clock give the same boards, whatever was calculated before: what
 * changed since the last calculation is counted again, and the rest is taken over.
 */
export async function calculate(context: CalculateContext): Promise<CalculateResult> {
  await analyzeGrown(context.db, ['contribution_events', 'github_users']);
  const result = await context.db.transaction().execute(async (trx) => {
    const accountsChanged = await lockAndApplyPeople(trx, context);
    return { accountsChanged, ...(await updateBoards(trx, context)) };
  });
  await analyzeGrown(context.db, BOARD_TABLES);
  context.log.info(result, 'boards calculated');
  return result;
}

/**
 * Calculates again if new facts about accounts change who is on a board: a new login that has
 * opted out, an account that is found to be a bot.
 */
export async function recalculate(context: CalculateContext): Promise<void> {
  const result = await context.db.transaction().execute(async (trx) => {
    const accountsChanged = await lockAndApplyPeople(trx, context);
    if (accountsChanged === 0) return null;
    return { accountsChanged, ...(await updateBoards(trx, context)) };
  });
  if (result) context.log.info(result, 'boards calculated again, as accounts changed');
}

async function lockAndApplyPeople(trx: Db, { config }: CalculateContext): Promise<number> {
  await takeLock(trx, 'boards');
  return applyPeople(trx, config.people);
}

/** Makes the configured weights current, in a transaction. */
export async function applyWeights(trx: Db, weights: Weights): Promise<string> {
  const version = await storeWeights(trx, weights);
  await activateWeights(trx, version);
  return version;
}

/** Stores weights that boards may be made with, in a transaction. Returns their version. */
export async function storeWeights(trx: Db, weights: Weights): Promise<string> {
  const version = weightsVersion(weights);
  await upsertWeights(trx, { version, weights: kindWeights(weights) });
  return version;
}

/** The inputs of a calculation at a moment. */
export function boardInputs(version: string, now: Date): BoardInputs {
  const periods = PERIODS.map((period) => ({ period, from: periodStart(period, now) }));
  return { version, now, periods, today: isoDate(now) };
}

async function updateBoards(trx: Db, context: CalculateContext) {
  const { config, now } = context;
  // Read: contributions and weights, by the statements that write the boards
  const version = await applyWeights(trx, config.weights);
  const inputs = boardInputs(version, now);
  const rules = rulesOf(trx, inputs);
  // Decide
  const last = usableOf(await readLastCalculation(trx), rules, context);
  // Write
  await lockRepositories(trx);
  await takeChanges(trx, last, now);
  const repositoryEntries = await updateRepositoryBoards(trx, inputs, last);
  const globalEntries = await updateGlobalBoard(trx, inputs);
  await updateContributorWeeks(trx, now, last === null);
  await endCalculation(trx, { clock: now, rules });
  const snapshotEntries = await replaceSnapshot(trx, inputs);
  return { weightsVersion: version, repositoryEntries, globalEntries, snapshotEntries };
}

/** The clock of the last calculation; null if nothing can be taken over from it. */
function usableOf(
  last: Calculation | null,
  rules: string,
  { now, isWhole }: CalculateContext,
): Date | null {
  if (isWhole || last?.rules !== rules || last.clock > now) return null;
  return last.clock;
}

/**
 * Brings `is_bot`, `is_opted_out` and `alias_of` of all accounts in line with the configuration,
 * in a transaction. Writes only changed accounts, erases the profiles of people who opted out,
 * and returns the number of changed accounts.
 */
export async function applyPeople(trx: Db, rules: PeopleRules): Promise<number> {
  let changes = 0;
  // Read
  const people = await readPeople(trx, rules);
  for await (const users of readFlaggedAccounts(trx)) {
    // Decide
    const changed = changedUsers(users, people);
    // Write
    if (changed.length === 0) continue;
    await updateFlags(trx, changed);
    changes += changed.length;
  }
  await erasePersonalData(trx);
  await eraseAvatars(trx);
  return changes;
}

async function readPeople(db: Db, rules: PeopleRules): Promise<People> {
  const logins = optedOutLogins(rules);
  const holders = logins.length > 0 ? await readHoldersOfLogins(db, logins) : [];
  const known = await readKnownUserIds(db, aliasedIds(rules));
  return resolvePeople(rules, holders, new Set(known));
}

/** The accounts whose stored flags differ from the rules, with the new flags. */
function changedUsers(users: readonly FlaggedAccount[], people: People): FlaggedAccount[] {
  return users
    .map((user) => ({ user, flags: flagsOf(user, people) }))
    .filter(
      ({ user, flags }) =>
        user.isBot !== flags.isBot ||
        user.isOptedOut !== flags.isOptedOut ||
        user.aliasOf !== flags.aliasOf,
    )
    .map(({ user, flags }) => ({ ...user, ...flags }));
}
