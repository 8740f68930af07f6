import type { Db } from '../../../db/client.ts';
import { upsertContributions } from '../../../db/queries/contributions.ts';
import { recordAccounts } from '../../../db/queries/contributors.ts';
import { addUsage } from '../../../db/queries/github-lists.ts';
import {
  insertMissingNumbers,
  readNumbersToReconcile,
} from '../../../db/queries/missing-numbers.ts';
import { type ActiveRepository, readActiveRepositories } from '../../../db/queries/repositories.ts';
import { readFirstWindowStart } from '../../../db/queries/windows.ts';
import { isInWindow, type TimeWindow } from '../../domain/window.ts';
import type { Context } from '../../runtime/context.ts';
import type { GithubClient } from '../../sources/github/client.ts';
import {
  AllowanceSpentError,
  RepositoryUnavailableError,
  TooHeavyError,
  UnexpectedAnswerError,
} from '../../sources/github/errors.ts';
import { fetchNumbers } from '../../sources/github/numbers.ts';
import { openGithub } from '../../sources/github/open-client.ts';
import { type Outcome, toBatch } from '../../sources/github/outcome.ts';
import type { Log } from '../../util/log.ts';

export interface ReconcileContext {
  readonly db: Db;
  readonly log: Log;
  readonly client: GithubClient;
  readonly now: Date;
  readonly signal: AbortSignal;
}

export interface ReconcileResult {
  /** Numbers that were asked for. */
  readonly numbers: number;
  /** Contributions that were found by it. */
  readonly found: number;
  /** Numbers of neither an issue nor a pull request. */
  readonly missing: number;
  /** Stopped since GitHub's allowance is spent; the rest is for a later run. */
  readonly isStopped: boolean;
}

/** Most numbers of one repository in one run: 20 points. */
const MOST_NUMBERS = 1_000;
/** Numbers stored together. */
const CHUNK = 100;

/**
 * Closes the gaps between the sources: requests the numbers that no source reported, and the
 * authors of merges that the archive reported without one. Numbers of neither an issue nor a pull
 * request are remembered, and not requested again.
 */
export async function reconcile(context: ReconcileContext): Promise<ReconcileResult> {
  const { db, log } = context;
  const sum = { numbers: 0, found: 0, missing: 0, isStopped: false };
  try {
    for (const repository of await readActiveRepositories(db)) {
      const result = await reconcileRepository(context, repository);
      sum.numbers += result.numbers;
      sum.found += result.found;
      sum.missing += result.missing;
    }
  } catch (error) {
    if (!(error instanceof AllowanceSpentError)) throw error;
    sum.isStopped = true;
    log.warn({ reason: error.message }, 'looking for missing numbers stopped');
  }
  log.info(sum, 'missing numbers looked for');
  return sum;
}

async function reconcileRepository(context: ReconcileContext, repository: ActiveRepository) {
  const { db } = context;
  const sum = { numbers: 0, found: 0, missing: 0 };
  const numbers = await readNumbersToReconcile(db, repository.id, MOST_NUMBERS);
  for (let start = 0; start < numbers.length; start += CHUNK) {
    const chunk = numbers.slice(start, start + CHUNK);
    try {
      const result = await reconcileChunk(context, repository, chunk);
      sum.numbers += chunk.length;
      sum.found += result.found;
      sum.missing += result.missing;
    } catch (error) {
      if (!isOfTheRepository(error)) throw error;
      context.log.warn({ repository: repository.id, reason: error.message }, 'can not be read');
      return sum;
    }
  }
  return sum;
}

/** What stops the looking in one repository, until the next run; the others go on. */
function isOfTheRepository(error: unknown): error is Error {
  return [RepositoryUnavailableError, TooHeavyError, UnexpectedAnswerError].some(
    (kind) => error instanceof kind,
  );
}

/** One chunk: fetched together, stored together. */
async function reconcileChunk(
  { db, client, now, signal }: ReconcileContext,
  repository: ActiveRepository,
  numbers: readonly number[],
) {
  const before = { ...client.usage };
  const { outcomes, missing } = await fetchNumbers(client, repository, numbers, signal);
  const window = await readKnownWindow(db, repository);
  const wanted = outcomes.filter((outcome) => isOpening(outcome) || isWithin(outcome, window));
  const batch = toBatch(wanted, { from: new Date(0), to: now }, now);
  const usage = {
    repositoryId: repository.id,
    points: client.usage.points - before.points,
    requests: client.usage.graphqlRequests - before.graphqlRequests,
  };
  await db.transaction().execute(async (trx) => {
    await recordAccounts(trx, batch.observations);
    await upsertContributions(trx, 'github', batch.contributions);
    await insertMissingNumbers(trx, repository.id, missing, now);
    await addUsage(trx, [usage], now);
  });
  return { found: batch.kept, missing: missing.length };
}

/** An opening is kept whenever it was: it says what the number is, and closes the gap for good. */
function isOpening(outcome: Outcome): boolean {
  return 'kind' in outcome && (outcome.kind === 'PR_OPENED' || outcome.kind === 'ISSUE_OPENED');
}

function isWithin(outcome: Outcome, window: TimeWindow): boolean {
  return 'kind' in outcome && isInWindow(outcome.occurredAt, window);
}

/** From the first contribution on to the end of what is known: facts beyond are for the sources. */
async function readKnownWindow(db: Db, { id, dataUntil }: ActiveRepository) {
  const first = await readFirstWindowStart(db, id);
  return { from: first ?? new Date(0), to: dataUntil ?? new Date() };
}

/** Fills the gaps between the sources, where GitHub may be asked. */
export async function runMissingNumbers(context: Context): Promise<void> {
  if (!context.sources.includes('github')) return;
  await reconcile({ ...context, client: openGithub(context) });
}
