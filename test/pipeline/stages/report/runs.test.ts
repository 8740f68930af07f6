import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { insertRunLog } from '../../../../db/queries/run-log.ts';
import { finishRun, insertRun } from '../../../../db/queries/runs.ts';
import type { LogLine } from '../../../../pipeline/domain/run.ts';
import { type Run, runSchema } from '../../../../pipeline/published/documents.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { addRepository, addUser, configOf, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { readTexts } from '../../../support/read-documents.ts';

const line = (message: string, more: Partial<LogLine> = {}): LogLine => ({
  at: NOW,
  level: 'info',
  stage: 'scrape',
  jobId: null,
  message,
  fields: {},
  ...more,
});

describeOnDatabases('the documents of runs', (database) => {
  let out: string;
  beforeEach(async () => {
    await emptyTables(database.db);
    out = mkdtempSync(join(tmpdir(), 'runs-'));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  const published = async () => {
    const config = configOf({});
    await report({ db: database.db, config, now: NOW, log: quiet, out, sample: false });
    return readTexts(join(out, 'api', 'v1'));
  };
  const runOf = (texts: Map<string, string>, id: number): Run =>
    runSchema.parse(JSON.parse(texts.get(`runs/${id}.json`) ?? 'null'));

  async function addRun(names: readonly string[] = ['b']) {
    const { db } = database;
    const repositoryIds: number[] = [];
    for (const name of names) repositoryIds.push(await addRepository(db, 'a', name));
    const runId = await insertRun(db, ['github'], NOW);
    const { id } = await db
      .insertInto('scrape_jobs')
      .values({
        run_id: runId,
        source: 'github',
        job_type: 'full',
        status: 'FAILED',
        repository_ids: repositoryIds,
        window_from: new Date(0),
        window_to: NOW,
        events_processed: 12,
        contributions_kept: 7,
        error_class: 'timeout',
        error_message: 'slow',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const letter = { source: 'github', error_class: 'timeout', error_message: 'slow' };
    await db
      .insertInto('dead_letters')
      .values({ ...letter, job_id: id, payload: '{}' })
      .execute();
    const counts = { jobs_failed: 1 };
    await finishRun(db, runId, { status: 'FAILED', errorMessage: '1 job failed', counts });
    return { runId, jobId: id };
  }

  it('show stages, repositories, what was put aside, and the log', async () => {
    const { runId, jobId } = await addRun();
    await insertRunLog(database.db, runId, [
      line('job failed', { level: 'warn', jobId, fields: { repository: 'a/b' } }),
      line('done in 2.5 s', { fields: { ended: 'COMPLETED', seconds: 2.5 } }),
      line('documents published', { stage: 'report' }),
    ]);
    expect(runOf(await published(), runId)).toMatchObject({
      status: 'FAILED',
      error_message: '1 job failed',
      counts: { jobs_failed: 1 },
      stages: [{ stage: 'scrape', status: 'COMPLETED', seconds: 2.5 }],
      repositories: [{ full_name: 'a/b', status: 'FAILED', events: 12, kept: 7, message: 'slow' }],
      put_aside: [{ source: 'github', error_class: 'timeout', message: 'slow', job_id: jobId }],
      log_lines: 2,
      log: [
        { level: 'warn', message: 'job failed', job_id: jobId, fields: '{"repository":"a/b"}' },
        { level: 'info', message: 'done in 2.5 s' },
      ],
    });
  });

  it('claim no numbers for one of several repositories that a job read at once', async () => {
    const { runId } = await addRun(['b', 'c']);
    expect(runOf(await published(), runId).repositories).toMatchObject([
      { full_name: 'a/b', events: null, kept: null },
      { full_name: 'a/c', events: null, kept: null },
    ]);
  });

  it('call a repository incomplete that its source does not show, and name lists and items', async () => {
    const { db } = database;
    const { runId, jobId } = await addRun();
    await db.updateTable('scrape_jobs').set({ status: 'COMPLETED' }).execute();
    await db.deleteFrom('dead_letters').execute();
    const refused = { source: 'github', error_class: 'refused', job_id: jobId };
    const list = { list: 'review_comments', repository_id: 1 };
    const item = { contribution: { repositoryId: 1, eventId: 'pr:12:opened' } };
    for (const [error_message, payload] of [
      ['switched off', list],
      ['too long', item],
    ] as const) {
      await db
        .insertInto('dead_letters')
        .values({ ...refused, error_message, payload: JSON.stringify(payload) })
        .execute();
    }
    const before = runOf(await published(), runId);
    expect(before.repositories).toMatchObject([{ status: 'COMPLETED', message: null }]);
    expect(before.put_aside).toMatchObject([
      { repository: 'a/b', part: 'pr:12:opened', message: 'too long' },
      { repository: 'a/b', part: 'review comments', message: 'switched off' },
    ]);
    await db
      .insertInto('dead_letters')
      .values({ ...refused, error_message: 'by its owner', payload: '{"repository_id": 1}' })
      .execute();
    expect(runOf(await published(), runId)).toMatchObject({
      repositories: [{ status: 'INCOMPLETE', error_class: 'refused', message: 'by its owner' }],
      put_aside: [{ repository: 'a/b', part: null }, {}, {}],
    });
  });

  it('hold the last lines, without anybody who opted out', async () => {
    const { db } = database;
    const { runId } = await addRun();
    await addUser(db, 5, 'gone-person');
    await db.updateTable('github_users').set({ is_opted_out: true }).execute();
    const lines = Array.from({ length: 2_010 }, (_, index) => line(`line ${index}`));
    const last = line('of gone-person, me@example.org', { fields: { login: 'gone-person' } });
    await insertRunLog(db, runId, [...lines, last]);
    const { log, log_lines } = runOf(await published(), runId);
    expect([log.length, log_lines]).toEqual([2_000, 2_011]);
    expect(log[0]?.message).toBe('line 11');
    expect(log.at(-1)).toMatchObject({ message: 'of …, …', fields: '{"login":"…"}' });
  });

  it('are the same for the same tables, also the metrics', async () => {
    const { runId } = await addRun();
    await insertRunLog(database.db, runId, [
      line('done in 2.5 s', { fields: { ended: 'COMPLETED', seconds: 2.5 } }),
      line('done in 1.5 s', { fields: { ended: 'COMPLETED', seconds: 1.5 } }),
    ]);
    const first = await published();
    // What the stage itself logs changes no document.
    await insertRunLog(database.db, runId, [line('documents published', { stage: 'report' })]);
    expect(await published()).toEqual(first);
    const metrics = first.get('metrics.prom') ?? '';
    expect(metrics).toContain('\nleaderboard_run_success 0\n');
    expect(metrics).toContain('\nleaderboard_stage_duration_seconds{stage="scrape"} 4\n');
    expect(metrics).toContain('\nleaderboard_events{source="github",status="FAILED"} 12\n');
    expect(metrics).toContain('\nleaderboard_errors{source="github",error_class="timeout"} 1\n');
    expect(metrics).toContain('\nleaderboard_runs{status="FAILED"} 1\n');
  });
});
