import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readBreaker } from '../../../../db/queries/breakers.ts';
import { readSpending, upsertBudgetSettings } from '../../../../db/queries/budget.ts';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { reconcileRepositories } from '../../../../db/queries/repositories.ts';
import type { BudgetSettings } from '../../../../pipeline/domain/budget.ts';
import type { BigQueryApi } from '../../../../pipeline/sources/bigquery/client.ts';
import { createBigQuerySource } from '../../../../pipeline/sources/bigquery/index.ts';
import { openBudgetLedger, withCircuitBreaker } from '../../../../pipeline/stages/open-sources.ts';
import { scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { apiErrors } from '../../../support/bigquery/api-error.ts';
import { archiveTables } from '../../../support/bigquery/archive-tables.ts';
import { connectTo, depsFor, useLocalBigQuery } from '../../../support/bigquery/harness.ts';
import { externalAccountKey } from '../../../support/bigquery/keys.ts';
import type { Fault, RecordedRequest } from '../../../support/bigquery/server.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import type { RawEvent } from '../../../support/read-events.ts';

/** The queue of jobs goes by the database's clock, so the test goes by the real one, too. */
const NOW = new Date();
const DAY = { from: new Date('2024-03-01T00:00:00Z'), to: new Date('2024-03-02T00:00:00Z') };
const policy = { failures: 5, resetMs: 300_000 };

const settings: BudgetSettings = {
  dailyLimitUsd: 5,
  monthlyLimitUsd: 50,
  warningThreshold: 0.8,
  pricePerTibUsd: 6.25,
  freeTibPerMonth: 0,
};

const issue: RawEvent = {
  id: '1',
  type: 'IssuesEvent',
  created_at: '2024-03-01T10:00:00Z',
  actor: { id: 7, login: 'ada' },
  repo: { id: 70, name: 'acme/widget' },
  payload: { action: 'opened', issue: { number: 3, user: { id: 7, login: 'ada', type: 'User' } } },
};

/** Requests that a fault is put into. */
const isInsert = ({ method, path, body }: RecordedRequest) =>
  method === 'POST' && path.endsWith('/jobs') && !body.configuration.dryRun;
const isDryRun = ({ body }: RecordedRequest) => body?.configuration?.dryRun === true;
const isGet = ({ method, path }: RecordedRequest) => method === 'GET' && path.includes('/jobs/');
const isRows = ({ method, path }: RecordedRequest) =>
  method === 'GET' && path.includes('/queries/');

describeOnDatabases('a fault of BigQuery', (database) => {
  const bigquery = useLocalBigQuery();
  let api: BigQueryApi;
  let logged: string[] = [];
  let stop = new AbortController();

  beforeAll(() => {
    for (const [name, table] of archiveTables([issue])) bigquery.local.tables.set(name, table);
  });
  beforeEach(async () => {
    logged = [];
    stop = new AbortController();
    api = connectTo(bigquery.local);
    await upsertBudgetSettings(database.db, settings, NOW);
    const wanted = {
      owner: 'acme',
      name: 'widget',
      neverRescrapeBefore: null,
      defaultBranch: null,
    };
    await reconcileRepositories(database.db, [wanted]);
    // As GitHub states it: then one query reads the window.
    await database.db.updateTable('repositories').set({ github_id: issue.repo.id }).execute();
    const job = { source: 'bigquery', jobType: 'full' as const, repositoryIds: [1], ...DAY };
    await insertJobs(database.db, null, [job]);
  });
  afterEach(async () => {
    bigquery.local.reset();
    await emptyTables(database.db);
  });

  /** One run over the queue, and all that it left behind. */
  async function run(faults: readonly Fault[], retryDelaysSeconds: readonly number[] = []) {
    const { db } = database;
    bigquery.local.faults.push(...faults);
    const log = {
      info: () => {},
      warn: (_details: object, message: string) => void logged.push(message),
      error: () => {},
    };
    const clock = () => NOW;
    const deps = depsFor(bigquery.local, {
      api,
      clock,
      ledger: openBudgetLedger(db, 'bigquery', clock, log),
    });
    const read = createBigQuerySource(deps, { payload: true, checksHours: false });
    const result = await scrape({
      db,
      log,
      signal: stop.signal,
      now: NOW,
      owner: 'test',
      readers: { bigquery: withCircuitBreaker('bigquery', read, { db, policy, clock }) },
      batchSize: 100,
      retryDelaysSeconds,
      bots: { ids: [], logins: [], allow: [] },
      onProgress: () => {},
    });
    const [job] = await db.selectFrom('scrape_jobs').selectAll().execute();
    const costs = await db.selectFrom('cost_records').selectAll().orderBy('id').execute();
    // What became of the job is in its row.
    const audit = await db
      .selectFrom('audit_log')
      .select('action')
      .where('action', 'not like', 'JOB%')
      .orderBy('id')
      .execute();
    return {
      result,
      job,
      costs: costs.map((cost) => cost.status),
      audit: audit.map((entry) => entry.action),
      breaker: await readBreaker(db, 'bigquery'),
      spending: (await readSpending(db, NOW)).today,
      contributions: (await db.selectFrom('contribution_events').select('event_id').execute())
        .length,
    };
  }

  const complete = {
    job: { status: 'COMPLETED', contributions_kept: 1 },
    costs: ['SETTLED'],
    audit: ['BUDGET_RESERVED', 'BUDGET_SETTLED'],
    breaker: { state: 'CLOSED', failures: 0 },
    contributions: 1,
  };

  it('none: the job is done, and what it cost is booked under it', async () => {
    const left = await run([]);
    expect(left).toMatchObject(complete);
    // Two tables at 10 MB each would be the least; the second day has no table.
    expect(left.spending).toEqual({ settled: 60, reserved: 0 });
  });

  it.each([
    ['rateLimitExceeded (403) at the start', isInsert, apiErrors.rateLimitExceeded()],
    ['rateLimitExceeded (403) at the dry run', isDryRun, apiErrors.rateLimitExceeded()],
    ['backendError (403)', isInsert, apiErrors.backendErrorForbidden()],
    ['backendError (503)', isInsert, apiErrors.backendError()],
    ['backendError (503) while waiting', isGet, apiErrors.backendError()],
    ['backendError (503) while reading rows', isRows, apiErrors.backendError()],
  ])('%s waits and tries again', async (_name, when, error) => {
    expect(await run([{ when, error, times: 2 }])).toMatchObject(complete);
  });

  it('a dropped socket after the start arrived: the job is found again, and paid once', async () => {
    expect(await run([{ when: isInsert, drop: 'after' }])).toMatchObject(complete);
    expect(bigquery.local.jobs.all).toHaveLength(1);
  });

  it('dropped sockets before the start arrived: tried again', async () => {
    expect(await run([{ when: isInsert, drop: 'before', times: 2 }])).toMatchObject(complete);
  });

  it('backend errors that stay: given back, counted against the source, tried again later', async () => {
    const fault = { when: isInsert, error: apiErrors.backendError(), times: 4 };
    const left = await run([fault], [0.01]);
    expect(left).toMatchObject({
      job: { status: 'COMPLETED', attempts: 2 },
      costs: ['RELEASED', 'SETTLED'],
      audit: ['BUDGET_RESERVED', 'BUDGET_RELEASED', 'BUDGET_RESERVED', 'BUDGET_SETTLED'],
      breaker: { state: 'CLOSED', failures: 0 },
    });
  });

  it('rows that cannot be read: the query is not paid for again by the next attempt', async () => {
    const fault = { when: isRows, error: apiErrors.backendError(), times: 4 };
    expect(await run([fault], [0.01])).toMatchObject({
      ...complete,
      job: { status: 'COMPLETED', attempts: 2 },
    });
    expect(bigquery.local.jobs.all).toHaveLength(1);
  });

  it('quotaExceeded opens the breaker at once, and the job waits without losing an attempt', async () => {
    const fault = { when: isInsert, error: apiErrors.quotaExceeded() };
    const running = run([fault], [0.01]);
    await rest();
    stop.abort();
    await expect(running).rejects.toThrow('aborted');
    const job = await database.db.selectFrom('scrape_jobs').selectAll().executeTakeFirstOrThrow();
    expect(job).toMatchObject({ status: 'RETRYING', attempts: 1, error_class: 'quota' });
    const wait = (job.not_before?.getTime() ?? 0) - NOW.getTime();
    expect(wait).toBe(policy.resetMs);
    expect(await readBreaker(database.db, 'bigquery')).toMatchObject({
      state: 'OPEN',
      failures: 1,
    });
    expect((await readSpending(database.db, NOW)).today).toEqual({ settled: 0, reserved: 0 });
  });

  async function rest(): Promise<void> {
    while (!logged.some((line) => line.includes('circuit open after failures'))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it('bytesBilledLimitExceeded (500) is the budget speaking: final, unpaid, no fault of the source', async () => {
    const error = apiErrors.bytesBilledLimitExceeded('1', 2);
    expect(await run([{ when: isInsert, error }], [0.01])).toMatchObject({
      job: { status: 'BUDGET_EXCEEDED', attempts: 1, error_class: 'budget' },
      costs: ['RELEASED'],
      audit: ['BUDGET_RESERVED', 'BUDGET_RELEASED'],
      breaker: { state: 'CLOSED', failures: 0 },
      spending: { settled: 0, reserved: 0 },
    });
  });

  it('a table that grew after the dry run: BigQuery refuses by the cap, and nothing is paid', async () => {
    bigquery.local.bytesScale = 1e6;
    const grow = {
      when: (r: RecordedRequest) => isInsert(r) && grows(),
      error: apiErrors.backendError(),
    };
    const grows = () => {
      bigquery.local.bytesScale = 1e9;
      return true;
    };
    expect(await run([grow])).toMatchObject({
      job: { status: 'BUDGET_EXCEEDED', error_class: 'budget' },
      costs: ['RELEASED'],
      spending: { settled: 0, reserved: 0 },
    });
  });

  it.each([
    ['accessDenied (403)', isDryRun, apiErrors.accessDenied('test-project')],
    ['authError (401)', isDryRun, apiErrors.unauthenticated()],
    ['accessDenied (403) at the start', isInsert, apiErrors.accessDenied('test-project')],
  ])('%s aborts and says what to do', async (_name, when, error) => {
    const left = await run([{ when, error }], [0.01]);
    expect(left).toMatchObject({
      job: { status: 'FAILED', attempts: 1, error_class: 'unauthorized' },
      spending: { settled: 0, reserved: 0 },
      breaker: { failures: 1 },
    });
    expect(left.job?.error_message).toContain('BigQuery Job User');
  });

  it('a subject token that is refused aborts and says what to do', async () => {
    api = connectTo(bigquery.local, {
      credentials: externalAccountKey(bigquery.local, 'of somebody else'),
    });
    const left = await run([], [0.01]);
    expect(left.job).toMatchObject({ status: 'FAILED', error_class: 'unauthorized' });
    expect(left.costs).toEqual([]);
  });

  it('an answer of 200 that says nothing is no answer: tried again', async () => {
    const silent = { when: isInsert, raw: { status: 200, body: '{}' }, times: 2 };
    expect(await run([silent])).toMatchObject(complete);
  });

  it('no answer at all: a time-out, never a wait for ever; held, because it may still arrive', async () => {
    api = connectTo(bigquery.local, { callTimeoutMs: 2_000 });
    const left = await run([{ when: isInsert, hang: true }], []);
    expect(left).toMatchObject({
      job: { status: 'FAILED', error_class: 'timeout' },
      costs: ['RESERVED'],
      audit: ['BUDGET_RESERVED'],
      breaker: { state: 'CLOSED', failures: 1 },
      spending: { settled: 0, reserved: 120 },
    });
  });

  it('dropped sockets that stay: held, because a call may still arrive', async () => {
    const left = await run([{ when: isInsert, drop: 'before', times: 4 }], []);
    expect(left).toMatchObject({
      job: { status: 'FAILED', error_class: 'connection' },
      costs: ['RESERVED'],
      spending: { settled: 0, reserved: 120 },
    });
  });

  it('a slow query is waited for, and its rows are read only when it is done', async () => {
    bigquery.local.pendingPolls = 4;
    expect(await run([])).toMatchObject(complete);
  });

  it('too little left: BUDGET_EXCEEDED with the figures, and not even started', async () => {
    bigquery.local.bytesScale = 1e12;
    const left = await run([], [0.01]);
    expect(left).toMatchObject({
      result: { completed: 0, failed: 0, refused: 1 },
      job: { status: 'BUDGET_EXCEEDED', attempts: 1, error_class: 'budget' },
      costs: [],
      audit: ['BUDGET_EXCEEDED'],
      breaker: { state: 'CLOSED', failures: 0 },
      spending: { settled: 0, reserved: 0 },
    });
    expect(await database.db.selectFrom('dead_letters').selectAll().execute()).toEqual([]);
    expect(left.job?.error_message).toMatch(
      /^BUDGET_EXCEEDED: up to \d+\.\d\d USD would be needed/,
    );
    expect(bigquery.local.jobs.all).toHaveLength(0);
  });

  it('a budget of 0 works: nothing is started, nothing is spent', async () => {
    await upsertBudgetSettings(
      database.db,
      { ...settings, dailyLimitUsd: 0, monthlyLimitUsd: 0 },
      NOW,
    );
    expect(await run([])).toMatchObject({
      job: { status: 'BUDGET_EXCEEDED', error_class: 'budget' },
      spending: { settled: 0, reserved: 0 },
    });
    expect(bigquery.local.jobs.all).toHaveLength(0);
  });
});
