import { beforeEach, describe, expect, it } from 'vitest';
import {
  markScraped,
  type RepositoryToPlan,
  reconcileRepositories,
} from '../../../../db/queries/repositories.ts';
import { recordScrapedWindow } from '../../../../db/queries/windows.ts';
import type { WindowRules } from '../../../../pipeline/domain/plan-window.ts';
import {
  type DiscoveryContext,
  discovery,
  dueRepositories,
  isStale,
} from '../../../../pipeline/stages/discovery/index.ts';
import { ago, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

/** The repositories that are read, their order, and their jobs. */

const HOUR = 1 / 24;
const MINUTE = HOUR / 60;
const rules: WindowRules = {
  windowYears: 2,
  overlapDays: 1,
  jobType: null,
  from: null,
  to: null,
  now: NOW,
};

describe('a repository is stale', () => {
  it.each([
    ['never read', null, true],
    ['read the day before', ago(1), true],
    // The schedule may start an hour earlier than yesterday.
    ['read a little more than 23 hours ago', ago(23 * HOUR + MINUTE), true],
    ['read 23 hours ago', ago(23 * HOUR), false],
    ['just read', ago(0), false],
    ['read in the future, by another clock', ago(-1), false],
  ])('%s', (_, lastScrapedAt, expected) => {
    expect(isStale(lastScrapedAt, NOW, 24)).toBe(expected);
  });
});

describe('a repository is due', () => {
  const fresh: RepositoryToPlan = {
    id: 1,
    owner: 'Acme',
    name: 'Widget',
    neverRescrapeBefore: null,
    lastScrapedAt: ago(HOUR),
    dataUntil: ago(HOUR),
    lastWindowEnd: ago(HOUR),
    hasFutureWindow: false,
    isQueued: false,
  };
  const unasked = { rules, staleAfterHours: 24, only: null };

  it.each<[string, Partial<RepositoryToPlan>, Partial<typeof unasked | DiscoveryContext>, boolean]>(
    [
      ['not when it was just read', {}, {}, false],
      ['when it is stale', { lastScrapedAt: ago(2) }, {}, true],
      ['when this source has never read it', { lastWindowEnd: null }, {}, true],
      ['when it is named, in any case', {}, { only: ['acme/widget'] }, true],
      ['not when others are named', { lastScrapedAt: null }, { only: ['acme/gadget'] }, false],
      ['when a window is named', {}, { rules: { ...rules, from: ago(9), to: ago(8) } }, true],
      ['when a type of job is named', {}, { rules: { ...rules, jobType: 'incremental' } }, true],
      ['not while a job holds it', { isQueued: true }, { only: ['acme/widget'] }, false],
    ],
  )('%s', (_, facts, asked, expected) => {
    const due = dueRepositories([{ ...fresh, ...facts }], { ...unasked, ...asked });
    expect(due.length === 1).toBe(expected);
  });
});

describeOnDatabases('the jobs that are queued', (database) => {
  beforeEach(() => emptyTables(database.db));

  const want = (name: string, neverRescrapeBefore: Date | null = null) => ({
    owner: 'acme',
    name,
    neverRescrapeBefore,
    defaultBranch: null,
  });

  /** Two never read, two read before, one of them a failure; and one just read. */
  const wanted = ['fresh', 'stale', 'staler', 'failed', 'new', 'starred'].map((name) => want(name));

  async function prepare() {
    const { db } = database;
    await reconcileRepositories(db, wanted);
    await markScraped(db, [1], ago(HOUR), ago(HOUR));
    await markScraped(db, [2], ago(2), ago(2));
    await markScraped(db, [3], ago(3), ago(3));
    for (const [id, days] of [HOUR, 2, 3].entries()) {
      const window = { from: ago(99), to: ago(days) };
      for (const source of ['github', 'gharchive']) {
        await recordScrapedWindow(db, { source, repositoryIds: [id + 1], window, gaps: [] });
      }
    }
    await db.updateTable('repositories').set({ status: 'FAILED' }).where('id', '=', 4).execute();
    await db.updateTable('repositories').set({ stars: 9 }).where('id', '=', 6).execute();
  }

  /** Runs discovery; the names of each job's repositories. */
  async function queue(change: Partial<DiscoveryContext>) {
    const { db } = database;
    const { jobs } = await discovery({
      db,
      log: quiet,
      runId: null,
      wanted,
      sources: ['github'],
      rules,
      staleAfterHours: 24,
      maxRepositories: 100,
      only: null,
      ...change,
    });
    const rows = await db.selectFrom('repositories').select(['id', 'name']).execute();
    const names = new Map(rows.map(({ id, name }) => [id, name]));
    return jobs.map(({ source, repositoryIds, ...job }) => ({
      ...job,
      names: repositoryIds.map((id) => names.get(id)).join(' '),
    }));
  }

  it('are those of the never read, then of the most stale; a failure does not delay others', async () => {
    await prepare();
    const jobs = await queue({});
    expect(jobs.map(({ names }) => names)).toEqual(['starred', 'new', 'staler', 'stale', 'failed']);
    // They are in the queue, so nothing is due twice.
    expect(await queue({})).toEqual([]);
  });

  it('are limited in number if the cost grows with each repository', async () => {
    await prepare();
    const jobs = await queue({ maxRepositories: 3 });
    expect(jobs.map(({ names }) => names)).toEqual(['starred', 'new', 'staler']);
  });

  it.each(['gharchive', 'sample'] as const)(
    'of %s are as many as there are windows, however low the limit',
    async (source) => {
      await prepare();
      const since = ago(30);
      const younger = wanted.map((one) => ({
        ...one,
        neverRescrapeBefore: one.name === 'new' ? since : null,
      }));
      const jobs = await queue({ sources: [source], wanted: younger, maxRepositories: 1 });
      const isArchive = source === 'gharchive';
      expect(jobs.find(({ names }) => names === 'new')).toMatchObject({ from: since, to: NOW });
      // The sample has not read these yet, so it starts from the latest known data.
      expect(jobs.map(({ names, jobType }) => `${jobType}: ${names}`)).toEqual([
        'full: starred failed',
        'full: new',
        'incremental: staler',
        'incremental: stale',
        ...(isArchive ? [] : ['incremental: fresh']),
      ]);
    },
  );

  it('are those of the repositories that are named, fresh or not', async () => {
    await prepare();
    const jobs = await queue({ only: ['ACME/fresh', 'acme/failed'] });
    expect(jobs.map(({ names }) => names)).toEqual(['fresh', 'failed']);
  });
});
