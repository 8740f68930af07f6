import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordAccounts } from '../../../../db/queries/contributors.ts';
import { enrich } from '../../../../pipeline/stages/enrich/index.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, makeWorld, PEOPLE } from '../../../support/github/made-up-world.ts';
import { connect, createTestClock, silentLog, track } from '../../../support/github/scrape.ts';

/** Only facts that GitHub states about people are stored. */
const database = useDatabase();
const NOW = new Date(at(20));
const GONE = { id: 999, login: 'gone', type: 'User' } as const;
let github: LocalGithub;

beforeAll(async () => {
  github = await startLocalGithub({ world: makeWorld(), now: at(20) });
});
afterAll(() => github.close());
beforeEach(async () => {
  const { db } = database;
  await emptyTables(db);
  github.setFault(() => undefined);
  await track(db, 'guild/engine');
  const people = [PEOPLE.ada, PEOPLE.ben, PEOPLE.cyd, PEOPLE.app, PEOPLE.guild, GONE];
  const seen = { firstSeenAt: new Date(at(1)), lastSeenAt: new Date(at(1)) };
  await db.transaction().execute((trx) =>
    recordAccounts(
      trx,
      people.map(({ id, login, type }) => ({ id, login, type, ...seen })),
    ),
  );
  for (const [index, { id }] of people.entries()) await addToBoard(id, index + 1);
});

async function addToBoard(user: number, rank: number): Promise<void> {
  await database.db
    .insertInto('contribution_events')
    .values({
      repository_id: 1,
      event_id: `issue:${rank}:opened`,
      kind: 'ISSUE_OPENED',
      user_id: user,
      occurred_at: new Date(at(2)),
      source: 'github',
    })
    .execute();
  const zero = { rank, total_score: 8, points: '{}', repositories_contributed: 1 };
  const counts = {
    commit_count: 0,
    pr_opened_count: 0,
    pr_merged_count: 0,
    pr_reviewed_count: 0,
    pr_review_comment_count: 0,
    issues_opened_count: 1,
    issues_closed_count: 0,
    comments_count: 0,
    releases_count: 0,
    lines_added: 0,
    lines_deleted: 0,
  };
  const times = {
    first_contribution_at: new Date(at(2)),
    last_contribution_at: new Date(at(2)),
  };
  await database.db
    .insertInto('global_leaderboard')
    .values({ period: 'all', user_id: user, ...zero, ...counts, ...times })
    .execute();
}

const run = (now = NOW, top: number | null = null) =>
  enrich({
    db: database.db,
    log: silentLog,
    client: connect(github, createTestClock()),
    now,
    signal: new AbortController().signal,
    top,
  });

const enrichments = () =>
  database.db.selectFrom('contributor_enrichments').selectAll().orderBy('github_id').execute();
const userOf = (id: number) =>
  database.db
    .selectFrom('github_users')
    .selectAll()
    .where('github_id', '=', id)
    .executeTakeFirstOrThrow();

it('stores stated fields, empty profiles, and deleted accounts', async () => {
  expect(await run()).toEqual({ profiles: 5, enriched: 5, refused: 0, isStopped: false });
  expect(await enrichments()).toMatchObject([
    {
      github_id: PEOPLE.ada.id,
      status: 'FOUND',
      source: 'github',
      twitter: 'ada',
      website: 'https://ada.example',
      email: 'ada@example.org',
      linkedin: 'https://www.linkedin.com/in/ada',
      fetched_at: NOW,
    },
    { github_id: PEOPLE.cyd.id, status: 'NOTHING' },
    { github_id: PEOPLE.ben.id, status: 'NOTHING', twitter: null, linkedin: null },
    { github_id: PEOPLE.guild.id, status: 'NOTHING' },
    { github_id: GONE.id, status: 'FAILED', error_message: 'the account is gone' },
  ]);
  expect(await userOf(PEOPLE.ada.id)).toMatchObject({
    display_name: 'Ada L.',
    company: '@analytical',
    location: 'London',
    email: 'ada@example.org',
    profile_fetched_at: NOW,
  });
  // Renamed since: found by id, and stored with the present login.
  expect(await userOf(PEOPLE.ben.id)).toMatchObject({ login: 'benjamin' });
  expect(github.violations).toEqual([]);
});

