import { beforeEach, describe, expect, it } from 'vitest';
import { recordAccounts } from '../../../../db/queries/contributors.ts';
import {
  GLOBAL_BOARD,
  type PreviousDay,
  readPreviousDays,
} from '../../../../db/queries/leaderboards.ts';
import { isoDate, PERIODS, type Period, periodStart } from '../../../../pipeline/domain/time.ts';
import { calculate, recalculate } from '../../../../pipeline/stages/calculate/index.ts';
import {
  addRepository,
  addUser,
  ago,
  configOf,
  contribute,
  NOW,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const compareDays = (a: PreviousDay, b: PreviousDay) =>
  a.repositoryId - b.repositoryId || (a.period < b.period ? -1 : 1);

describeOnDatabases('the calculation', (database) => {
  beforeEach(() => emptyTables(database.db));

  const run = (changes = {}, now = NOW) =>
    calculate({ db: database.db, config: configOf(changes), now, log: quiet });
  const board = (period: Period = 'all') =>
    database.db
      .selectFrom('global_leaderboard')
      .selectAll()
      .where('period', '=', period)
      .orderBy('rank')
      .orderBy('user_id')
      .execute();
  const ranks = async (period: Period = 'all') =>
    (await board(period)).map(({ user_id, rank, total_score }) => [user_id, rank, total_score]);
  const one = async () => {
    const repository = await addRepository(database.db, 'octo', 'one');
    for (const [id, login] of [
      [1, 'ada'],
      [2, 'Bob'],
      [3, 'cyd'],
      [4, 'dot'],
    ] as const) {
      await addUser(database.db, id, login);
    }
    return repository;
  };

  it('scores the worked example of the design: 1380', async () => {
    const { db } = database;
    const repository = await one();
    await contribute(db, repository, 1, 'COMMIT', 50);
    await contribute(db, repository, 1, 'PR_OPENED', 10);
    await contribute(db, repository, 1, 'PR_MERGED', 8, { added: 1250 });
    await contribute(db, repository, 1, 'PR_REVIEWED', 15);
    await contribute(db, repository, 1, 'ISSUE_OPENED', 5);
    await contribute(db, repository, 1, 'COMMENT', 30);
    await run();
    expect((await board())[0]).toMatchObject({
      rank: 1,
      total_score: 1380,
      commit_count: 50,
      pr_opened_count: 10,
      pr_merged_count: 8,
      pr_reviewed_count: 15,
      issues_opened_count: 5,
      comments_count: 30,
      lines_added: 10_000,
      points: {
        COMMIT: 500,
        PR_OPENED: 150,
        PR_MERGED: 200,
        PR_REVIEWED: 300,
        ISSUE_OPENED: 40,
        COMMENT: 90,
        line_bonus: 100,
        RELEASE: 0,
        ISSUE_CLOSED: 0,
        PR_REVIEW_COMMENT: 0,
      },
    });
  });

  it('works with an empty database', async () => {
    const result = await run();
    expect(result).toMatchObject({ repositoryEntries: 0, globalEntries: 0, snapshotEntries: 0 });
  });

  it('gives tied people one rank and skips the next: 1, 2, 2, 4', async () => {
    const repository = await one();
    await contribute(database.db, repository, 1, 'COMMIT', 3);
    await contribute(database.db, repository, 2, 'COMMIT', 2);
    await contribute(database.db, repository, 3, 'COMMIT', 2);
    await contribute(database.db, repository, 4, 'COMMIT', 1);
    await run();
    expect((await ranks()).map(([, rank]) => rank)).toEqual([1, 2, 2, 4]);
  });

  it('caps the line bonus for each repository and sums the capped ones', async () => {
    const { db } = database;
    const first = await one();
    const second = await addRepository(db, 'octo', 'two');
    await contribute(db, first, 1, 'PR_MERGED', 1, { added: 60_000, deleted: 10_000 });
    await contribute(db, second, 1, 'PR_MERGED', 1, { added: 50_000, deleted: 1_000 });
    await run();
    expect((await board())[0]).toMatchObject({
      total_score: 2 * 25 + 2 * 500,
      points: { line_bonus: 1000 },
      lines_added: 110_000,
      lines_deleted: 11_000,
      repositories_contributed: 2,
    });
  });

  it('rounds the line bonus to thousandths and keeps parts and total exact', async () => {
    const repository = await one();
    await contribute(database.db, repository, 1, 'PR_MERGED', 1, { added: 7, deleted: 1 });
    await run({
      weights: { lines: { added: 0.0001, deleted: 0.0001 }, base_points: { PR_MERGED: 0.1 } },
    });
    expect((await board())[0]).toMatchObject({
      total_score: 0.101,
      points: { PR_MERGED: 0.1, line_bonus: 0.001 },
    });
  });

  it('uses the lines of commits instead if the weights say so', async () => {
    const repository = await one();
    await contribute(database.db, repository, 1, 'PR_MERGED', 1, { added: 1000 });
    await contribute(database.db, repository, 1, 'COMMIT', 1, { added: 100, deleted: 100 });
    await run({ weights: { lines: { from: 'COMMIT' } } });
    expect((await board())[0]).toMatchObject({
      lines_added: 100,
      lines_deleted: 100,
      points: { line_bonus: 1.5 },
    });
  });

  it('shows a person whose contributions all have weight 0, with score 0', async () => {
    const repository = await one();
    await contribute(database.db, repository, 1, 'COMMENT', 3);
    await run({ weights: { base_points: { COMMENT: 0 } } });
    expect((await board())[0]).toMatchObject({ rank: 1, total_score: 0, comments_count: 3 });
  });

  it('uses new weights after a change, and makes them current', async () => {
    const repository = await one();
    await contribute(database.db, repository, 1, 'COMMENT', 3);
    const counts = [
      await run(),
      await run(),
      await run({ weights: { base_points: { COMMENT: 4 } } }),
    ];
    expect((await ranks())[0]).toEqual([1, 1, 12]);
    const current = await database.db
      .selectFrom('scoring_weights')
      .select('version')
      .distinct()
      .where('is_current', '=', true)
      .execute();
    expect(current).toEqual([{ version: counts[2]?.weightsVersion }]);
  });

  describe('periods', () => {
    it.each(PERIODS.filter((period) => period !== 'all'))(
      '%s counts from its first moment on, not before',
      async (period) => {
        const repository = await one();
        const start = periodStart(period, NOW) as Date;
        await contribute(database.db, repository, 1, 'COMMENT', 1, { at: start });
        const before = new Date(start.getTime() - 1);
        await contribute(database.db, repository, 2, 'COMMENT', 1, { at: before });
        await run();
        expect(await ranks(period)).toEqual([[1, 1, 3]]);
        expect(await ranks('all')).toHaveLength(2);
      },
    );

    it('end before the clock', async () => {
      const repository = await one();
      await contribute(database.db, repository, 1, 'COMMENT', 1, { at: ago(0, 1) });
      await contribute(database.db, repository, 2, 'COMMENT', 1, { at: NOW });
      await run();
      for (const period of PERIODS) expect(await ranks(period)).toEqual([[1, 1, 3]]);
    });

    it('move with the clock, without new contributions', async () => {
      const repository = await one();
      await contribute(database.db, repository, 1, 'COMMENT', 1, { at: ago(6.5) });
      await run();
      expect(await ranks('week')).toHaveLength(1);
      await run({}, ago(-1));
      expect(await ranks('week')).toHaveLength(0);
      expect(await ranks('month')).toHaveLength(1);
    });
  });

  describe('people', () => {
    it('leaves out bots, and contributions of unknown accounts', async () => {
      const repository = await one();
      await addUser(database.db, 9, 'helper[bot]', { type: 'Bot' });
      await contribute(database.db, repository, 9, 'COMMIT', 9);
      await contribute(database.db, repository, null, 'COMMIT', 9);
      await contribute(database.db, repository, 2, 'COMMIT', 1);
      await run();
      expect(await ranks()).toEqual([[2, 1, 10]]);
    });

    it.each([
      ['id', 1],
      ['login in any case', 'ADA'],
      ['a former login', 'countess'],
    ])('leaves out a person who opted out by %s', async (_, name) => {
      const repository = await one();
      await database.db
        .insertInto('github_user_logins')
        .values({ github_id: 1, login: 'Countess', first_seen_at: ago(9), last_seen_at: ago(8) })
        .execute();
      await contribute(database.db, repository, 1, 'COMMIT', 9);
      await contribute(database.db, repository, 2, 'COMMIT', 1);
      await run({ people: { opt_out: [name] } });
      expect(await ranks()).toEqual([[2, 1, 10]]);
    });

    it('erases the profiles of people who opted out', async () => {
      await one();
      const profile = { company: 'Analytical', location: 'London', email: 'ada@example.org' };
      const { db } = database;
      await db
        .updateTable('github_users')
        .set({ ...profile, display_name: 'Ada L.', profile_fetched_at: ago(1) })
        .execute();
      await db
        .insertInto('contributor_enrichments')
        .values(
          [1, 2].map((id) => ({
            github_id: id,
            status: 'FOUND',
            source: 'github' as const,
            accounts: '[]',
            fetched_at: ago(1),
          })),
        )
        .execute();
      await run({ people: { opt_out: [1] } });
      const known = await db.selectFrom('github_users').selectAll().orderBy('github_id').execute();
      expect(known[0]).toMatchObject({
        login: 'ada',
        display_name: null,
        company: null,
        location: null,
        email: null,
      });
      expect(known[1]).toMatchObject(profile);
      const enriched = await db.selectFrom('contributor_enrichments').select('github_id').execute();
      expect(enriched).toEqual([{ github_id: 2 }]);
    });

    it.each([
      ['an account takes a login that has opted out', 'shy'],
      ['an account turns out to be a bot', 'ada[bot]'],
    ])('leaves out a person who is excluded after the calculation: %s', async (_, login) => {
      const { db } = database;
      const repository = await one();
      await contribute(db, repository, 1, 'COMMIT', 9);
      await contribute(db, repository, 2, 'COMMIT', 1);
      const context = {
        db,
        config: configOf({ people: { opt_out: ['shy'] } }),
        now: NOW,
        log: quiet,
      };
      await calculate(context);
      const account = { id: 1, login, type: null };
      const seen = { firstSeenAt: NOW, lastSeenAt: NOW };
      await db.transaction().execute((trx) => recordAccounts(trx, [{ ...account, ...seen }]));
      await recalculate(context);
      expect(await ranks()).toEqual([[2, 1, 10]]);
    });

    it('restores people who opt in again', async () => {
      const repository = await one();
      await contribute(database.db, repository, 1, 'COMMIT', 9);
      await run({ people: { opt_out: [1] } });
      expect(await ranks()).toEqual([]);
      const result = await run();
      expect(result).toMatchObject({ accountsChanged: 1 });
      expect(await ranks()).toEqual([[1, 1, 90]]);
    });

    const alias = { aliases: [{ id: 1, is: 2 }] };

    it('credits an alias to its target, once in each repository', async () => {
      const repository = await one();
      await contribute(database.db, repository, 1, 'COMMIT', 2);
      await contribute(database.db, repository, 2, 'COMMIT', 1);
      await run({ people: alias });
      expect(await ranks()).toEqual([[2, 1, 30]]);
      expect((await board())[0]?.repositories_contributed).toBe(1);
    });

    it('loses no contribution while the target of an alias was never seen', async () => {
      const repository = await one();
      await contribute(database.db, repository, 1, 'COMMIT', 2);
      await run({ people: { aliases: [{ id: 1, is: 99 }] } });
      expect(await ranks()).toEqual([[1, 1, 20]]);
      await addUser(database.db, 99, 'late');
      await run({ people: { aliases: [{ id: 1, is: 99 }] } });
      expect(await ranks()).toEqual([[99, 1, 20]]);
    });

    it('leaves out an alias of a person who opted out, and an alias that opted out', async () => {
      const repository = await one();
      await contribute(database.db, repository, 1, 'COMMIT', 2);
      await contribute(database.db, repository, 2, 'COMMIT', 1);
      await run({ people: { ...alias, opt_out: [2] } });
      expect(await ranks()).toEqual([]);
      await run({ people: { ...alias, opt_out: [1] } });
      expect(await ranks()).toEqual([[2, 1, 10]]);
    });

    it('gives no points for a self-review, also by an alias', async () => {
      const repository = await one();
      const on = { subject: 7 };
      await contribute(database.db, repository, 1, 'PR_OPENED', 1, on);
      await contribute(database.db, repository, 1, 'PR_REVIEWED', 3, on);
      await contribute(database.db, repository, 2, 'PR_REVIEWED', 2, on);
      await contribute(database.db, repository, 3, 'PR_REVIEWED', 1, { subject: 8 });
      await run();
      expect(await ranks()).toEqual([
        [2, 1, 40],
        [3, 2, 20],
        [1, 3, 15],
      ]);
      await run({ people: { ...alias, opt_out: [1] } });
      expect(await ranks()).toEqual([[3, 1, 20]]);
    });
  });

  it('removes archived repositories from the boards and keeps their contributions', async () => {
    const repository = await one();
    await contribute(database.db, repository, 1, 'COMMIT', 2);
    await run();
    await database.db.updateTable('repositories').set({ status: 'ARCHIVED' }).execute();
    const result = await run();
    expect(result).toMatchObject({ repositoryEntries: 0, globalEntries: 0, snapshotEntries: 0 });
  });

  describe('the previous rank', () => {
    it('is that of seven days before, of a year and all time that of 28 days before', async () => {
      const repository = await one();
      // A night each day; the second person comes first after 99 commits at once.
      for (let day = 31; day >= 0; day--) {
        await contribute(database.db, repository, 1, 'COMMIT', 2, { at: ago(day + 0.5) });
        const commits = day === 20 ? 99 : 1;
        await contribute(database.db, repository, 2, 'COMMIT', commits, { at: ago(day + 0.4) });
        if (day !== 7 && day !== 28) await run({}, ago(day));
      }
      await run(); // a second run of the day compares with the same days
      const compared = async (table: 'global_leaderboard' | 'repository_leaderboards') =>
        (
          await database.db
            .selectFrom(table)
            .select(['period', 'rank', 'previous_rank'])
            .where('user_id', '=', 2)
            .execute()
        ).map((entry) => [entry.period, entry.rank, entry.previous_rank]);
      // Those days have no snapshot: it is that of the day before.
      const expected = [
        ['all', 1, 2],
        ['month', 1, 1],
        ['quarter', 1, 1],
        ['week', 2, 2],
        ['year', 1, 2],
      ];
      expect((await compared('global_leaderboard')).toSorted()).toEqual(expected);
      expect((await compared('repository_leaderboards')).toSorted()).toEqual(expected);
      const days = await readPreviousDays(database.db, [GLOBAL_BOARD, repository], isoDate(NOW));
      const byPeriod = { all: 29, year: 29, quarter: 8, month: 8, week: 8 };
      expect(days.toSorted(compareDays)).toEqual(
        [GLOBAL_BOARD, repository]
          .flatMap((repositoryId) =>
            Object.entries(byPeriod).map(([period, day]) => ({
              ...{ repositoryId, period: period as Period },
              takenOn: isoDate(ago(day)),
            })),
          )
          .toSorted(compareDays),
      );
    });

    it('is null of who was not on that board, and of a board without one', async () => {
      const repository = await one();
      await contribute(database.db, repository, 1, 'COMMIT', 2, { at: ago(9) });
      await contribute(database.db, repository, 2, 'COMMIT', 1, { at: ago(9) });
      await run({}, ago(8));
      await contribute(database.db, repository, 2, 'COMMIT', 5, { at: ago(0.5) });
      await contribute(database.db, repository, 3, 'COMMIT', 1, { at: ago(0.5) });
      await run();
      const moved = async (period: Period) =>
        (await board(period)).map((entry) => [entry.user_id, entry.rank, entry.previous_rank]);
      expect(await moved('month')).toEqual([
        [2, 1, 2],
        [1, 2, 1],
        [3, 3, null],
      ]);
      expect((await moved('all')).map(([, , previous]) => previous)).toEqual([null, null, null]);
    });
  });

  it('gives the same tables when it runs again', async () => {
    const repository = await one();
    await contribute(database.db, repository, 1, 'COMMIT', 2, { at: ago(20) });
    await contribute(database.db, repository, 2, 'PR_MERGED', 1, { added: 99 });
    const tables = async () => ({
      global: await database.db
        .selectFrom('global_leaderboard')
        .selectAll()
        .orderBy('period')
        .orderBy('user_id')
        .execute(),
      own: await database.db
        .selectFrom('repository_leaderboards')
        .selectAll()
        .orderBy('period')
        .orderBy('user_id')
        .execute(),
      snapshots: await database.db
        .selectFrom('leaderboard_snapshots')
        .selectAll()
        .orderBy('repository_id')
        .orderBy('period')
        .orderBy('user_id')
        .execute(),
    });
    await run();
    const first = await tables();
    const result = await run();
    expect(await tables()).toEqual(first);
    expect(result).toMatchObject({ accountsChanged: 0 });
    expect(first.snapshots).toHaveLength(first.global.length + first.own.length);
  });
});
