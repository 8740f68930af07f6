import { type RunRow, readRuns } from '../../../db/queries/report/operations.ts';
import {
  readPutAside,
  readRepositoriesOfRun,
  readRunCounts,
} from '../../../db/queries/run-facts.ts';
import {
  countRunLog,
  type RunLogRow,
  readRunLog,
  readStages,
} from '../../../db/queries/run-log.ts';
import { iso } from '../../domain/time.ts';
import { type Run, runSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import type { Redact } from './operations.ts';

/** Runs that have a document: those that the dashboard lists. */
const RUNS = 30;
/** Lines of the log of a run that are published, the last ones. */
const LINES = 2_000;
const PUT_ASIDE = 200;

/** Writes a document for each of the last runs. */
export async function writeRuns(report: Report, redact: Redact): Promise<void> {
  for (const run of await readRuns(report.db, RUNS)) {
    const document = buildRun(report, run, await readRun(report, run.id), redact);
    report.folder.write(documentPath('run', { id: run.id }), runSchema, document);
  }
}

async function readRun({ db }: Report, id: number) {
  return {
    counts: await readRunCounts(db, id),
    stages: await readStages(db, id),
    repositories: await readRepositoriesOfRun(db, id),
    putAside: await readPutAside(db, id, PUT_ASIDE),
    lines: await countRunLog(db, id),
    log: await readRunLog(db, id, LINES),
  };
}

function buildRun(
  { head }: Report,
  row: RunRow,
  rows: Awaited<ReturnType<typeof readRun>>,
  redact: Redact,
): Run {
  const redactIfAny = (text: string | null) => (text === null ? null : redact(text));
  return {
    ...head,
    ...row,
    started_at: row.started_at.toISOString(),
    finished_at: iso(row.finished_at),
    error_message: redactIfAny(row.error_message),
    counts: rows.counts,
    stages: rows.stages.map(({ stage, status, seconds, errorClass, message }) => ({
      stage,
      status,
      seconds,
      error_class: errorClass,
      message: redactIfAny(message),
    })),
    repositories: rows.repositories.map((one) => ({ ...one, message: redactIfAny(one.message) })),
    put_aside: rows.putAside.map(({ error_message, ...one }) => ({
      ...one,
      message: redact(error_message),
    })),
    log_lines: rows.lines,
    log: rows.log.map((line) => buildLine(line, redact)),
  };
}

function buildLine(
  { at, fields, message, ...line }: RunLogRow,
  redact: Redact,
): Run['log'][number] {
  const text = Object.keys(fields).length > 0 ? redact(JSON.stringify(fields)) : '';
  return { at: at.toISOString(), ...line, message: redact(message), fields: text };
}
