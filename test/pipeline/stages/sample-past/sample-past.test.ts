import { sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { readClosedMonths } from '../../../../db/queries/months.ts';
import { COMPARED_DAYS, DAY_MS, type Period } from '../../../../pipeline/domain/time.ts';
import { startOfDay } from '../../../../pipeline/domain/window.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { closePastMonths, writePastRanks } from '../../../../pipeline/stages/sample-past/index.ts';
import { nameOf } from '../../../../pipeline/stages/sample-past/names.ts';
import { weightsBefore } from '../../../../pipeline/stages/sample-past/other-knowledge.ts';
import {
  addRepository,
  configOf,
  contribute,
  NOW,
  PEOPLE,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { addFixedCommunity, FIXED_PEOPLE } from '../../../support/fixed-community.ts';

describeOnDatabases('the past of the sample', (database) => {
  const at = (now: Date) => ({
    ...{ db: database.db, now, log: quiet },
    config: configOf({ people: FIXED_PEOPLE }),
  });
  const readRanks = () =>
    database.db
      .selectFrom('leaderboard_snapshots')
      .selectAll()
      .orderBy('taken_on')
      .orderBy('repository_id')
      .orderBy('period')
      .orderBy('user_id')
      .execute();
  const weeksAgo = (weeks: number) => new Date(+startOfDay(NOW) - 7 * weeks * DAY_MS);
  const dayOf = (date: Date) => date.toISOString().slice(0, 10);

  beforeEach(async () => {
    await emptyTables(database.db);
    await addFixedCommunity(database.db);
    // At both ends of the week and of the month that end a week and four weeks ago.
    const { id } = await database.db
      .selectFrom('repositories')
      .select('id')
      .where('name', '=', 'one')
      .executeTakeFirstOrThrow();
    for (const [place, weeks] of [1, 2, 4, 5].entries()) {
      const start = weeksAgo(weeks);
      await contribute(database.db, id, PEOPLE.cyd.id, 'COMMENT', 1, {
        at: start,
        from: 9000 + place,
      });
      const before = new Date(+start - 1);
      await contribute(database.db, id, PEOPLE.bob.id, 'COMMENT', 1, {
        at: before,
        from: 9100 + place,
      });
      await contribute(database.db, id, PEOPLE.bob.id, 'RELEASE', 1, {
        at: before,
        from: 9200 + place,
      });
    }
  });

  it('has names of many scripts, and none of bots and people who opted out', async () => {
    await database.db
      .updateTable('github_users')
      .set({ login: sql`'sample-' || login`, display_name: null })
      .execute();
    const config = configOf({ people: { opt_out: [PEOPLE.gone.id] } });
    await writePastRanks({ ...at(NOW), config });
    const named = await database.db
      .selectFrom('github_users')
      .select(['github_id', 'login', 'display_name'])
      .where('display_name', 'is not', null)
      .execute();
    for (const { github_id: id, login, display_name } of named)
      expect(display_name).toBe(nameOf({ id, login }));
    // Of these, 7 is a bot.
    expect([1, 4, 5, 7].map((id) => nameOf({ id, login: 'sample-one' }) !== null)).not.toContain(
      false,
    );
    expect(named.map(({ github_id }) => github_id).toSorted()).toEqual([1, 4]);
  });

  it('has the ranks that runs of those days would have stored', async () => {
    const { weights, ...config } = at(NOW).config;
    const then = { ...config, weights: weightsBefore(weights) };
    for (const weeks of [4, 1])
      await calculate({ ...at(weeksAgo(weeks)), config: then, isWhole: true });
    const stored = await readRanks();
    await database.db.deleteFrom('leaderboard_snapshots').execute();
    await writePastRanks(at(NOW));
    const made = await readRanks();
    const isCompared = ({ period, taken_on, repository_id }: (typeof stored)[number]) =>
      repository_id === 0 ||
      taken_on === dayOf(new Date(+startOfDay(NOW) - COMPARED_DAYS[period as Period] * DAY_MS));
    const days = [dayOf(weeksAgo(1)), dayOf(weeksAgo(4))];
    expect(stored.filter(isCompared).length).toBeGreaterThan(12);
    expect(made.filter(({ taken_on }) => days.includes(taken_on))).toEqual(
      stored.filter(isCompared),
    );
    expect(new Set(made.map(({ taken_on }) => taken_on)).size).toBe(13);
  });

  it('is written before the first calculation alone, which compares with it', async () => {
    await writePastRanks(at(NOW));
    const made = await readRanks();
    await writePastRanks(at(new Date(+NOW + DAY_MS)));
    expect(await readRanks()).toEqual(made);
    await calculate(at(NOW));
    const compared = await database.db
      .selectFrom('global_leaderboard')
      .select('previous_rank')
      .where('previous_rank', 'is not', null)
      .execute();
    expect(compared.length).toBeGreaterThan(2);
  });

  it('has months that closed in their time', async () => {
    await emptyTables(database.db);
    const repository = await addRepository(database.db, 'octo', 'one', { dataUntil: NOW });
    await database.db
      .insertInto('scrape_windows')
      .values({
        ...{ repository_id: repository, source: 'sample', completeness: 1, gaps: '[]' },
        ...{ window_from: new Date('2026-01-01'), window_to: NOW },
      })
      .execute();
    await calculate(at(NOW));
    await closePastMonths(at(NOW));
    expect(await readClosedMonths(database.db)).toMatchObject(
      ['2026-02-04T03:00:00Z', '2026-03-04T03:00:00Z'].map((closed) => ({
        closedAt: new Date(closed),
        dataUntil: new Date(closed),
      })),
    );
  });
});
