import { afterAll, beforeAll, expect, it } from 'vitest';
import { upsertContributions } from '../../../../db/queries/contributions.ts';
import { recordAccounts } from '../../../../db/queries/contributors.ts';
import { readMonthNumbers } from '../../../../db/queries/report/coverage.ts';
import { recordScrapedWindow } from '../../../../db/queries/windows.ts';
import { makeContributionFor } from '../../../../pipeline/sources/github/outcome.ts';
import { backfillMissingNumbers } from '../../../../pipeline/stages/missing-numbers/index.ts';
import { useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, makeWorld, PEOPLE } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  readRows,
  silentLog,
  track,
} from '../../../support/github/scrape.ts';

/** An archive with a few pull requests, one of them merged by nobody; GitHub has the rest. */
const database = useDatabase();
const NOW = new Date(at(30));
let github: LocalGithub;

beforeAll(async () => {
  const { db } = database;
  github = await startLocalGithub({ world: makeWorld({ discussions: [50] }), now: at(30) });
  const id = await track(db, 'guild/engine');
  const until = { status: 'ACTIVE', data_until: NOW } as const;
  await db.updateTable('repositories').set(until).execute();
  const { ada, ben } = PEOPLE;
  const seen = { firstSeenAt: new Date(at(1)), lastSeenAt: new Date(at(1)) };
  await db.transaction().execute((trx) =>
    recordAccounts(
      trx,
      [ada, ben].map((person) => ({ id: person.id, login: person.login, type: 'User', ...seen })),
    ),
  );
  const makeContribution = makeContributionFor(id);
  const opened = (kind: 'PR_OPENED' | 'ISSUE_OPENED', number: number, day: number) =>
    makeContribution({
      eventId: `${kind === 'PR_OPENED' ? 'pr' : 'issue'}:${number}:opened`,
      kind,
      account: { ...ada, type: 'User' },
      occurredAt: new Date(at(day, 30)),
      subjectNumber: number,
    });
  await upsertContributions(db, 'gharchive', [
    opened('PR_OPENED', 11, 1),
    opened('PR_OPENED', 14, 4),
    opened('ISSUE_OPENED', 101, 1),
    makeContribution({
      eventId: 'pr:14:merged',
      kind: 'PR_MERGED',
      account: null,
      occurredAt: new Date(at(8, 300)),
      subjectNumber: 14,
    }),
  ]);
});
afterAll(() => github.close());

const run = () =>
  backfillMissingNumbers({
    db: database.db,
    log: silentLog,
    client: connect(github, createTestClock()),
    now: NOW,
    signal: new AbortController().signal,
    countHidden: false,
  });

it('finds the numbers that no source reported, and stores those that are gone', async () => {
  expect(await readMonthNumbers(database.db)).toEqual([
    { repository_id: 1, month: '2025-03', known: 3, missing: 88 },
  ]);
  // 12, 13, 15 to 39 are pull requests, 40 to 100 are nothing yet, and 14 was merged by nobody.
  expect(await run()).toMatchObject({ numbers: 89, missing: 61, isStopped: false });
  const rows = new Map((await readRows(database.db)).map((row) => [row.event_id, row]));
  expect(rows.get('pr:12:opened')).toMatchObject({ source: 'github', login: 'cyd' });
  expect([...rows.keys()].filter((id) => id.startsWith('review:3000004')).length).toBeGreaterThan(
    100,
  );
  expect(await readMonthNumbers(database.db)).toMatchObject([{ missing: 0 }]);
  const reasons = await database.db
    .selectFrom('missing_numbers')
    .select(['number', 'reason'])
    .where('number', 'in', [50, 51])
    .orderBy('number')
    .execute();
  expect(reasons).toEqual([
    { number: 50, reason: 'DISCUSSION' },
    { number: 51, reason: 'GONE' },
  ]);
  expect(github.violations).toEqual([]);
});

it('gives a merge that the archive trimmed its author and its lines', async () => {
  const rows = new Map((await readRows(database.db)).map((row) => [row.event_id, row]));
  expect(rows.get('pr:14:merged')).toMatchObject({
    login: 'eve',
    source: 'github',
    lines_added: 40,
    lines_deleted: 4,
  });
});

it('requests nothing twice', async () => {
  const before = github.requests.length;
  expect(await run()).toMatchObject({ numbers: 0 });
  expect(github.requests.length).toBe(before);
});

it('requests a number that was opened before the known window only once', async () => {
  const { db } = database;
  await db.deleteFrom('contribution_events').where('event_id', 'in', ['pr:13:opened']).execute();
  const day = (number: number) => new Date(at(number));
  const window = { from: day(20), to: day(30) };
  await recordScrapedWindow(db, { source: 'gharchive', repositoryIds: [1], window, gaps: [] });
  expect(await run()).toMatchObject({ numbers: 1, missing: 0, found: 1 });
  expect(await run()).toMatchObject({ numbers: 0 });
});
