import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONTRIBUTION_KINDS } from '../../../pipeline/domain/contribution-kinds.ts';
import { PERIODS, type Period, periodStart } from '../../../pipeline/domain/time.ts';
import { calculate } from '../../../pipeline/stages/calculate/index.ts';
import { addRepository, addUser, ago, configOf, NOW, quiet } from '../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../support/databases.ts';
import { boardsOf, type Fact, GLOBAL, PERIOD_DAYS } from '../../support/oracle.ts';

type Place = { user: number; rank: number };

const USERS = [1, 2, 3, 4, 5, 6];

/** Moments around the edges of the periods, where mistakes are likely. */
const moments = PERIODS.flatMap((period) => {
  const start = periodStart(period, NOW) ?? ago(900);
  return [-1, 0, 1].map((by) => new Date(start.getTime() + by));
}).concat(ago(0, 1), NOW, ago(-1));

const contribution: fc.Arbitrary<Fact> = fc.record({
  repository: fc.constantFrom('1', '2'),
  user: fc.option(fc.constantFrom(...USERS)),
  kind: fc.constantFrom(...CONTRIBUTION_KINDS),
  at: fc.constantFrom(...moments),
  subject: fc.option(fc.integer({ min: 1, max: 4 })),
  added: fc.integer({ min: 0, max: 60_000 }),
  deleted: fc.integer({ min: 0, max: 60_000 }),
});

/** Account 1 is account 2, account 3 opted out and account 4 is a bot. */
const people = { opt_out: [3], aliases: [{ id: 1, is: 2 }], bots: { ids: [4], logins: [] } };
const rules = { hidden: new Set([3, 4]), aliases: new Map([[1, 2]]) };

describeOnDatabases('the boards', (database) => {
  /** Stores contributions; of two openings of a pull request the first one counts. */
  const store = async (contributions: readonly Fact[]) => {
    await emptyTables(database.db);
    await addRepository(database.db, 'octo', 'one');
    await addRepository(database.db, 'octo', 'two');
    for (const id of USERS) await addUser(database.db, id, `user${id}`);
    const rows = contributions.map((one, index) => ({
      repository_id: Number(one.repository),
      event_id:
        one.kind === 'PR_OPENED' && one.subject !== null
          ? `pr:${one.subject}:opened`
          : `${one.kind}:${index}`,
      kind: one.kind,
      user_id: one.user,
      occurred_at: one.at,
      subject_number: one.subject,
      lines_added: one.added,
      lines_deleted: one.deleted,
      source: 'github',
    }));
    if (rows.length > 0) await database.db.insertInto('contribution_events').values(rows).execute();
  };

  const boards = async (period: Period) => {
    const own = await database.db
      .selectFrom('repository_leaderboards')
      .where('period', '=', period)
      .select(['repository_id', 'user_id as user', 'rank', 'total_score', 'points'])
      .execute();
    const global = await database.db
      .selectFrom('global_leaderboard')
      .where('period', '=', period)
      .select(['user_id as user', 'rank', 'total_score', 'points'])
      .execute();
    return Map.groupBy(
      [...own, ...global.map((row) => ({ repository_id: GLOBAL, ...row }))],
      (row) => String(row.repository_id),
    );
  };

  it('are those of the oracle for the same contributions', async () => {
    const config = configOf({
      people,
      weights: { base_points: { COMMENT: 0.125, COMMIT: 0 }, lines: { added: 0.011 } },
    });
    const property = fc.asyncProperty(
      fc.uniqueArray(contribution, {
        maxLength: 40,
        selector: (one) =>
          one.kind === 'PR_OPENED' && one.subject !== null
            ? `${one.repository} ${one.subject}`
            : one,
      }),
      async (contributions) => {
        await store(contributions);
        await calculate({ db: database.db, config, now: NOW, log: quiet });
        for (const period of PERIODS) {
          const found = await boards(period);
          const { weights } = config;
          const days = PERIOD_DAYS[period];
          const expected = boardsOf(contributions, { ...rules, now: NOW, days, weights });
          expect(new Set(found.keys())).toEqual(new Set(expected.keys()));
          for (const [id, rows] of found) {
            const byRank = (a: Place, b: Place) => a.rank - b.rank || a.user - b.user;
            const board = rows
              .map(({ user, rank, total_score }) => ({
                user,
                rank,
                score: Math.round(total_score * 1000),
              }))
              .sort(byRank);
            const places = expected
              .get(id)
              ?.map(({ user, rank, score }) => ({ user, rank, score }));
            expect(board).toEqual(places?.sort(byRank));
            for (const row of rows) {
              const parts = Object.values(row.points).map((part) => Math.round(part * 1000));
              const sum = parts.reduce((total, part) => total + part, 0);
              expect(sum).toBe(Math.round(row.total_score * 1000));
            }
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });
});
