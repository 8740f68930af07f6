import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { RunFacts } from '../../db/queries/run-facts.ts';
import { adviceFor } from '../domain/error-class.ts';
import type { LogLine, StageEnd } from '../domain/run.ts';
import { toPrintable } from '../util/printable.ts';
import { withoutSecrets } from '../util/secrets.ts';
import type { Journal } from './journal.ts';
import { isActions } from './workflow-commands.ts';

/**
 * The record of a run for programs that report it: `run.json`. In GitHub Actions the commands of one
 * job write one record. It is written as soon as a stage begins or ends, so that a killed command
 * leaves one, too.
 */
const stageSchema = z.object({
  stage: z.string(),
  status: z.enum(['RUNNING', 'COMPLETED', 'FAILED']),
  seconds: z.number().nullable(),
  error_class: z.string().nullable(),
  message: z.string().nullable(),
});

const recordSchema = z.object({
  version: z.literal(1),
  /** The run and attempt of GitHub Actions. */
  workflow_run: z.string().nullable(),
  run_id: z.int().nullable(),
  commands: z.array(z.string()),
  status: z.enum(['RUNNING', 'COMPLETED', 'FAILED']),
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  failed_stage: z.string().nullable(),
  error_class: z.string().nullable(),
  stages: z.array(stageSchema),
  repositories: z.array(
    z.object({
      full_name: z.string(),
      status: z.string(),
      error_class: z.string().nullable(),
      message: z.string().nullable(),
      events: z.int().nullable(),
    }),
  ),
  counts: z.record(z.string(), z.number()),
  /** Sentences for a person, also of a good run. */
  warnings: z.array(z.string()),
  /** The last lines of the log of a failed run. */
  excerpt: z.string(),
  advice: z.array(z.string()),
});

export type RunRecord = z.infer<typeof recordSchema>;

/** How a command ended. */
export interface CommandEnd {
  readonly status: RunRecord['status'];
  readonly facts: RunFacts | null;
}

/** Lines of an excerpt, and characters of each. */
const EXCERPT = { lines: 60, characters: 500 };

/** Null: no record is asked for. */
export function recordPath(variables: NodeJS.ProcessEnv = process.env): string | null {
  return variables.RUN_RECORD?.trim() || (isActions() ? '.data/run.json' : null);
}

const workflowRun = ({ GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT = '1' }: NodeJS.ProcessEnv) =>
  GITHUB_RUN_ID ? `${GITHUB_RUN_ID}.${GITHUB_RUN_ATTEMPT}` : null;

/** Writes the record; one of an earlier command of the same job goes on in it. */
export function writeRunRecord(path: string, before: RunRecord | null, record: RunRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  const text = JSON.stringify(before ? joinRecords(before, record) : record, null, 1);
  // A reader meanwhile, or after a kill, finds a whole file.
  writeFileSync(`${path}.new`, `${text}\n`);
  renameSync(`${path}.new`, path);
}

/** The record of an earlier command of this job of GitHub Actions; else null. */
export function readEarlierRecord(path: string): RunRecord | null {
  const own = workflowRun(process.env);
  if (own === null || !existsSync(path)) return null;
  try {
    const record = recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    return record.workflow_run === own ? record : null;
  } catch {
    return null;
  }
}

export function buildRunRecord(journal: Journal, { status, facts }: CommandEnd): RunRecord {
  const failed = journal.stages.find((stage) => stage.status === 'FAILED');
  const repositories = facts?.repositories ?? [];
  return {
    version: 1,
    workflow_run: workflowRun(process.env),
    run_id: journal.runId,
    commands: [journal.command],
    status,
    started_at: journal.startedAt.toISOString(),
    finished_at: status === 'RUNNING' ? null : new Date().toISOString(),
    failed_stage: failed?.stage ?? null,
    error_class: failed?.errorClass ?? null,
    stages: [...journal.stages.map(toStage), ...stagesAtWork(journal)],
    repositories: repositories.map((row) => ({
      ...row,
      message: row.message && clean(row.message),
    })),
    counts: { ...facts?.counts },
    warnings: journal.warnings.map(clean),
    excerpt: status === 'FAILED' ? excerptOf(journal.lines, failed) : '',
    advice: status === 'FAILED' ? adviceFor(failedClasses(failed, repositories)) : [],
  };
}

const clean = (text: string) => toPrintable(withoutSecrets(text)).slice(0, EXCERPT.characters);

const toStage = ({ stage, status, seconds, errorClass, message }: StageEnd) => ({
  stage,
  status,
  seconds,
  error_class: errorClass,
  message: message && clean(message),
});

function stagesAtWork({ current }: Journal): RunRecord['stages'] {
  if (current === null) return [];
  const nothing = { seconds: null, error_class: null, message: null };
  return [{ stage: current, status: 'RUNNING', ...nothing }];
}

/** The last lines, and what went wrong at their end. */
function excerptOf(lines: readonly LogLine[], failed: StageEnd | undefined): string {
  const written = lines.map(({ at, level, stage, message, fields }) => {
    const error = typeof fields.error === 'string' ? `: ${fields.error}` : '';
    const place = stage === null ? '' : `${stage}: `;
    return `${at.toISOString().slice(11, 19)} ${level} ${place}${message}${error}`;
  });
  const end = failed ? [`${failed.stage}: ${failed.message}`] : [];
  return [...written, ...end]
    .flatMap((text) => text.split('\n'))
    .map(clean)
    .slice(-EXCERPT.lines)
    .join('\n');
}

/** Of the failed stage and of the repositories that failed. */
function failedClasses(failed: StageEnd | undefined, repositories: RunFacts['repositories']) {
  const ofRepositories = repositories
    .filter(({ status }) => status === 'FAILED')
    .map((row) => row.error_class ?? 'unknown');
  return [...(failed ? [failed.errorClass ?? 'unknown'] : []), ...ofRepositories];
}

/** Of two commands of one job, the later one knows more of the run; a failure stays. */
function joinRecords(before: RunRecord, after: RunRecord): RunRecord {
  const hasFailed = before.status === 'FAILED' || after.status === 'FAILED';
  return {
    ...after,
    run_id: after.run_id ?? before.run_id,
    commands: [...before.commands, ...after.commands],
    status: hasFailed ? 'FAILED' : after.status,
    started_at: before.started_at,
    failed_stage: before.failed_stage ?? after.failed_stage,
    error_class: before.error_class ?? after.error_class,
    stages: [...before.stages, ...after.stages],
    repositories: after.repositories.length > 0 ? after.repositories : before.repositories,
    counts: { ...before.counts, ...after.counts },
    warnings: [...new Set([...before.warnings, ...after.warnings])],
    excerpt: after.excerpt || before.excerpt,
    advice: [...new Set([...before.advice, ...after.advice])],
  };
}
