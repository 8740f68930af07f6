import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../../db/client.ts';
import { calculate, recalculate } from '../../../../pipeline/stages/calculate/index.ts';
import {
  addRepository,
  addUser,
  configOf,
  contribute,
  NOW,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables, useDatabase } from '../../../support/databases.ts';
import { dumpResults } from '../../../support/pipeline.ts';

/** A calculation is atomic: if it fails midway, and for a reader on another connection. */

const PEOPLE = 60;
const OLD = configOf();
/** Other scores, other ranks and one person less. */
const NEW = configOf({ weights: { base_points: { COMMENT: 9 } }, people: { opt_out: [1] } });

/** Two repositories in which everybody has contributions, with a different number for each. */
async function fill(db: Db): Promise<void> {
  await emptyTables(db);
  const repositories = [
    await addRepository(db, 'octo', 'one'),
    await addRepository(db, 'octo', 'two'),
  ];
  for (let id = 1; id <= PEOPLE; id++) {
    await addUser(db, id, `user${id}`);
    for (const repository of repositories) {
      await contribute(db, repository, id, 'COMMENT', 1 + (id % 7));
      await contribute(db, repository, id, 'COMMIT', 1 + (id % 3));
    }
  }
}

/** Makes the database reject new rows of a table until the returned function is called. */
async function refuseRowsOf(db: Db, table: string): Promise<() => Promise<void>> {
  await sql`CREATE OR REPLACE FUNCTION refuse_rows() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'no new rows'; END $$`.execute(db);
  await sql`CREATE TRIGGER refuse_rows BEFORE INSERT ON ${sql.table(table)}
    EXECUTE FUNCTION refuse_rows()`.execute(db);
  return async () => {
    await sql`DROP TRIGGER refuse_rows ON ${sql.table(table)}`.execute(db);
  };
}

describeOnDatabases('a calculation that fails midway', (database) => {
  beforeEach(() => fill(database.db));

  const everything = async () => {
    const weights = database.db.selectFrom('scoring_weights').selectAll();
    return {
      results: await dumpResults(database.db),
      weights: await weights.orderBy('version').orderBy('kind').execute(),
    };
  };

  describe.each([
    ['calculate', calculate],
    ['recalculate', recalculate],
  ])('%s', (_, run) => {
    it.each(['repository_leaderboards', 'global_leaderboard', 'leaderboard_snapshots'])(
      'keeps the old boards, people and weights if %s accepts no new rows',
      async (table) => {
        const { db } = database;
        const context = { db, now: NOW, log: quiet };
        await calculate({ ...context, config: OLD });
        const before = await everything();
        expect(before.results.global_leaderboard).toHaveLength(5 * PEOPLE);
        const admit = await refuseRowsOf(db, table);
        await expect(run({ ...context, config: NEW })).rejects.toThrow('no new rows');
        await admit();
        expect(await everything()).toEqual(before);
        await run({ ...context, config: NEW });
        expect((await everything()).results.global_leaderboard).toHaveLength(5 * (PEOPLE - 1));
      },
    );
  });
});

describe.runIf(inject('postgresUrl'))('a reader on another connection', () => {
  const database = useDatabase('server');
  let reader: Db;
  beforeAll(async () => {
    await fill(database.db);
    reader = await openDatabase(database.url);
  });
  afterAll(() => reader?.destroy());

  const run = (config: typeof OLD) => calculate({ db: database.db, config, now: NOW, log: quiet });

  /** All boards at one moment, read by one statement. */
  async function look(): Promise<string> {
    const { rows } = await sql<{ shown: string }>`
      SELECT concat_ws(' ',
        (SELECT string_agg(DISTINCT version, ',') FROM scoring_weights WHERE is_current),
        (SELECT count(*) FROM github_users WHERE is_opted_out),
        (SELECT ${digest('repository_id, period, user_id')} FROM repository_leaderboards b),
        (SELECT ${digest('period, user_id')} FROM global_leaderboard b),
        (SELECT ${digest('repository_id, period, user_id')} FROM leaderboard_snapshots b)
      ) AS shown`.execute(reader);
    return rows[0]?.shown ?? '';
  }

  const digest = (order: string) =>
    sql`count(*) || ':' || coalesce(md5(string_agg(b::text, ',' ORDER BY ${sql.raw(order)})), '')`;

  it.each([
    ['one after the other', 1],
    ['two at once', 2],
  ])('sees only complete boards, with calculations %s', async (_, atOnce) => {
    const whole: string[] = [];
    for (const config of [NEW, OLD]) {
      await run(config);
      whole.push(await look());
    }
    expect(new Set(whole).size).toBe(2);

    const seen: string[] = [];
    let isOver = false;
    const looking = (async () => {
      while (!isOver) seen.push(await look());
    })();
    const configs = [NEW, OLD, OLD, NEW];
    try {
      for (let i = 0; i < 20 || seen.length < 100; i++) {
        const some = Array.from({ length: atOnce }, (_, k) => configs[(i + k) % 4] ?? OLD);
        await Promise.all(some.map(run));
      }
    } finally {
      isOver = true;
      await looking;
    }
    expect(seen.filter((shown) => !whole.includes(shown))).toEqual([]);
    expect(new Set(seen)).toEqual(new Set(whole));
  });
});
