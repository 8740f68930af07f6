import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PERIODS } from '../../../../pipeline/domain/time.ts';
import type {
  Contributor,
  ContributorRepositories,
  History,
  Index,
  Leaderboard,
  Repositories,
  Stats,
} from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { checkBoards } from '../../../../site/check/boards.ts';
import { openFolder } from '../../../../site/check/documents.ts';
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
import { readTexts } from '../../../support/read-documents.ts';

const PEOPLE = { 1: 'ada', 2: 'ben', 3: 'cyd' } as const;
type Id = keyof typeof PEOPLE;

/** Who did what where and how long ago, and who then has points, of all time and in the month. */
const CASES: readonly {
  readonly name: string;
  readonly weights: object;
  readonly done: readonly [Id, 'COMMENT' | 'COMMIT' | 'PR_MERGED', 'one' | 'two', number][];
  readonly all: readonly string[];
  readonly month: readonly string[];
  /** On the board of `octo/one`, of all time. */
  readonly one: readonly string[];
}[] = [
  {
    name: 'whose only kind has weight 0',
    weights: { base_points: { COMMENT: 0 } },
    done: [
      [1, 'COMMIT', 'one', 1],
      [2, 'COMMENT', 'one', 1],
      [3, 'COMMENT', 'two', 1],
    ],
    all: ['ada'],
    month: ['ada'],
    one: ['ada'],
  },
  {
    name: 'who have points in another repository only',
    weights: { base_points: { COMMENT: 0 } },
    done: [
      [1, 'COMMIT', 'one', 1],
      [2, 'COMMENT', 'one', 1],
      [2, 'COMMIT', 'two', 1],
    ],
    all: ['ada', 'ben'],
    month: ['ada', 'ben'],
    one: ['ada'],
  },
  {
    name: 'who have points in an earlier time only',
    weights: { base_points: { COMMENT: 0 } },
    done: [
      [1, 'COMMIT', 'one', 1],
      [2, 'COMMIT', 'one', 60],
      [2, 'COMMENT', 'one', 1],
    ],
    all: ['ada', 'ben'],
    month: ['ada'],
    one: ['ada', 'ben'],
  },
  {
    name: 'when nothing has points',
    weights: { base_points: { COMMENT: 0, COMMIT: 0 } },
    done: [
      [1, 'COMMIT', 'one', 1],
      [2, 'COMMENT', 'two', 1],
    ],
    all: [],
    month: [],
    one: [],
  },
  {
    name: 'when points are for lines alone, and somebody changed none',
    weights: { base_points: { PR_MERGED: 0 } },
    done: [[1, 'PR_MERGED', 'one', 1]],
    all: [],
    month: [],
    one: [],
  },
];

describeOnDatabases('people without points', (database) => {
  let out: string;
  beforeEach(async () => {
    await emptyTables(database.db);
    out = mkdtempSync(join(tmpdir(), 'unranked-'));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  const read = <T>(path: string): T =>
    JSON.parse(readTexts(join(out, 'api', 'v1')).get(path) ?? 'null');
  const board = (scope: string, period: string) =>
    read<Leaderboard>(`leaderboard/${scope}/${period}/1.json`);
  const names = ({ entries }: Leaderboard) => entries.map(({ username }) => username).sort();

  it.each(CASES)(
    '$name, are counted and listed nowhere',
    async ({ weights, done, ...expected }) => {
      const { db } = database;
      const ids = { one: await addRepository(db, 'octo', 'one'), two: 0 };
      ids.two = await addRepository(db, 'octo', 'two');
      for (const [id, login] of Object.entries(PEOPLE)) await addUser(db, Number(id), login);
      for (const [id, kind, repository, days] of done) {
        await contribute(db, ids[repository], id, kind, 1, { at: ago(days) });
      }
      const config = configOf({ weights });
      await calculate({ db, config, now: ago(7), log: quiet });
      await calculate({ db, config, now: NOW, log: quiet });
      await report({ db, config, now: NOW, log: quiet, out, sample: false });

      expect(names(board('global', 'all'))).toEqual(expected.all);
      expect(names(board('global', 'month'))).toEqual(expected.month);
      expect(names(board('octo/one', 'all'))).toEqual(expected.one);
      const everybody = new Set(done.map(([id]) => id)).size;
      const global = board('global', 'all');
      expect(global.total).toBe(expected.all.length);
      expect(global.unranked.contributors).toBe(everybody - expected.all.length);
      expect(read<Index>('index.json').contributors.toSorted()).toEqual(expected.all);
      const stats = read<Stats>('dashboard/stats.json');
      expect(stats).toMatchObject({
        contributors: expected.all.length,
        contributions: done.length,
      });
      const { repositories } = read<Repositories>('repositories.json');
      expect(repositories[0]?.contributors).toBe(expected.one.length);
      expect(repositories.reduce((sum, one) => sum + one.contributions, 0)).toBe(done.length);
      for (const login of read<History>('history.json').usernames)
        expect(expected.all).toContain(login);
      for (const login of expected.all) {
        const { periods } = read<Contributor>(`contributors/${login}.json`);
        expect('month' in periods).toBe(expected.month.includes(login));
        const list = read<ContributorRepositories>(`contributors/${login}/repositories.json`);
        const isOnOne = list.repositories.some(({ repository }) => repository === 'octo/one');
        expect(isOnOne).toBe(expected.one.includes(login));
        expect(periods.all?.repositories_contributed).toBe(list.repositories.length);
      }
      // The check of the built site: the boards of the repositories sum to the global one.
      const sums = await checkBoards(openFolder(out), ['octo/one', 'octo/two'], [...PERIODS]);
      expect(sums).toEqual([]);
    },
  );
});
