import { countJobsOfRun, readRunFacts } from '../db/queries/run-facts.ts';
import { readStages } from '../db/queries/run-log.ts';
import { findRun, finishRun, insertRun, type RunEnd } from '../db/queries/runs.ts';
import { endOfRun } from './domain/run.ts';
import { type Context, type ContextSettings, withContext } from './runtime/context.ts';
import { createJournal, type Journal } from './runtime/journal.ts';
import { reasonOf } from './runtime/main.ts';
import type { PipelineOptions } from './runtime/options.ts';
import {
  buildRunRecord,
  type CommandEnd,
  readEarlierRecord,
  recordPath,
  writeRunRecord,
} from './runtime/run-record.ts';
import { failedEnd, inStage, messageOf } from './runtime/stage.ts';
import { appendSummary, summaryPath } from './runtime/step-summary.ts';
import { buildFailureSummary } from './stages/report/failure-summary.ts';
import { EXIT } from './util/usage-error.ts';

/** Commands of several stages, each of which begins and ends itself. */
const WHOLE: readonly string[] = ['pipeline', 'start'];

/** Commands that begin a run of a workflow, or go on with the one that has begun. */
const BEGINNING: readonly string[] = ['preflight', 'discovery', 'calculate', 'recalculate'];
/** Commands that only go on with it. */
const JOINING: readonly string[] = ['scrape', 'enrich', 'report'];

/**
 * Does a command on an opened database, and leaves a record of it behind, however it ends: the log
 * beside the tables, and `run.json` and the summary for GitHub Actions. Returns the exit code.
 */
export async function runRecorded(
  command: string,
  options: PipelineOptions,
  signal: AbortSignal,
  work: (context: Context) => Promise<unknown>,
  settings: Pick<ContextSettings, 'goesOn' | 'checksFirst'> = {},
): Promise<number> {
  const record = openRecord();
  const journal = createJournal(command, {
    onStage: (at) => record({ status: 'RUNNING', facts: null }, at),
  });
  const end: { facts: CommandEnd['facts'] } = { facts: null };
  const run = async (context: Context) => {
    try {
      return await runJoined(context, command, work);
    } finally {
      const { runId } = journal;
      if (runId !== null) end.facts = await readRunFacts(context.db, runId).catch(() => null);
    }
  };
  try {
    const code = await withContext(options, signal, run, { ...settings, journal });
    record({ status: code === EXIT.failed ? 'FAILED' : 'COMPLETED', ...end }, journal);
    return typeof code === 'number' ? code : EXIT.done;
  } catch (error) {
    noteFailure(journal, reasonOf(error, signal));
    record({ status: 'FAILED', ...end }, journal);
    if (!journal.isSummarized) writeFailureSummary(journal);
    throw error;
  }
}

/** Writes the record where one is asked for. A record that can't be written fails nothing. */
function openRecord() {
  const path = recordPath();
  const before = path === null ? null : readEarlierRecord(path);
  return (end: CommandEnd, journal: Journal) => {
    if (path === null) return;
    try {
      writeRunRecord(path, before, buildRunRecord(journal, end));
    } catch (error) {
      process.emitWarning(`the record of the run could not be written: ${messageOf(error)}`);
    }
  };
}

/** What failed outside of all stages, such as the configuration, failed before the first. */
function noteFailure(journal: Journal, error: unknown): void {
  if (journal.stages.some(({ status }) => status === 'FAILED')) return;
  const first = WHOLE.includes(journal.command) ? 'preflight' : journal.command;
  const seconds = (Date.now() - journal.startedAt.getTime()) / 1000;
  journal.end(failedEnd(journal.stages.length > 0 ? 'end of the run' : first, seconds, error));
}

function writeFailureSummary(journal: Journal): void {
  const path = summaryPath();
  if (path !== null) appendSummary(path, buildFailureSummary(journal));
}

/**
 * In a workflow the commands of all jobs are one run, which `discovery` or `preflight` begins and
 * `report` ends; elsewhere a command by itself is no run.
 */
async function runJoined(
  context: Context,
  command: string,
  work: (context: Context) => Promise<unknown>,
): Promise<unknown> {
  if (WHOLE.includes(command)) return work(context);
  const runId = context.options.dryRun ? null : await joinRun(context, command);
  if (runId === null) return inStage(context, command, work);
  const log = context.log.child({ run: runId });
  await context.journal?.attach(context.db, runId);
  try {
    return await inStage({ ...context, log, runId }, command, work);
  } catch (error) {
    const end = { status: 'FAILED', errorMessage: messageOf(error), counts: {} } as const;
    // The failure itself is what is thrown.
    if (!context.signal.aborted) await finishRun(context.db, runId, end).catch(() => {});
    throw error;
  }
}

async function joinRun(context: Context, command: string): Promise<number | null> {
  const { db, sources, now, databaseProblem } = context;
  const externalId = externalIdOf(process.env);
  if (databaseProblem || externalId === null || ![...BEGINNING, ...JOINING].includes(command))
    return null;
  const found = await findRun(db, externalId);
  if (found !== null || JOINING.includes(command)) return found;
  return insertRun(db, sources, now, externalId);
}

/** The run of GitHub Actions; null anywhere else. */
export function externalIdOf({ GITHUB_ACTIONS, GITHUB_RUN_ID }: NodeJS.ProcessEnv): string | null {
  return GITHUB_ACTIONS === 'true' && GITHUB_RUN_ID ? `github:${GITHUB_RUN_ID}` : null;
}

/** The command `report`: writes the documents, and ends the run of the workflow. */
export async function runReportAlone(context: Context): Promise<number> {
  const { db, runId } = context;
  const { runReport } = await import('./stages/report/index.ts');
  if (runId !== undefined) await finishRun(db, runId, await readEnd(context, runId));
  const { unfit } = await runReport(context);
  return unfit === 0 ? EXIT.done : EXIT.failed;
}

/** How the run of a workflow ends, by its jobs and by how each stage ended last. */
async function readEnd({ db }: Context, runId: number): Promise<RunEnd> {
  const jobs = await countJobsOfRun(db, runId);
  const last = new Map((await readStages(db, runId)).map(({ stage, status }) => [stage, status]));
  const stages_failed = [...last.values()].filter((status) => status === 'FAILED').length;
  return endOfRun({ ...jobs, stages_failed });
}
