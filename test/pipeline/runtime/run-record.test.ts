import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StageEnd } from '../../../pipeline/domain/run.ts';
import { createJournal } from '../../../pipeline/runtime/journal.ts';
import {
  buildRunRecord,
  readEarlierRecord,
  recordPath,
  writeRunRecord,
} from '../../../pipeline/runtime/run-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
  vi.stubEnv('GITHUB_RUN_ID', '');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const end = (stage: string, failure?: string): StageEnd => ({
  stage,
  status: failure === undefined ? 'COMPLETED' : 'FAILED',
  seconds: 1.5,
  errorClass: failure === undefined ? null : 'timeout',
  message: failure ?? null,
});

function journalOf(command: string, ends: readonly StageEnd[], lines = 0) {
  const journal = createJournal(command);
  for (const one of ends) journal.end(one);
  for (let count = 0; count < lines; count += 1) {
    const text = `line ${count}${'x'.repeat(1_000)}`;
    const rest = { stage: null, jobId: null, fields: {} };
    journal.note({ at: new Date(0), level: 'info', message: text, ...rest });
  }
  return journal;
}

it('is written where it is asked for, and in Actions', () => {
  expect(recordPath({})).toBeNull();
  expect(recordPath({ RUN_RECORD: ' x/run.json ' })).toBe('x/run.json');
  vi.stubEnv('GITHUB_ACTIONS', 'true');
  expect(recordPath({})).toBe('.data/run.json');
});

it('names the stage that failed, the repositories, an excerpt, and what to do', () => {
  const journal = journalOf('pipeline', [end('scrape'), end('calculate', 'too slow')], 100);
  const row = { status: 'FAILED', events: 1, kept: 1, error_class: 'not_found' } as const;
  const repositories = [{ full_name: 'a/b', message: 'gone', ...row }];
  const facts = { repositories, counts: { jobs_failed: 1 } };
  const record = buildRunRecord(journal, { status: 'FAILED', facts });
  expect(record).toMatchObject({
    version: 1,
    commands: ['pipeline'],
    status: 'FAILED',
    failed_stage: 'calculate',
    error_class: 'timeout',
    stages: [{ stage: 'scrape' }, { stage: 'calculate', status: 'FAILED', message: 'too slow' }],
    repositories: [{ full_name: 'a/b', status: 'FAILED', error_class: 'not_found' }],
    counts: { jobs_failed: 1 },
    advice: [expect.stringMatching(/too long/), expect.stringMatching(/gone or private/)],
  });
  const excerpt = record.excerpt.split('\n');
  expect(excerpt).toHaveLength(60);
  expect(excerpt.at(-1)).toBe('calculate: too slow');
  expect(Math.max(...excerpt.map((text) => text.length))).toBe(500);
});

it('holds no secret', () => {
  vi.stubEnv('DATABASE_URL', 'postgres://app:s%40sam-of-run@db/x');
  const journal = journalOf('pipeline', [end('preflight', 'refused: s@sam-of-run')]);
  journal.warnings.push('app:s%40sam-of-run');
  const text = JSON.stringify(buildRunRecord(journal, { status: 'FAILED', facts: null }));
  expect(text).not.toMatch(/sam-of-run/);
});

it('shows the stage at work, so that a killed command has one, too', () => {
  const journal = journalOf('pipeline', [end('discovery')]);
  journal.begin('scrape');
  const { stages, finished_at } = buildRunRecord(journal, { status: 'RUNNING', facts: null });
  expect(stages.at(-1)).toMatchObject({ stage: 'scrape', status: 'RUNNING' });
  expect(finished_at).toBeNull();
});

it('goes on in the record of an earlier command of the same workflow run', () => {
  const path = join(folder, 'deep', 'run.json');
  const write = (command: string, ends: readonly StageEnd[]) => {
    const failed = ends.some(({ status }) => status === 'FAILED');
    const status = failed ? 'FAILED' : 'COMPLETED';
    const record = buildRunRecord(journalOf(command, ends), { status, facts: null });
    writeRunRecord(path, readEarlierRecord(path), record);
    return JSON.parse(readFileSync(path, 'utf8'));
  };
  vi.stubEnv('GITHUB_RUN_ID', '77');
  write('calculate', [end('calculate', 'slow')]);
  expect(write('report', [end('report')])).toMatchObject({
    workflow_run: '77.1',
    commands: ['calculate', 'report'],
    status: 'FAILED',
    failed_stage: 'calculate',
    stages: [{ stage: 'calculate' }, { stage: 'report' }],
  });
  vi.stubEnv('GITHUB_RUN_ATTEMPT', '2');
  expect(write('report', [end('report')])).toMatchObject({ commands: ['report'] });
});
