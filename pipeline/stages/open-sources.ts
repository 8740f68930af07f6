import { readGithubCommitIds } from '../../db/queries/contributions.ts';
import { readListPositions } from '../../db/queries/github-lists.ts';
import type { ReadSource, SourceName } from '../domain/source.ts';
import { type Context, DATA_FOLDER, wallClock } from '../runtime/context.ts';
import { loadSource } from '../sources/registry.ts';
import type { SourceContext } from '../sources/source.ts';
import { openBudgetLedger } from './backfill/budget-ledger.ts';
import { type CircuitBreakerContext, withCircuitBreaker } from './scrape/with-circuit-breaker.ts';

/** The context of a source; its functions that need the database are bound here. */
export function sourceContext(context: Context, name: SourceName): SourceContext {
  const { environment, config, signal, db, log } = context;
  return {
    environment,
    config,
    signal,
    dataFolder: DATA_FOLDER,
    memory: {
      readPositions: (repositoryId) => readListPositions(db, repositoryId),
      readCommitIds: (repositoryId, from) => readGithubCommitIds(db, repositoryId, from),
    },
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
