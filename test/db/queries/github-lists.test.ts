import { beforeEach, expect, it } from 'vitest';
import { readGithubCommitIds, upsertContributions } from '../../../db/queries/contributions.ts';
import {
  insertMissingNumbers,
  readMonthNumbers,
  readNumbersToReconcile,
} from '../../../db/queries/coverage.ts';
import { addUsage, readCursors, upsertCursors } from '../../../db/queries/github-lists.ts';
import { markScraped, markUnavailable } from '../../../db/queries/repositories.ts';
import { resolveRenames, updateMetadata } from '../../../db/queries/repository-renames.ts';
import type { RepositoryMetadata } from '../../../pipeline/domain/repository.ts';
import { creditTo } from '../../../pipeline/sources/github/facts.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';
import { track } from '../../support/github/scrape.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

const metadata = (repositoryId: number, githubId: number, slug: string): RepositoryMetadata => {
  const [owner = '', name = ''] = slug.split('/');
  return {
    repositoryId,
    githubId,
    owner,
    name,
    defaultBranch: 'main',
    description: null,
    stars: 1,
    forks: 2,
    language: null,
    topics: [],
    license: null,
    isArchived: false,
  };
};

describeOnDatabases('what the source github remembers', (database) => {
  beforeEach(async () => {
    await emptyTables(database.db);
    await track(database.db, 'old/name');
  });

  const opened = (number: number, day: string) =>
    creditTo(1)({
      eventId: `issue:${number}:opened`,
      kind: 'ISSUE_OPENED',
      account: null,
      occurredAt: new Date(`${day}T12:00:00Z`),
      subjectNumber: number,
    });
  const slugs = async () =>
    (await database.db.selectFrom('repositories').selectAll().orderBy('id').execute()).map(
      ({ id, owner, name }) => `${id} ${owner}/${name}`,
    );

  it('stores the states of lists, and what was spent by day', async () => {
    const { db } = database;
    const cursor = { repositoryId: 1, list: 'issues' };
    await upsertCursors(db, [{ ...cursor, state: { a: 1 } }]);
    await upsertCursors(db, [{ ...cursor, state: { a: [null, 'b'] } }]);
    expect([...(await readCursors(db, 1))]).toEqual([['issues', { a: [null, 'b'] }]]);
    await addUsage(db, [{ repositoryId: 1, points: 2, requests: 3 }], NOW);
    await addUsage(db, [{ repositoryId: 1, points: 5, requests: 1 }], NOW);
    const day = { repository_id: 1, used_on: '2026-01-02', points: 7, requests: 4 };
    expect(await db.selectFrom('github_usage').selectAll().execute()).toEqual([day]);
  });

  it("names GitHub's own commits only", async () => {
    const { db } = database;
    const commit = (sha: string) =>
      creditTo(1)({ ...opened(1, '2025-03-01'), eventId: `commit:${sha}`, kind: 'COMMIT' });
    await upsertContributions(db, 'github', [commit('a')]);
    await upsertContributions(db, 'gharchive', [commit('b')]);
    expect(await readGithubCommitIds(db, 1, new Date('2025-01-01'))).toEqual(['commit:a']);
    expect(await readGithubCommitIds(db, 1, new Date('2025-04-01'))).toEqual([]);
  });

  it('keeps the row of a renamed repository, and its names', async () => {
    const { db } = database;
    await updateMetadata(db, metadata(1, 77, 'New/Name'), NOW);
    await updateMetadata(db, metadata(1, 77, 'newer/name'), NOW);
    expect(await slugs()).toEqual(['1 newer/name']);
    const wanted = [
      { owner: 'OLD', name: 'name' },
      { owner: 'new', name: 'NAME' },
      { owner: 'other', name: 'one' },
    ];
    expect(await resolveRenames(db, wanted)).toEqual([
      { owner: 'newer', name: 'name' },
      { owner: 'other', name: 'one' },
    ]);
    // Back to a name it had: that is no former name any more.
    await updateMetadata(db, metadata(1, 77, 'old/name'), NOW);
    expect(await resolveRenames(db, [{ owner: 'old', name: 'name' }])).toEqual([
      { owner: 'old', name: 'name' },
    ]);
  });

  it('takes over the row of the same repository, and takes no name from another one', async () => {
    const { db } = database;
    await upsertContributions(db, 'github', [opened(5, '2025-03-01')]);
    await updateMetadata(db, metadata(1, 77, 'old/name'), NOW);
    await track(db, 'new/name');
    await updateMetadata(db, metadata(2, 77, 'new/name'), NOW);
    expect(await slugs()).toEqual(['2 new/name']);
    const rows = await db.selectFrom('contribution_events').select('repository_id').execute();
    expect(rows).toEqual([{ repository_id: 2 }]);
    expect(await resolveRenames(db, [{ owner: 'old', name: 'name' }])).toEqual([
      { owner: 'new', name: 'name' },
    ]);
    await track(db, 'third/one');
    await updateMetadata(db, metadata(3, 99, 'new/name'), NOW);
    expect(await slugs()).toEqual(['2 new/name-old-2', '3 new/name']);
  });

  it("lets GitHub's own version of a fact stand when it takes a row over", async () => {
    const { db } = database;
    await track(db, 'new/name');
    const at = (repositoryId: number, number: number, day: string) => ({
      ...opened(number, day),
      repositoryId,
    });
    await upsertContributions(db, 'github', [at(1, 5, '2025-03-02'), at(2, 6, '2025-03-02')]);
    await upsertContributions(db, 'gharchive', [at(2, 5, '2025-03-01'), at(1, 6, '2025-03-01')]);
    await updateMetadata(db, metadata(1, 77, 'old/name'), NOW);
    await updateMetadata(db, metadata(2, 77, 'new/name'), NOW);
    const rows = await db
      .selectFrom('contribution_events')
      .select(['repository_id', 'event_id', 'source'])
      .orderBy('event_id')
      .execute();
    expect(rows).toEqual([
      { repository_id: 2, event_id: 'issue:5:opened', source: 'github' },
      { repository_id: 2, event_id: 'issue:6:opened', source: 'github' },
    ]);
  });

  it("takes GitHub's refusal back only when GitHub was asked", async () => {
    const { db } = database;
    const now = new Date();
    await markUnavailable(db, 1, 'gone');
    await markScraped(db, [1], now, now, 'gharchive');
    const state = () =>
      db.selectFrom('repositories').select(['status', 'failure_reason']).executeTakeFirst();
    expect(await state()).toEqual({ status: 'FAILED', failure_reason: 'gone' });
    await markScraped(db, [1], now, now, 'github');
    expect(await state()).toEqual({ status: 'ACTIVE', failure_reason: null });
  });

  it('counts the numbers between known ones that nothing explains', async () => {
    const { db } = database;
    const known = [opened(5, '2025-03-01'), opened(8, '2025-03-31'), opened(12, '2025-04-01')];
    await upsertContributions(db, 'gharchive', known);
    expect(await readNumbersToReconcile(db, 1, 10)).toEqual([11, 10, 9, 7, 6]);
    const gone = { number: 7, reason: 'GONE' } as const;
    await insertMissingNumbers(db, 1, [gone, { number: 10, reason: 'DISCUSSION' }], NOW);
    await insertMissingNumbers(db, 1, [gone], NOW);
    expect(await readNumbersToReconcile(db, 1, 2)).toEqual([11, 9]);
    expect(await readMonthNumbers(db)).toEqual([
      { repository_id: 1, month: '2025-03', known: 2, missing: 3 },
      { repository_id: 1, month: '2025-04', known: 1, missing: 0 },
    ]);
  });
});
