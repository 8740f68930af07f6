import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
  countColumn,
} from '../../../../pipeline/domain/contribution-kinds.ts';
import { type Board, boardSchema } from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { addUser, configOf, contribute, NOW, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { fillShape } from '../../../support/fill-shape.ts';
import { readTexts } from '../../../support/read-documents.ts';

/** Weights with decimals that binary fractions don't hold, and a kind without points. */
const WEIGHTS = {
  base_points: { COMMENT: 0, COMMIT: 0.1, PR_OPENED: 0.007, ISSUE_OPENED: 1.115, RELEASE: 999.999 },
  lines: { added: 0.0013 },
};

const DAY_MS = 86_400_000;
const sumOf = (numbers: readonly number[] = []) => numbers.reduce((sum, one) => sum + one, 0);

describeOnDatabases('boards by columns', (database) => {
  const out = mkdtempSync(join(tmpdir(), 'columns-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  let texts: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const { db } = database;
    await emptyTables(db);
    await fillShape(db, { people: 300, repositories: 3, contributions: 4_000 }, NOW);
    await addUser(db, -5, 'only.login');
    await contribute(db, 1, -5, 'RELEASE', 1);
    // All on one page, so that the documents by rows are whole, too.
    const config = configOf({ weights: WEIGHTS, site: { page_size: 500 } });
    await calculate({ db, config, now: NOW, log: quiet });
    await report({ db, config, now: NOW, log: quiet, out, sample: false });
    texts = readTexts(join(out, 'api/v1'));
  }, 120_000);
  const read = (path: string) => JSON.parse(texts.get(path) ?? 'null');
  const boards = () =>
    [...texts.keys()]
      .filter((path) => path.startsWith('boards/'))
      .map((path) => [path, boardSchema.parse(read(path))] as const);

  /** The entry by rows that belongs to a line of the columns. */
  function entryOf({ columns, profile_url, avatar_url }: Board, at: number) {
    const { base_points } = read('config/scoring.json');
    const counts = COUNT_COLUMNS.map((name) => [name, columns.counts[name]?.[at] ?? 0] as const);
    const countOf = Object.fromEntries(counts);
    const points = CONTRIBUTION_KINDS.map((kind) => [
      kind,
      Math.round((countOf[countColumn(kind)] ?? 0) * base_points[kind] * 1000) / 1000,
    ]);
    const username = columns.username[at] ?? '';
    const id = columns.github_id?.[at] ?? null;
    return {
      username,
      github_id: id,
      display_name: columns.display_name?.[at] ?? null,
      avatar_url: id === null ? null : avatar_url?.replace('{github_id}', String(id)),
      profile_url: profile_url.replace('{username}', encodeURIComponent(username)),
      rank: columns.rank?.[at],
      previous_rank: columns.previous_rank?.[at] ?? null,
      total_score: columns.total_score?.[at],
      ...countOf,
      lines_added: columns.lines_added?.[at] ?? 0,
      lines_deleted: columns.lines_deleted?.[at] ?? 0,
      first_contribution_at: columns.first_contribution_day?.[at],
      last_contribution_at: columns.last_contribution_day?.[at],
      points: { ...Object.fromEntries(points), line_bonus: columns.line_bonus?.[at] ?? 0 },
      delta_7d: columns.delta_7d?.[at] ?? 0,
      trend: columns.trend?.[at] ?? [],
      ...(columns.repositories_contributed && {
        repositories_contributed: columns.repositories_contributed[at],
      }),
    };
  }

  const withDays = (entry: { first_contribution_at: string; last_contribution_at: string }) => ({
    ...entry,
    first_contribution_at: Math.floor(Date.parse(entry.first_contribution_at) / DAY_MS),
    last_contribution_at: Math.floor(Date.parse(entry.last_contribution_at) / DAY_MS),
  });

  it('say what the documents by rows say, points by kind from counts and weights', () => {
    let compared = 0;
    for (const [path, board] of boards()) {
      const { entries, total, unranked } = read(path.replace('boards/', 'leaderboard/'));
      expect(board, path).toMatchObject({ total, unranked, shard: 1, shards: 1 });
      expect(entries.length, path).toBe(total);
      for (const [at, entry] of entries.entries())
        expect(entryOf(board, at), path).toEqual(withDays(entry));
      compared += entries.length;
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('have the points of the week, and the weeks of the activity of those with a page', () => {
    const week = boardSchema.parse(read('boards/global/week/1.json')).columns;
    const { columns, total } = boardSchema.parse(read('boards/global/all/1.json'));
    const points = new Map(week.username.map((name, at) => [name, week.total_score?.[at] ?? 0]));
    const monday = Math.floor((NOW.getTime() / DAY_MS + 3) / 7) * 7 - 3;
    let compared = 0;
    for (const [at, name] of columns.username.slice(0, total).entries()) {
      expect(columns.delta_7d?.[at], name).toBe(points.get(name) ?? 0);
      const activity = read(`contributors/${name}/activity.json`);
      if (activity === null) continue;
      const weeks = new Array<number>(26).fill(0);
      for (const { week: day, total: contributions } of activity.weeks) {
        const place = 25 - (monday - Date.parse(day) / DAY_MS) / 7;
        if (place >= 0) weeks[place] = contributions;
      }
      const first = weeks.findIndex((one) => one > 0);
      expect(columns.trend?.[at], name).toEqual(first === -1 ? [] : weeks.slice(first));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(200);
    // In parts by repository that sum up to the whole.
    const own = boards().filter(
      ([path]) => path.endsWith('/all/1.json') && !path.startsWith('boards/global'),
    );
    const sums = new Map<string, number>();
    for (const [, { columns: part }] of own)
      for (const [at, name] of part.username.entries())
        sums.set(name, (sums.get(name) ?? 0) + sumOf(part.trend?.[at]));
    for (const [at, name] of columns.username.entries())
      expect(sums.get(name), name).toBe(sumOf(columns.trend?.[at]));
  });

  it('have the points that the database has calculated', async () => {
    const { columns, ...board } = boardSchema.parse(read('boards/global/all/1.json'));
    const rows = await database.db
      .selectFrom('global_leaderboard')
      .innerJoin('github_users', 'github_id', 'user_id')
      .select(['login', 'points', 'total_score'])
      .where('period', '=', 'all')
      .execute();
    const byLogin = new Map(rows.map((row) => [row.login, row]));
    expect(rows.length).toBe(columns.username.length);
    for (const [at, login] of columns.username.entries()) {
      const { points, total_score } = entryOf({ ...board, columns }, at);
      const row = byLogin.get(login);
      expect([points, total_score], login).toEqual([row?.points, row?.total_score]);
    }
  });

  it('end with everybody whose contributions have no points', () => {
    let unranked = 0;
    for (const [path, { columns, ...board }] of boards()) {
      const ranks = columns.rank ?? columns.username.map(() => null);
      expect(ranks.indexOf(null) === -1 ? ranks.length : ranks.indexOf(null), path).toBe(
        board.total,
      );
      const rest = columns.username.slice(board.total);
      expect(rest.length, path).toBe(board.unranked.contributors);
      const all = rest.flatMap((_, index) =>
        COUNT_COLUMNS.map((name) => columns.counts[name]?.[board.total + index] ?? 0),
      );
      expect(
        all.reduce((sum, count) => sum + count, 0),
        path,
      ).toBe(board.unranked.contributions);
      unranked += rest.length;
    }
    expect(unranked).toBeGreaterThan(50);
  });

  it('leave out columns that say nothing, and links to those without a page', () => {
    const { columns } = boardSchema.parse(read('boards/global/all/1.json'));
    expect(columns.previous_rank).toBeUndefined();
    const own = new Set(read('index.json').contributors);
    expect(columns.username.filter((_, at) => columns.page?.[at] === 1)).toEqual([...own]);
    expect(columns.page?.[columns.username.indexOf('only.login')]).toBe(0);
  });

  it('of other lengths are refused', () => {
    const board = read('boards/global/all/1.json');
    board.columns.counts.commit_count.pop();
    expect(boardSchema.safeParse(board).error?.issues[0]?.message).toMatch('all columns');
  });
});
