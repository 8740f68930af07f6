import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { CONTRIBUTION_KINDS } from '../../../../pipeline/domain/contribution-kinds.ts';
import { PERIODS, periodStart } from '../../../../pipeline/domain/time.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { addRepository, addUser, ago, configOf, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { runs } from '../../../support/runs.ts';

/** A calculation counts what changed since the last one: it must give what a whole one gives. */

const USERS = [1, 2, 3, 4, 5];
const REPOSITORIES = [1, 2, 3];
/** The clocks of the calculations: hours, days and months apart, and once backwards. */
const CLOCKS = [ago(60), ago(59.9), ago(58), ago(58), ago(20), ago(19), ago(19.5), ago(1), ago(0)];

const moments = CLOCKS.flatMap((clock) =>
  PERIODS.map((period) => periodStart(period, clock) ?? clock),
).flatMap((moment) => [-1, 0, 1].map((by) => new Date(moment.getTime() + by)));

const user = fc.constantFrom(...USERS);
const repository = fc.constantFrom(...REPOSITORIES);
const number = fc.integer({ min: 1, max: 5 });

const row = fc.record({
  repository,
  user: fc.option(user, { freq: 8 }),
  kind: fc.constantFrom(...CONTRIBUTION_KINDS, 'PR_OPENED' as const, 'PR_REVIEWED' as const),
  at: fc.constantFrom(...moments),
  number,
  lines: fc.integer({ min: 0, max: 40_000 }),
});

type Step = (db: Db) => Promise<unknown>;

/** Most nights change no rule. */
const people = fc.constantFrom(
  {},
  {},
  {},
  {},
  { opt_out: [3] },
  { aliases: [{ id: 1, is: 2 }] },
  { aliases: [{ id: 1, is: 3 }], opt_out: [4] },
  { bots: { ids: [2], logins: [] } },
);
const weights = fc.constantFrom({}, {}, {}, {}, {}, {}, { base_points: { COMMENT: 7 } });

/** One thing that a night may change. */
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: row.map(
      (one): Step =>
        (db) =>
          store(db, [one]),
    ),
  },
  {
    weight: 1,
    arbitrary: number.map(
      (place): Step =>
        (db) =>
          sql`DELETE FROM contribution_events WHERE ctid IN (
        SELECT ctid FROM contribution_events ORDER BY repository_id, event_id
        OFFSET ${place} LIMIT 2)`.execute(db),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(user, fc.option(user)).map(
      ([from, to]): Step =>
        (db) =>
          db
            .updateTable('contribution_events')
            // Of a person whose id has changed meanwhile, nobody.
            .set({ user_id: sql`(SELECT github_id FROM github_users WHERE github_id = ${to})` })
            .where('user_id', '=', from)
            .where('kind', 'in', ['PR_OPENED', 'PR_MERGED', 'COMMIT'])
            .execute(),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(repository, fc.constantFrom('ACTIVE', 'ARCHIVED')).map(
      ([id, status]): Step =>
        (db) =>
          sql`UPDATE repositories SET status = ${status} WHERE id = ${id}`.execute(db),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(repository, repository).map(
      ([from, to]): Step =>
        (db) =>
          sql`UPDATE contribution_events AS c SET repository_id = ${to}
          WHERE repository_id = ${from} AND NOT EXISTS (SELECT FROM contribution_events k
            WHERE k.repository_id = ${to} AND k.event_id = c.event_id)`.execute(db),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(10, 11).map(
      (by): Step =>
        (db) =>
          sql`UPDATE github_users SET github_id = github_id + ${by}
          WHERE github_id = 5 OR github_id = 5 - ${by}`.execute(db),
    ),
  },
);

async function store(
  db: Db,
  facts: readonly (typeof row extends fc.Arbitrary<infer T> ? T : never)[],
) {
  for (const one of facts) {
    const isPull = one.kind === 'PR_OPENED' || one.kind === 'PR_MERGED';
    const known = await sql`SELECT FROM github_users WHERE github_id = ${one.user}`.execute(db);
    await db
      .insertInto('contribution_events')
      .values({
        repository_id: one.repository,
        event_id: isPull
          ? `pr:${one.number}:${one.kind === 'PR_OPENED' ? 'opened' : 'merged'}`
          : `${one.kind}:${one.number}:${one.at.getTime()}`,
        kind: one.kind,
        user_id: known.rows.length > 0 ? one.user : null,
        occurred_at: one.at,
        subject_number: one.number,
        lines_added: one.lines,
        lines_deleted: 1,
        source: 'github',
      })
      .onConflict((conflict) =>
        conflict.columns(['repository_id', 'event_id']).doUpdateSet({
          user_id: (known.rows.length > 0 ? one.user : null) as number,
          occurred_at: one.at,
        }),
      )
      .execute();
  }
}

async function results(db: Db) {
  const read = async (table: string) =>
    (await sql<{ row: string }>`SELECT t::text AS row FROM ${sql.table(table)} t`.execute(db)).rows
      .map((one) => one.row)
      .toSorted();
  return {
    own: await read('repository_leaderboards'),
    global: await read('global_leaderboard'),
    weeks: await read('contributor_weeks'),
    boardWeeks: await read('board_weeks'),
    snapshots: await read('leaderboard_snapshots'),
  };
}

const night = fc.record({ steps: fc.array(step, { maxLength: 5 }), people, weights });

describeOnDatabases('a calculation of what changed', (database) => {
  it('gives what a whole calculation gives', async () => {
    const { db } = database;
    const property = fc.asyncProperty(
      fc.array(row, { minLength: 5, maxLength: 40 }),
      fc.array(night, { minLength: CLOCKS.length, maxLength: CLOCKS.length }),
      async (rows, nights) => {
        await emptyTables(db);
        for (const id of REPOSITORIES) await addRepository(db, 'octo', `number${id}`);
        for (const id of USERS) await addUser(db, id, `user${id}`);
        await store(db, rows);
        for (const [index, { steps, ...rules }] of nights.entries()) {
          const now = CLOCKS[index] as Date;
          for (const change of steps) await change(db);
          const context = { db, now, log: quiet, config: configOf(rules) };
          await calculate(context);
          const found = await results(db);
          await calculate({ ...context, isWhole: true });
          expect(found).toEqual(await results(db));
        }
      },
    );
    await fc.assert(property, runs(2));
  });
});