it('looks again after 30 days and not before', async () => {
  await run();
  const before = github.requests.length;
  await run(new Date(NOW.getTime() + 29 * 86_400_000));
  expect(github.requests.length).toBe(before);
  await run(new Date(NOW.getTime() + 31 * 86_400_000));
  expect(github.requests.length).toBeGreaterThan(before);
});

it('enriches the top of the board, and fetches the profiles of the rest', async () => {
  expect(await run(NOW, 1)).toEqual({ profiles: 5, enriched: 1, refused: 0, isStopped: false });
  expect((await enrichments()).map((row) => row.github_id)).toEqual([PEOPLE.ada.id]);
});

it('leaves out people who opted out', async () => {
  await run();
  await database.db
    .updateTable('github_users')
    .set({ is_opted_out: true, profile_fetched_at: null })
    .where('github_id', '=', PEOPLE.ada.id)
    .execute();
  const before = github.requests.length;
  await run();
  expect(github.requests.length).toBe(before);
});

it('works without e-mail addresses if the token may not read them', async () => {
  github.setFault(({ variables }) =>
    variables.email === true
      ? {
          type: 'answer',
          status: 200,
          body: {
            errors: [
              {
                type: 'INSUFFICIENT_SCOPES',
                message:
                  'Your token has not been granted the required scopes to execute this query.',
              },
            ],
          },
        }
      : undefined,
  );
  await run();
  expect(await userOf(PEOPLE.ada.id)).toMatchObject({ display_name: 'Ada L.', email: null });
});

describe('a profile that the tables can not hold', () => {
  const worldWith = (changes: object) => {
    const world = makeWorld();
    const people = world.people.map((one) =>
      one.id === PEOPLE.ada.id ? { ...one, ...changes } : one,
    );
    return { ...world, people };
  };
  afterEach(() => github.setWorld(makeWorld()));

  it('is stored as far as it can be shown', async () => {
    github.setWorld(
      worldWith({
        name: 'A\0da',
        company: `half a pair \ud83d`,
        location: 'x'.repeat(5_000),
        accounts: [{ provider: 'LINKEDIN', url: 'https://www.linkedin.com/in/a\0da' }],
      }),
    );
    expect(await run()).toEqual({ profiles: 5, enriched: 5, refused: 0, isStopped: false });
    expect(await userOf(PEOPLE.ada.id)).toMatchObject({
      display_name: 'A\ufffdda',
      company: 'half a pair \ufffd',
      location: 'x'.repeat(255),
      profile_fetched_at: NOW,
    });
  });

  it('is put aside by itself if it can not be used', async () => {
    github.setWorld(worldWith({ renames: [{ at: at(2), login: 'a\u0001da' }] }));
    expect(await run()).toEqual({ profiles: 5, enriched: 5, refused: 1, isStopped: false });
    expect((await enrichments())[0]).toMatchObject({
      github_id: PEOPLE.ada.id,
      status: 'FAILED',
      error_message: expect.stringContaining('login'),
    });
    expect(await userOf(PEOPLE.ada.id)).toMatchObject({ login: 'ada', display_name: null });
    expect(await userOf(PEOPLE.ben.id)).toMatchObject({ login: 'benjamin' });
    // Not the first again in every night: it waits as long as the others do.
    expect(await run(NOW)).toMatchObject({ profiles: 0, refused: 0 });
  });

  it('is put aside by itself if the database refuses it', async () => {
    const { db } = database;
    const table = 'github_users';
    await sql`ALTER TABLE ${sql.table(table)} ADD CONSTRAINT test CHECK (location <> 'London')`.execute(
      db,
    );
    const result = await run().finally(() =>
      sql`ALTER TABLE ${sql.table(table)} DROP CONSTRAINT test`.execute(db),
    );
    expect(result).toEqual({ profiles: 5, enriched: 5, refused: 1, isStopped: false });
    expect((await enrichments()).map(({ status }) => status)).toEqual([
      'FAILED',
      'NOTHING',
      'NOTHING',
      'NOTHING',
      'FAILED',
    ]);
    expect(await userOf(PEOPLE.ben.id)).toMatchObject({ login: 'benjamin' });
  });
});
