import { beforeEach, expect, it } from 'vitest';
import type { ConfigName } from '../../../../pipeline/config/schema.ts';
import { PERIODS } from '../../../../pipeline/domain/time.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { isChanged } from '../../../../pipeline/stages/preview/compare-boards.ts';
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

  /** Of all time, in the order of the board afterwards: `login before → after`. */
  async function moves(...args: Parameters<typeof preview>): Promise<string[]> {
    const { boards } = (await preview(...args)) ?? expect.fail('nothing to compare');
    const { top, leaving } = boards[0] ?? expect.fail('no board');
    return [
      ...top.flatMap(({ login, before, after }) => {
        if (!before) return `${login} enters`;
        if (before.rank !== after?.rank) return `${login} ${before.rank} → ${after?.rank}`;
        return before.score === after.score
          ? []
          : `${login} ${before.score} → ${after.score} points`;
      }),
      ...leaving.map(({ login }) => `${login} leaves`),
    ];
  }

  it('shows no changes for the configuration in force', async () => {
    await calculated();
    const report = (await preview()) ?? expect.fail('nothing to compare');
    expect(report).toMatchObject({
      weights: [],
      people: { bots: { count: 0 }, aliases: { count: 0 }, opted_out: 0 },
      repositories: { added: [], restored: [], removed: [] },
      unchanged_boards: 10,
      unknown: [],
    });
    expect(report.boards.map(({ scope, period }) => `${scope} ${period}`)).toEqual(
      PERIODS.map((period) => `global ${period}`),
    );
    expect(report.boards.filter(isChanged)).toEqual([]);
    expect(report.boards[0]).toMatchObject({ people: { before: 3, after: 3 }, kept: 3 });
  });

  it('shows who moves by other weights', async () => {
    await calculated();
    expect(await moves({ weights: { base_points: { RELEASE: 1 } } })).toEqual([
      'bob 2 → 1',
      'cyd 3 → 2',
      'ada 1 → 3',
    ]);
    expect(await moves({ weights: { base_points: { ISSUE_OPENED: 9 } } })).toEqual([
      'cyd 8 → 9 points',
    ]);
  });

  it('tells a move by the own score from one because others moved', async () => {
    await calculated();
    const report = await preview({ weights: { base_points: { RELEASE: 1 } } });
    expect(report?.boards[0]).toMatchObject({ moved: { own: 1, others: 2 }, kept: 0 });
    expect(report?.boards[0]?.movers).toMatchObject([
      { login: 'ada', cause: 'own' },
      { login: 'bob', cause: 'others' },
      { login: 'cyd', cause: 'others' },
    ]);
  });

  it('shows the effect of each changed key alone', async () => {
    await calculated();
    const weights = { base_points: { RELEASE: 1, ISSUE_OPENED: 26 }, lines: { from: 'COMMIT' } };
    const alone = (await preview({ weights }))?.weights.map(
      ({ key, before, after, alone: [all] }) => [
        ...[key, before, after, all?.moved.own, all?.moved.others],
      ],
    );
    expect(alone).toEqual([
      ['base_points.RELEASE', 30, 1, 1, 2],
      ['base_points.ISSUE_OPENED', 8, 26, 1, 1],
      ['lines.from', 'PR_MERGED', 'COMMIT', 0, 0],
    ]);
  });

  it('shows where points come from, and how they are spread', async () => {
    await calculated();
    const report = await preview({ weights: { base_points: { RELEASE: 1 } } });
    expect(report?.boards[0]?.shares).toEqual({
      RELEASE: { before: 0.4348, after: 0.025 },
      PR_MERGED: { before: 0.3623, after: 0.625 },
      ISSUE_OPENED: { before: 0.1159, after: 0.2 },
      COMMENT: { before: 0.087, after: 0.15 },
    });
    expect(report?.boards[0]?.spread).toEqual({
      before: { top_ten_share: 1, median: 25 },
      after: { top_ten_share: 1, median: 8 },
    });
  });

  it('removes a repository that is not configured any more from the board', async () => {
    await calculated();
    expect(await moves({}, BOTH.slice(0, 1))).toEqual(['ada 36 → 30 points', 'cyd leaves']);
    const { repositories } = (await preview({}, [...BOTH, THIRD])) ?? {};
    expect(repositories).toMatchObject({ added: ['octo/three'], restored: [], removed: [] });
    expect((await preview({}, BOTH.slice(0, 1)))?.repositories.removed).toEqual([
      {
        repository: 'octo/two',
        people: 2,
        points: 14,
        losses: [
          { login: 'cyd', points: 8 },
          { login: 'ada', points: 6 },
        ],
      },
    ]);
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
    expect(result?.people).toMatchObject({ opted_out: 1, bots: { count: 0 } });
    expect(result?.boards[0]).toMatchObject({ left: 1, leaving: [] });
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
