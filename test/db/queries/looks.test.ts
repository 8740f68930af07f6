import { beforeEach, expect, it } from 'vitest';
import { deleteUnknownToGithub, upsertContributions } from '../../../db/queries/contributions.ts';
import { upsertListPositions } from '../../../db/queries/github-lists.ts';
import {
  beginLook,
  countMade,
  endLook,
  markDoubtful,
  markSeen,
  readOldestLooks,
  readUnseenNumbers,
} from '../../../db/queries/looks.ts';
import { recordScrapedWindow } from '../../../db/queries/windows.ts';
import type { Contribution } from '../../../pipeline/domain/contribution.ts';
import type { ContributionKind } from '../../../pipeline/domain/contribution-kinds.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';
import { track } from '../../support/github/scrape.ts';

const day = (number: number) => new Date(Date.UTC(2025, 0, number));

/** One contribution of each list, by its event id, with the number that it belongs to. */
const ROWS: [string, ContributionKind, number | null, string][] = [
  ['pr:1:opened', 'PR_OPENED', 1, 'pull_requests'],
  ['pr:1:merged', 'PR_MERGED', 1, 'pull_requests'],
  ['review:5', 'PR_REVIEWED', 1, 'pull_requests'],
  ['issue:2:opened', 'ISSUE_OPENED', 2, 'issues'],
  ['issue:2:closed', 'ISSUE_CLOSED', 2, 'issues'],
  ['release:6', 'RELEASE', null, 'releases'],
  ['comment:7', 'COMMENT', 2, 'issue_comments'],
  ['review_comment:8', 'PR_REVIEW_COMMENT', 1, 'review_comments'],
  ['commit_comment:9', 'COMMENT', null, 'commit_comments'],
  ['commit:aa', 'COMMIT', null, 'commits'],
  ['commit:aa:3', 'COMMIT', null, 'commits'],
];
const LISTS = [...new Set(ROWS.map(([, , , list]) => list))];

const facts = (at = day(10)): Contribution[] =>
  ROWS.map(([eventId, kind, subjectNumber]) => ({
    repositoryId: 1,
    eventId,
    kind,
    account: null,
    occurredAt: at,
    subjectNumber,
    linesAdded: null,
    linesDeleted: null,
  }));

describeOnDatabases('a look at a list', (database) => {
  beforeEach(async () => {
    const { db } = database;
    await emptyTables(db);
    await track(db, 'guild/engine');
    await upsertListPositions(
      db,
      LISTS.map((list) => ({ repositoryId: 1, list, state: {} })),
    );
  });

  const ids = async () => {
    const rows = await database.db.selectFrom('contribution_events').select('event_id').execute();
    return rows.map((row) => row.event_id).toSorted();
  };
  const look = { repositoryId: 1, from: day(5) };
  const all = ROWS.map(([id]) => id).toSorted();
  const of = (list: string) => ROWS.filter((row) => row[3] === list).map(([id]) => id);

  it.each(LISTS)('of %s takes out what it did not meet, and nothing of another', async (list) => {
    const { db } = database;
    await upsertContributions(db, 'gharchive', facts());
    await beginLook(db, { ...look, list });
    const [met] = of(list) as [string];
    await markSeen(db, [{ repositoryId: 1, eventId: met }]);
    expect(await endLook(db, { repositoryId: 1, list, at: day(20) })).toBe(of(list).length - 1);
    expect(await ids()).toEqual(all.filter((id) => id === met || !of(list).includes(id)));
    expect(await db.selectFrom('unseen_contributions').selectAll().execute()).toEqual([]);
  });

  it('leaves what is older than its beginning, what came since, and other repositories', async () => {
    const { db } = database;
    await track(db, 'guild/other');
    const old = facts(day(4)).slice(3, 4);
    const other = facts().map((fact) => ({ ...fact, repositoryId: 2 }));
    await upsertContributions(db, 'github', [...old, ...other]);
    await beginLook(db, { ...look, list: 'issues' });
    await upsertContributions(db, 'github', facts().slice(4, 5));
    expect(await endLook(db, { repositoryId: 1, list: 'issues', at: day(20) })).toBe(0);
    expect(await ids()).toHaveLength(2 + other.length);
  });

  it('takes out nothing where something could not be read', async () => {
    const { db } = database;
    await upsertContributions(db, 'github', facts());
    await beginLook(db, { ...look, list: 'issues' });
    await markDoubtful(db, [{ repositoryId: 1, list: 'issues' }]);
    expect(await endLook(db, { repositoryId: 1, list: 'issues', at: day(20) })).toBe(0);
    await beginLook(db, { ...look, list: 'issues' });
    expect(await endLook(db, { repositoryId: 1, list: 'issues', at: day(21) })).toBe(2);
  });

  it('knows the numbers of what it has not met, and what was made in a time', async () => {
    const { db } = database;
    await upsertContributions(db, 'github', facts());
    await beginLook(db, { ...look, list: 'pull_requests' });
    expect(await readUnseenNumbers(db, 1, 'pull_requests')).toEqual([1]);
    expect(await readUnseenNumbers(db, 1, 'issues')).toEqual([]);
    const made = (list: string, from: Date) => countMade(db, 1, list, from, day(11));
    expect(await made('issues', day(10))).toBe(1);
    expect(await made('pull_requests', day(10))).toBe(1);
    expect(await made('commit_comments', day(9))).toBe(1);
    expect(await made('issues', day(11))).toBe(0);
  });

  it('is the oldest of a repository if no other is older or missing', async () => {
    const { db } = database;
    const end = (list: string, at: Date) => endLook(db, { repositoryId: 1, list, at });
    for (const [index, list] of LISTS.entries()) await end(list, day(20 - index));
    expect(await readOldestLooks(db, LISTS)).toEqual(new Map([[1, day(21 - LISTS.length)]]));
    await upsertListPositions(db, [{ repositoryId: 1, list: 'other', state: {} }]);
    expect(await readOldestLooks(db, [...LISTS, 'other'])).toEqual(new Map([[1, null]]));
  });

  it('makes GitHub the authority: what only the archive credits of that time goes', async () => {
    const { db } = database;
    await upsertContributions(db, 'gharchive', facts());
    await upsertContributions(db, 'github', facts().slice(0, 2));
    const read = { source: 'github', repositoryIds: [1], gaps: [] };
    await recordScrapedWindow(db, { ...read, window: { from: day(11), to: day(12) } });
    expect(await deleteUnknownToGithub(db, [1])).toBe(0);
    await recordScrapedWindow(db, { ...read, window: { from: day(9), to: day(12) } });
    await markDoubtful(db, [{ repositoryId: 1, list: 'commits' }]);
    expect(await deleteUnknownToGithub(db, [1])).toBe(ROWS.length - 4);
    expect(await ids()).toEqual(['commit:aa', 'commit:aa:3', 'pr:1:merged', 'pr:1:opened']);
  });
});
