import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertRun } from '../../db/queries/runs.ts';
import { createLog } from '../../pipeline/runtime/log.ts';
import { archiveEvent, push } from '../support/archive-events.ts';
import { type PipelineRun, runOnArchive, writeHourFiles } from '../support/pipeline.ts';

/** How runs end that fail between their stages. */

let folder: string;
let run: PipelineRun;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-ends-'));
  writeHourFiles(folder, [
    archiveEvent({ created_at: '2026-01-01T00:30:00Z', ...push('refs/heads/main', []) }),
  ]);
  run = await runOnArchive({
    archiveUrl: pathToFileURL(`${folder}/`).href,
    repositories: ['acme/tool'],
    now: '2026-01-01T01:00:00Z',
    files: { 'pipeline.yaml': 'window_years: 1\n' },
    options: { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-01-01T01:00:00Z') },
  });
});
afterAll(async () => {
  await run.close();
  rmSync(folder, { recursive: true, force: true });
});

const untracked = { repositories: ['acme/other'] };
const lastRun = () =>
  run.db
    .selectFrom('pipeline_runs')
    .select(['status', 'error_message'])
    .orderBy('id', 'desc')
    .executeTakeFirst();

it('notes what went wrong, and throws it', async () => {
  expect(run.code).toBe(0);
  expect(await lastRun()).toEqual({ status: 'COMPLETED', error_message: null });
  await expect(run.again({ options: untracked })).rejects.toThrow('--repo acme/other');
  expect(await lastRun()).toMatchObject({
    status: 'FAILED',
    error_message: expect.stringContaining('--repo acme/other'),
  });
});

it('fails the run before it that was killed', async () => {
  const killed = await insertRun(run.db, ['gharchive'], new Date());
  expect(await run.again()).toBe(0);
  const rows = await run.db
    .selectFrom('pipeline_runs')
    .select(['status', 'error_message'])
    .where('id', '>=', killed)
    .orderBy('id')
    .execute();
  expect(rows).toEqual([
    { status: 'FAILED', error_message: 'interrupted' },
    { status: 'COMPLETED', error_message: null },
  ]);
});

it.each([
  ['a later month', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', '672 hours'],
  ['an hour before the first', '2025-12-31T23:00:00Z', '2026-01-01T00:00:00Z', '1 hour'],
])('fails, and says which hours there are, where %s is asked for', async (_, from, to, asked) => {
  const lines: string[] = [];
  const log = createLog('json', { destination: { write: (line) => lines.push(line) } });
  const options = { from: new Date(from), to: new Date(to) };
  expect(await run.again({ now: '2026-04-01T00:00:00Z', options, log })).toBe(1);
  const said = lines.join('');
  expect(said).toContain(`no file of the ${asked} from ${from}`);
  expect(said).toContain('it holds 1 hour from 2026-01-01T00:00:00Z to 2026-01-01T01:00:00Z; give');
  expect(await lastRun()).toMatchObject({ status: 'FAILED' });
});

it('throws what went wrong first where not even that can be noted', async () => {
  await sql`ALTER TABLE pipeline_runs ADD CONSTRAINT none_fails CHECK (status <> 'FAILED') NOT VALID`.execute(
    run.db,
  );
  const lines: string[] = [];
  const log = createLog('json', { destination: { write: (line) => lines.push(line) } });
  await expect(run.again({ options: untracked, log })).rejects.toThrow('--repo acme/other');
  expect(lines.join('')).toMatch(/"level":50.*none_fails.*the end of the run could not be noted/);
});
