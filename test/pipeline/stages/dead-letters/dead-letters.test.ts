import { beforeEach, expect, it, vi } from 'vitest';
import { insertDeadLetters } from '../../../../db/queries/dead-letters.ts';
import { claimJob, insertJobs } from '../../../../db/queries/job-queue.ts';
import { failJob } from '../../../../db/queries/jobs.ts';
import { type Contribution, eventIds } from '../../../../pipeline/domain/contribution.ts';
import { createLog } from '../../../../pipeline/runtime/log.ts';
import {
  type LetterRequest,
  runDeadLetters,
} from '../../../../pipeline/stages/dead-letters/index.ts';
import { saveAcceptableItems } from '../../../../pipeline/stages/scrape/save-contributions.ts';
import { addRepository, ago } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const merge = (number: number): Contribution => ({
  repositoryId: 1,
  eventId: eventIds.pullRequestMerged(number),
  kind: 'PR_MERGED',
  account: { id: number, login: `user${number}`, type: 'User' },
  occurredAt: ago(1),
  subjectNumber: number,
  linesAdded: -1,
  linesDeleted: 0,
});

describeOnDatabases('dead letters', (database) => {
  /** Letters: 1 of a job, 2 of an item that the database refused, 3 of one that it never saw. */
  beforeEach(async () => {
    const { db } = database;
    await emptyTables(db);
    await addRepository(db, 'octo', 'one');
    const plan = { source: 'github', jobType: 'incremental', repositoryIds: [1] } as const;
    await insertJobs(db, null, [{ ...plan, from: ago(9), to: ago(2) }]);
    const job = await claimJob(db, 'a', ['github']);
    if (!job) throw new Error('no job');
    await failJob(db, job, { errorClass: 'timeout', message: 'too slow', retryDelaysSeconds: [] });
    const items = { observations: [], contributions: [merge(7)] };
    await db.transaction().execute((trx) => saveAcceptableItems(trx, job, items));
    const letter = { jobId: job.id, source: 'github', errorClass: 'constraint' };
    await insertDeadLetters(db, [
      { ...letter, errorMessage: 'no date', payload: { repository_id: 1, item: 'issue 5' } },
    ]);
  });

  const lines: string[] = [];
  const log = createLog('json', { destination: { write: (line) => void lines.push(line) } });
  const run = (action: LetterRequest['action'], more: Partial<LetterRequest> = {}) => {
    lines.length = 0;
    const request = { action, ids: [], all: false, json: false, ...more };
    return runDeadLetters({ db: database.db, log }, request);
  };
  async function list(json = false): Promise<string> {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await run('list', { json }).finally(() => vi.restoreAllMocks());
    return written.mock.calls.join('');
  }
  const left = async () => {
    const rows = await database.db.selectFrom('dead_letters').select('id').orderBy('id').execute();
    return rows.map(({ id }) => id);
  };

  it('are listed for people and for programs', async () => {
    const table = await list();
    expect(table.split('\n')).toMatchObject([
      expect.stringMatching(/^ID {2}AT +SOURCE {2}CLASS +WHAT +WHY$/),
      expect.stringMatching(/^1 .* github {2}timeout +job of 1 repository, 2026-.* too slow$/),
      expect.stringMatching(/^2 .* constraint {2}pr:7:merged .*lines_added_check/),
      expect.stringMatching(/^3 .* item of repository 1 +no date$/),
      '',
    ]);
    expect(JSON.parse(await list(true))).toMatchObject([
      { id: 1, payload: { job_type: 'incremental', repository_ids: [1], attempts: 1 } },
      { id: 2, payload: { contribution: { eventId: 'pr:7:merged', linesAdded: -1 } } },
      { id: 3 },
    ]);
  });

  it('put a job into the queue again, as it was', async () => {
    expect(await run('retry', { ids: ['1'] })).toBe(0);
    expect(await left()).toEqual([2, 3]);
    const job = await claimJob(database.db, 'b', ['github']);
    expect(job).toMatchObject({
      id: 2,
      attempts: 1,
      job_type: 'incremental',
      repository_ids: [1],
      window_from: ago(9),
      window_to: ago(2),
    });
  });

  it('store an item if the database takes it now, and keep it otherwise', async () => {
    const { db } = database;
    expect(await run('retry', { ids: ['2'] })).toBe(1);
    expect(lines.join('')).toContain('refused again');
    expect(await left()).toEqual([1, 2, 3]);
    const contribution = { ...merge(7), linesAdded: 4 };
    const payload = JSON.stringify({ contribution, observation: null });
    await db.updateTable('dead_letters').set({ payload }).where('id', '=', 2).execute();
    expect(await run('retry', { ids: ['2'] })).toBe(0);
    expect(await left()).toEqual([1, 3]);
    const stored = await db.selectFrom('contribution_events').selectAll().execute();
    expect(stored).toMatchObject([{ event_id: 'pr:7:merged', user_id: 7, lines_added: 4 }]);
  });

  it('have the repository read again for an item that is not known in full', async () => {
    expect(await run('retry', { ids: ['3'] })).toBe(0);
    expect(await claimJob(database.db, 'b', ['github'])).toMatchObject({
      job_type: 'full',
      repository_ids: [1],
      window_from: ago(9),
    });
  });

  it('stay while another job reads the repository, or if it is gone', async () => {
    expect(await run('retry', { all: true })).toBe(1);
    expect(await left()).toEqual([2, 3]);
    expect(lines.join('')).toContain('another job of its repositories is in the queue');
    await database.db.deleteFrom('repositories').execute();
    expect(await run('retry', { ids: ['3'] })).toBe(1);
    expect(lines.join('')).toContain('none of its repositories is tracked any more: drop it');
  });

  it('are dropped, with an entry in the audit log', async () => {
    expect(await run('drop', { ids: ['1', '3'] })).toBe(0);
    expect(await left()).toEqual([2]);
    const audit = await database.db
      .selectFrom('audit_log')
      .select(['action', 'subject', 'details'])
      .where('action', 'like', 'DEAD_LETTER%')
      .orderBy('id')
      .execute();
    expect(audit).toMatchObject([
      { action: 'DEAD_LETTER_DROPPED', subject: 'dead-letter:1', details: { source: 'github' } },
      { subject: 'dead-letter:3', details: { error_message: 'no date' } },
    ]);
    expect(await run('drop', { all: true })).toBe(0);
    expect(await list()).toBe('There is no dead letter.\n');
  });

  it.each([
    [{}, /give the numbers of `list`, or --all/],
    [{ ids: ['1'], all: true }, /give the numbers of `list`, or --all/],
    [{ ids: ['one'] }, /one is no number of a dead letter/],
    [{ ids: ['1', '9'] }, /there is no dead letter 9/],
  ])('%j changes nothing', async (request, message) => {
    for (const action of ['retry', 'drop'] as const) {
      await expect(run(action, request)).rejects.toThrow(message);
    }
    expect(await left()).toEqual([1, 2, 3]);
  });
});
