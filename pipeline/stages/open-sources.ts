import type { Db } from '../../db/client.ts';
import { isLostConnection } from '../../db/lost-connection.ts';
import { admitCall, recordFailure, recordSuccess } from '../../db/queries/breakers.ts';
import { readListPositions } from '../../db/queries/github-lists.ts';
import { countMade, readUnseenNumbers } from '../../db/queries/looks.ts';
import { findTrackedRepository } from '../../db/queries/repositories.ts';
import * as reservations from '../../db/queries/reservations.ts';
import { BreakerOpenError, type BreakerPolicy, countsAgainstSource } from '../domain/breaker.ts';
import { type BudgetLedger, describeWarning } from '../domain/budget.ts';
import { classifyError } from '../domain/error-class.ts';
import type { ReadSource, SourceBatch, SourceName, SourceRequest } from '../domain/source.ts';
import { type Context, DATA_FOLDER, wallClock } from '../runtime/context.ts';
import type { GithubMemory } from '../sources/github/fetch-repository.ts';
import { loadSource } from '../sources/registry.ts';
import type { SourceContext } from '../sources/source.ts';
import type { Log } from '../util/log.ts';

/** What the source `github` remembers, in the database. */
export function githubMemory(db: Db): GithubMemory {
  return {
    readPositions: (repositoryId) => readListPositions(db, repositoryId),
    readUnseenNumbers: (repositoryId, list) => readUnseenNumbers(db, repositoryId, list),
    countMade: (repositoryId, list, from, to) => countMade(db, repositoryId, list, from, to),
    findTracked: (owner, name) => findTrackedRepository(db, owner, name),
  };
}

/** The context of a source; its functions that need the database are bound here. */
export function sourceContext(context: Context, name: SourceName): SourceContext {
  const { environment, config, signal, db, log } = context;
  return {
    environment,
    config,
    signal,
    dataFolder: DATA_FOLDER,
    memory: githubMemory(db),
    ledger: openBudgetLedger(db, name, wallClock, log),
    wallClock,
  };
}

/** The sources of the run, each with its own circuit breaker. */
export async function openSources(
  context: Context,
): Promise<Partial<Record<SourceName, ReadSource>>> {
  const guard = breakerContextOf(context);
  const opened = context.sources.map(async (name) => {
    const source = await loadSource(name);
    return [
      name,
      withCircuitBreaker(name, source.open(sourceContext(context, name)), guard),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(opened));
}

function breakerContextOf({ db, config }: Context): CircuitBreakerContext {
  const { failures, reset_seconds: resetSeconds } = config.pipeline.circuit_breaker;
  return { db, policy: { failures, resetMs: resetSeconds * 1000 }, clock: wallClock };
}

/** The budget of a source that costs money, stored in the database. A warning goes to the log. */
export function openBudgetLedger(
  db: Db,
  source: string,
  clock: () => Date,
  log: Log,
): BudgetLedger {
  return {
    async reserve(request) {
      const result = await reservations.reserve(db, source, request, clock());
      if (result.warning) log.warn({ ...result.warning }, describeWarning(result.warning));
      return result;
    },
    settle: (id, usage) => reservations.settle(db, id, usage, clock()),
    release: (id, reason) => reservations.release(db, id, reason, clock()),
    extendLease: (id, until) => reservations.extendLease(db, id, until),
    readSettledQuery: (jobId, idPrefix) =>
      reservations.readSettledQuery(db, jobId, idPrefix, clock()),
    readExpired: () => reservations.readExpired(db, source, clock()),
  };
}

export interface CircuitBreakerContext {
  readonly db: Db;
  readonly policy: BreakerPolicy;
  /** The real time, because an open circuit does not follow the clock of the run. */
  readonly clock: () => Date;
}

/** Adds a circuit breaker to a source. Throws `BreakerOpenError` while the circuit is open. */
export function withCircuitBreaker(
  source: SourceName,
  read: ReadSource,
  { db, policy, clock }: CircuitBreakerContext,
): ReadSource {
  /** Repositories whose failure is counted already: what concerns one alone opens no circuit. */
  const counted = new Set<number>();
  return async function* guarded(request: SourceRequest): AsyncGenerator<SourceBatch> {
    const admission = await admitCall(db, source, policy, clock());
    if (!admission.isAdmitted) throw new BreakerOpenError(source, admission.retryAt);
    try {
      yield* read(request);
    } catch (error) {
      // Neither a stopped run nor a lost database is a failure of the source.
      if (!request.signal.aborted && !isLostConnection(error)) await note(error, request);
      throw error;
    }
    await succeed();
  };

  async function succeed(): Promise<void> {
    counted.clear();
    await recordSuccess(db, source, clock());
  }

  async function note(error: unknown, { repositories: [first, ...others] }: SourceRequest) {
    const alone = others.length === 0 ? first?.id : undefined;
    const isOfItem = alone !== undefined && concernsItem(error);
    if (isOfItem || !countsAgainstSource(classifyError(error))) return succeed();
    if (alone !== undefined && counted.has(alone)) return;
    if (alone !== undefined) counted.add(alone);
    await recordFailure(db, source, policy, clock(), opensBreaker(error));
  }
}

/** The source has answered, and the answer, about one repository, can't be used. */
function concernsItem(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'ZodError' || at.name === 'UnexpectedAnswerError') return true;
  }
  return false;
}

/** Some errors of sources state that the failure will last. */
function opensBreaker(error: unknown): boolean {
  return (error as { opensBreaker?: unknown } | null)?.opensBreaker === true;
}
