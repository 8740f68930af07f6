import { withReconnects } from '../db/lost-connection.ts';
import { countRefusedOfLastRun } from '../db/queries/jobs.ts';
import { countJobsOfRun } from '../db/queries/run-facts.ts';
import {
  endInterruptedRuns,
  findRun,
  finishRun,
  insertRun,
  type RunEnd,
} from '../db/queries/runs.ts';
import { endOfRun, LAST_STAGE } from './domain/run.ts';
import { externalIdOf } from './recorded-run.ts';
import type { Context } from './runtime/context.ts';
import { untilUnexpected } from './runtime/main.ts';
import { withRunLock } from './runtime/run-lock.ts';
import { inStage } from './runtime/stage.ts';
import { type CalculateResult, calculate } from './stages/calculate/index.ts';
import { runDiscovery } from './stages/discovery/index.ts';
import { runEnrich } from './stages/enrich/index.ts';
import { runMissingNumbers } from './stages/missing-numbers/index.ts';
import { closeMonths } from './stages/months/index.ts';
import { runPreflight } from './stages/preflight/index.ts';
import { runReport } from './stages/report/index.ts';
import { closePastMonths, writePastRanks } from './stages/sample-past/index.ts';
import { writePastRuns } from './stages/sample-past/runs.ts';
import { runScrape } from './stages/scrape/index.ts';
import { agreeToStartOver, startOver } from './stages/start-over/index.ts';
import { EXIT } from './util/usage-error.ts';

/**
 * All stages in order. Returns the exit code: failed jobs fail the run, after the rest is published.
 * With `--skip-scraping`, repositories are not read; in a workflow, other jobs of its run have done
 * that, and this ends the run that they began.
 */
export async function runPipeline(context: Context): Promise<number> {
  // Without its database, all that the run can do is to say what else is wrong.
  if (!context.databaseProblem) await agreeToStartOver(context);
  await stage(context, 'preflight', runPreflight);
  return withRunLock(context, true, runLocked);
}

async function runLocked(context: Context): Promise<number> {
  const { log } = context;
  await startOver(context);
  if (context.isSample) await writePastRuns(context);
  const runId = await startRun(context);
  return runNoted({ ...context, log: log.child({ run: runId }) }, runId);
}

/** The stages of a run whose start is stored. */
async function runNoted(context: Context, runId: number): Promise<number> {
  await context.journal?.attach(context.db, runId);
  try {
    const counts = await Promise.race([runStages(context, runId), untilUnexpected(context.signal)]);
    await endRun(context, runId, endOfRun(counts));
    const { unfit } = await stage(context, 'report', runReport);
    const all = { ...counts, documents_unfit: unfit };
    const end = endOfRun(all);
    // The documents show the run: its end was stored before they were made.
    if (unfit > 0) await endRun(context, runId, end);
    const isWhole = end.status === 'COMPLETED';
    const log = context.log.child({ stage: LAST_STAGE });
    log.info({ ...all, ended: 'run' }, isWhole ? 'run completed' : 'run failed: see the jobs');
    return isWhole ? EXIT.done : EXIT.failed;
  } catch (error) {
    await noteFailure(context, runId, error);
    throw error;
  }
}

/**
 * Stores that this run starts, and ends those before it that were killed. If the connection is lost
 * after the run is stored and before its id arrives, it is stored twice: the first is ended as one
 * that was interrupted.
 */
async function startRun(context: Context): Promise<number> {
  const { db, log, sources, now, isEmbedded } = context;
  const interrupted = await withReconnects('interrupted runs', context, () =>
    endInterruptedRuns(db, { isAlone: isEmbedded }),
  );
  if (interrupted.length > 0) log.warn({ runs: interrupted }, 'runs were interrupted before');
  const externalId = externalIdOf(process.env);
  return withReconnects('start of the run', context, async () => {
    const goesOn = context.options.skipScraping === true && externalId !== null;
    const begun = goesOn ? await findRun(db, externalId) : null;
    return begun ?? insertRun(db, sources, now, externalId);
  });
}

function endRun(context: Context, runId: number, end: RunEnd): Promise<void> {
  return withReconnects('end of the run', context, () => finishRun(context.db, runId, end));
}

/** What failed may well be the database: that it can't take this either hides nothing. */
async function noteFailure(context: Context, runId: number, error: unknown): Promise<void> {
  const errorMessage = error instanceof Error ? error.message : String(error);
  try {
    await endRun(context, runId, { status: 'FAILED', errorMessage, counts: {} });
  } catch (err) {
    context.log.error({ err }, 'the end of the run could not be noted');
  }
}

async function runStages(context: Context, runId: number) {
  const scraped = context.options.skipScraping
    ? await withReconnects('counts', context, () => countJobsOfRun(context.db, runId))
    : await readAll(context, runId);
  const putAside = await tryStage(context, 'missing-numbers', runMissingNumbers);
  const boards = await stage(context, 'calculate', runCalculate);
  const enriched = await tryStage(context, 'enrich', runEnrich);
  return {
    ...scraped,
    items_refused: scraped.items_refused + (putAside ?? 0),
    stages_failed: [putAside, enriched].filter((result) => result === null).length,
    global_entries: boards.globalEntries,
  };
}

/** Brings the boards up to date, and closes the months that are over. */
async function runCalculate(context: Context): Promise<CalculateResult> {
  if (context.isSample) await writePastRanks(context);
  const result = await calculate(context);
  if (context.isSample) await closePastMonths(context);
  await closeMonths(context);
  return result;
}

/** Fills the queue and works it off. */
async function readAll(context: Context, runId: number) {
  const { jobs, plansFailed } = await stage(context, 'discovery', (at) => runDiscovery(at, runId));
  const scraped = await inStage(context, 'scrape', runScrape, { showsProgress: true });
  const refused = await withReconnects('counts', context, () => countRefusedOfLastRun(context.db));
  return {
    jobs_queued: jobs.length,
    jobs_completed: scraped.completed,
    jobs_failed: scraped.failed + plansFailed,
    items_refused: refused,
    ...(scraped.left && { jobs_left: scraped.left }),
  };
}

/** A stage that is done again from its start when the connection to the database is lost. */
function stage<T>(
  context: Context,
  name: string,
  run: (context: Context) => Promise<T>,
): Promise<T> {
  return inStage(context, name, (at) => withReconnects(name, at, () => run(at)));
}

/**
 * What only adds to the numbers keeps nothing else from being published when it fails. Returns its
 * result, null if it failed, and undefined if the time is up before its end.
 */
async function tryStage<T>(
  context: Context,
  name: string,
  run: (context: Context) => Promise<T>,
): Promise<T | null | undefined> {
  const { timeLimit } = context;
  if (timeLimit?.isOver()) {
    context.log.warn({ stage: name }, `${name} is left to a later run, as the time is up`);
    return undefined;
  }
  const signal = timeLimit ? AbortSignal.any([context.signal, timeLimit.signal]) : context.signal;
  try {
    return await stage({ ...context, signal }, name, run);
  } catch (error) {
    context.signal.throwIfAborted();
    if (timeLimit?.signal.aborted) return undefined;
    context.log.error({ err: error }, `${name} failed: the rest of the run goes on`);
    return null;
  }
}
