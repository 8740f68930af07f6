import {
  type ErrorRow,
  type JobRow,
  type RunRow,
  readErrorClasses,
  readErrors,
  readJobs,
  readRuns,
  readStats,
  readUsage,
} from '../../../db/queries/report/operations.ts';
import { errorTraits } from '../../domain/error-class.ts';
import { toStoredText } from '../../domain/stored-value.ts';
import { iso } from '../../domain/time.ts';
import {
  type Errors,
  errorsSchema,
  type Jobs,
  jobsSchema,
  type Stats,
  statsSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { toPrintable } from '../../util/printable.ts';
import { withoutSecrets } from '../../util/secrets.ts';
import type { Report } from './context.ts';
import { writeTrends } from './trends.ts';

/** The length of each list: enough for an operator at a glance, and a little more. */
const RUNS = 30;
const JOBS = 200;
const ERRORS = 200;

/** Writes the documents for an operator: totals, the last runs, jobs, failures and trends. */
export async function writeOperations(report: Report, redact: Redact): Promise<void> {
  await writeStats(report, redact);
  await writeJobs(report, redact);
  await writeErrors(report, redact);
  await writeTrends(report);
}

async function writeStats({ db, now, head, folder }: Report, redact: Redact): Promise<void> {
  const runs = await readRuns(db, RUNS);
  const document: Stats = {
    ...head,
    ...(await readStats(db, now)),
    runs: runs.map((run) => buildRun(run, redact)),
    github_usage: await readUsage(db),
  };
  folder.write(documentPath('stats'), statsSchema, document);
}

function buildRun(row: RunRow, redact: Redact): Stats['runs'][number] {
  return {
    ...row,
    started_at: row.started_at.toISOString(),
    finished_at: iso(row.finished_at),
    error_message: redactIfAny(row.error_message, redact),
  };
}

async function writeJobs({ db, head, folder }: Report, redact: Redact): Promise<void> {
  const rows = await readJobs(db, JOBS);
  const document: Jobs = { ...head, jobs: rows.map((row) => buildJob(row, redact)) };
  folder.write(documentPath('jobs'), jobsSchema, document);
}

function buildJob(row: JobRow, redact: Redact): Jobs['jobs'][number] {
  return {
    ...row,
    window_from: row.window_from.toISOString(),
    window_to: row.window_to.toISOString(),
    error_message: redactIfAny(row.error_message, redact),
    skipped: row.skipped ?? {},
    noticed: row.noticed ?? {},
    started_at: iso(row.started_at),
    finished_at: iso(row.finished_at),
  };
}

async function writeErrors({ db, head, folder }: Report, redact: Redact): Promise<void> {
  const rows = await readErrors(db, ERRORS);
  const classes = (await readErrorClasses(db)).map(({ last_at, ...counted }) => ({
    ...counted,
    ...errorTraits(counted.error_class),
    last_at: last_at.toISOString(),
  }));
  const errors = rows.map((row) => buildError(row, redact));
  const document: Errors = { ...head, classes, errors };
  folder.write(documentPath('errors'), errorsSchema, document);
}

function buildError(row: ErrorRow, redact: Redact): Errors['errors'][number] {
  const { created_at, error_message, ...fields } = row;
  return { ...fields, at: created_at.toISOString(), message: redact(error_message) };
}

function redactIfAny(message: string | null, redact: Redact): string | null {
  return message === null ? null : redact(message);
}

/** Longest published message, in characters: enough to see the failure. */
const LONGEST_MESSAGE = 500;

/** Private texts that may occur in a message: e-mail addresses. */
const PRIVATE: readonly RegExp[] = [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g];

export type Redact = (message: string) => string;

/**
 * Makes messages safe to publish: secrets, e-mail addresses and the given logins (of people who
 * opted out) are removed, what can't be seen is shown as `U+200B`, and the length is limited.
 */
export function createRedact(logins: readonly string[]): Redact {
  const names = logins.map((login) => login.replace(/[^\w-]/g, '\\$&'));
  const patterns = [...PRIVATE];
  if (names.length > 0) {
    patterns.push(new RegExp(`(?<![\\w-])(?:${names.join('|')})(?![\\w-])`, 'gi'));
  }
  const hide = (text: string) =>
    patterns.reduce((rest, pattern) => rest.replace(pattern, '…'), text);
  return (message) => {
    // Twice: a character that can't be seen may end a name, or hide an address.
    const visible = hide(toPrintable(hide(withoutSecrets(message))));
    return toStoredText(visible, LONGEST_MESSAGE);
  };
}
