import { beforeEach, expect, it } from 'vitest';
import type { ConfigName } from '../../../../pipeline/config/schema.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { previewConfig } from '../../../../pipeline/stages/preview/index.ts';
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
import { dumpTables } from '../../../support/dump-tables.ts';

const BOTH = [
  { owner: 'octo', name: 'one', neverRescrapeBefore: null, defaultBranch: null },
  { owner: 'octo', name: 'two', neverRescrapeBefore: null, defaultBranch: null },
];
const THIRD = { owner: 'octo', name: 'three', neverRescrapeBefore: null, defaultBranch: null };

describeOnDatabases('the preview of a configuration', (database) => {
  /** Ada: 30 and 6 points, Bob: 25, Cyd: 8 in the second repository only. */
  beforeEach(async () => {
    const { db } = database;
    await emptyTables(db);
    const one = await addRepository(db, 'octo', 'one');
    const two = await addRepository(db, 'octo', 'two');
    for (const [id, login] of [
      [1, 'ada'],
      [2, 'bob'],
      [3, 'cyd'],
    ] as const) {
      await addUser(db, id, login);
    }
    await contribute(db, one, 1, 'RELEASE');
    await contribute(db, two, 1, 'COMMENT', 2, { at: ago(100) });
    await contribute(db, one, 2, 'PR_MERGED');
    await contribute(db, two, 3, 'ISSUE_OPENED');
  });

  const calculated = (changes: Partial<Record<ConfigName, unknown>> = {}) =>
    calculate({ db: database.db, config: configOf(changes), now: NOW, log: quiet });

  const preview = (changes: Partial<Record<ConfigName, unknown>> = {}, wanted = BOTH) =>
    previewConfig({ db: database.db, config: configOf(changes), wanted, now: NOW });

  /** As `login before → after`. */
  async function moves(...args: Parameters<typeof preview>): Promise<string[]> {
    const { ranks } = (await preview(...args)) ?? expect.fail('nothing to compare');
    return [
      ...ranks.moved.map((m) => `${m.login} ${m.before.rank} → ${m.after.rank}`),
      ...ranks.rescored.map((m) => `${m.login} ${m.before.score} → ${m.after.score} points`),
      ...ranks.entered.map(({ login }) => `${login} enters`),
      ...ranks.left.map(({ login }) => `${login} leaves`),
    ];
  }

  it('shows no changes for the configuration in force', async () => {
    await calculated();
    expect(await preview()).toEqual({
      isReweighted: false,
      repositories: { added: 0, archived: 0, restored: 0 },
      accountsChanged: 0,
      ranks: { before: 3, after: 3, moved: [], rescored: [], entered: [], left: [] },
      optedOut: 0,
    });
  });

  it('shows who moves by other weights', async () => {
    await calculated();
    expect(await moves({ weights: { base_points: { RELEASE: 1 } } })).toEqual([
      'ada 1 → 3',
      'bob 2 → 1',
      'cyd 3 → 2',
    ]);
    expect(await moves({ weights: { base_points: { ISSUE_OPENED: 9 } } })).toEqual([
      'cyd 8 → 9 points',
    ]);
  });

  it('removes a repository that is not configured any more from the board', async () => {
    await calculated();
    expect(await moves({}, BOTH.slice(0, 1))).toEqual(['ada 36 → 30 points', 'cyd leaves']);
    const { repositories } = (await preview({}, [...BOTH, THIRD])) ?? {};
    expect(repositories).toEqual({ added: 1, archived: 0, restored: 0 });
  });

  it('restores an archived repository', async () => {
    await database.db
      .updateTable('repositories')
      .set({ status: 'ARCHIVED' })
      .where('name', '=', 'two')
      .execute();
    await calculated();
    expect(await moves()).toEqual(['ada 30 → 36 points', 'cyd enters']);
  });

  it('shows the effect of bots and aliases', async () => {
    await calculated();
    expect(await moves({ people: { bots: { logins: ['ada'] } } })).toEqual([
      'bob 2 → 1',
      'cyd 3 → 2',
      'ada leaves',
    ]);
    expect(await moves({ people: { aliases: [{ id: 3, is: 2 }] } })).toEqual([
      'bob 25 → 33 points',
      'cyd leaves',
    ]);
  });

  it('does not name people who opt out', async () => {
    await calculated();
    const result = await preview({ people: { opt_out: [1] } });
    expect(result).toMatchObject({ accountsChanged: 1, optedOut: 1, ranks: { left: [] } });
    expect(JSON.stringify(result)).not.toContain('ada');
  });

  it('compares at one clock: later contributions move nobody', async () => {
    await calculated();
    await contribute(database.db, 1, 3, 'RELEASE', 5, { at: ago(-2) });
    expect(await moves()).toEqual([]);
  });

  it('has nothing to compare with before the first calculation, or without contributions', async () => {
    expect(await preview()).toBeNull();
    await calculated();
    await database.db.deleteFrom('contribution_events').execute();
    expect(await preview()).toBeNull();
  });

  it('changes nothing in any table', async () => {
    await calculated();
    const before = await dumpTables(database.db);
    const people = { opt_out: ['bob'], bots: { ids: [3] }, aliases: [{ id: 2, is: 1 }] };
    const weights = { base_points: { COMMENT: 100 } };
    await preview({ people, weights }, [BOTH[1] ?? THIRD, THIRD]);
    expect(await dumpTables(database.db)).toEqual(before);
    await calculated();
    expect(await dumpTables(database.db)).toEqual(before);
  });
});
