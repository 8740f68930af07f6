import { countRefusedOfLastRun } from '../db/queries/jobs.ts';
import { endInterruptedRuns, finishRun, insertRun } from '../db/queries/runs.ts';
import type { Context } from './runtime/context.ts';
import { calculate } from './stages/calculate/index.ts';
import { runDiscovery } from './stages/discovery/index.ts';
import { runEnrich } from './stages/enrich/index.ts';
import { runMissingNumbers } from './stages/missing-numbers/index.ts';
import { runPreflight } from './stages/preflight/index.ts';
import { runReport } from './stages/report/index.ts';
import { runScrape } from './stages/scrape/index.ts';
import { EXIT } from './util/usage-error.ts';

/** All stages in order. Returns the exit code: failed jobs fail the run, after the rest is published. */
export async function runPipeline(context: Context): Promise<number> {
  const { db, log } = context;
  await runPreflight(context);
  const interrupted = await endInterruptedRuns(db, { isAlone: context.isEmbedded });
  if (interrupted.length > 0) log.warn({ runs: interrupted }, 'runs were interrupted before');
  const runId = await insertRun(db, context.sources, context.now);
  try {
    const counts = await runStages(context, runId);
    await finishRun(db, runId, endOf(counts));
    const { unfit } = await runReport(context);
    const all = { ...counts, documents_unfit: unfit };
    const end = endOf(all);
    // The documents show the run: its end was stored before they were made.
    if (unfit > 0) await finishRun(db, runId, end);
    const isWhole = end.status === 'COMPLETED';
    log.info({ run: runId, ...all }, isWhole ? 'run completed' : 'run failed: see the jobs');
    return isWhole ? EXIT.done : EXIT.failed;
  } catch (error) {
    await noteFailure(context, runId, error);
    throw error;
  }
}

interface RunCounts {
  readonly jobs_failed: number;
  readonly stages_failed: number;
  readonly documents_unfit?: number;
}

function endOf(counts: RunCounts) {
  const { jobs_failed, stages_failed, documents_unfit = 0 } = counts;
  const isWhole = jobs_failed + stages_failed + documents_unfit === 0;
  const unfit = documents_unfit > 0 ? `; ${documents_unfit} documents are not published` : '';
  return {
    status: isWhole ? 'COMPLETED' : 'FAILED',
    errorMessage: isWhole ? null : `${jobs_failed} jobs and ${stages_failed} stages failed${unfit}`,
    counts: { ...counts },
  } as const;
}

/** What failed may well be the database: that it can't take this either hides nothing. */
async function noteFailure({ db, log }: Context, runId: number, error: unknown): Promise<void> {
  const errorMessage = error instanceof Error ? error.message : String(error);
  try {
    await finishRun(db, runId, { status: 'FAILED', errorMessage, counts: {} });
  } catch (err) {
    log.error({ run: runId, err }, 'the end of the run could not be noted');
  }
}

async function runStages(context: Context, runId: number) {
  const jobs = await runDiscovery(context, runId);
  const scraped = await runScrape(context);
  const completed = await tryStage(context, 'missing-numbers', runMissingNumbers);
  const boards = await calculate(context);
  const enriched = await tryStage(context, 'enrich', runEnrich);
  return {
    jobs_queued: jobs.length,
    jobs_completed: scraped.completed,
    jobs_failed: scraped.failed,
    items_refused: await countRefusedOfLastRun(context.db),
    stages_failed: [completed, enriched].filter((isDone) => !isDone).length,
    global_entries: boards.globalEntries,
  };
}

/** What only adds to the numbers keeps nothing else from being published when it fails. */
async function tryStage(
  context: Context,
  stage: string,
  run: (context: Context) => Promise<void>,
): Promise<boolean> {
  try {
    await run(context);
    return true;
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.error({ stage, err: error }, `${stage} failed: the rest of the run goes on`);
    return false;
  }
}
