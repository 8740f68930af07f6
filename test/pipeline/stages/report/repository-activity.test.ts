import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Board, RepositoryActivity } from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import {
  addRepository,
  addUser,
  ago,
  configOf,
  contribute,
  NOW,
  PEOPLE,
  quiet,
} from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';
import { readTexts } from '../../../support/read-documents.ts';

const { ada, bob, cyd, adaAtWork, gone, dependabot } = PEOPLE;
const HOUR = 1 / 24;

describeOnDatabases('the activity of a repository', (database) => {
  const out = mkdtempSync(join(tmpdir(), 'activity-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  let texts: ReadonlyMap<string, string>;
  const read = <T>(path: string): T => JSON.parse(texts.get(path) ?? 'null');
  const activity = () => read<RepositoryActivity>('repositories/octo/one/activity.json');

  beforeAll(async () => {
    const { db } = database;
    await emptyTables(db);
    const one = await addRepository(db, 'octo', 'one');
    for (const { id, login, type } of [ada, bob, cyd, adaAtWork, gone, dependabot])
      await addUser(db, id, login, { type });
    const opens = (id: number, number: number, days: number) =>
      contribute(db, one, id, 'PR_OPENED', 1, { at: ago(days), from: number });
    const reviews = (id: number, key: number, subject: number, days: number) =>
      contribute(db, one, id, 'PR_REVIEWED', 1, { at: ago(days), from: key, subject });
    // Cyd was there before the others, and came back.
    await contribute(db, one, cyd.id, 'COMMIT', 5, { at: ago(420), from: 900 });
    await contribute(db, one, cyd.id, 'COMMENT', 1, { at: ago(20), from: 950 });
    // Reviewed after 2, 6 and 10 hours; the first one twice.
    for (const [number, hours] of [
      [10, 2],
      [11, 6],
      [12, 10],
    ] as const) {
      await opens(ada.id, number, 30);
      await reviews(bob.id, 100 + number, number, 30 - hours * HOUR);
    }
    await reviews(cyd.id, 130, 10, 29);
    // Ada's other account reviews a pull request of Bob, which is merged after 12 hours.
    await opens(bob.id, 20, 10);
    await reviews(adaAtWork.id, 140, 20, 10 - 4 * HOUR);
    await contribute(db, one, bob.id, 'PR_MERGED', 1, { at: ago(10 - 12 * HOUR), from: 20 });
    // And Bob reviews one of that account, after 6 hours.
    await opens(adaAtWork.id, 40, 5);
    await reviews(bob.id, 160, 40, 5 - 6 * HOUR);
    // Nothing of these counts, nor what is done for them.
    await opens(gone.id, 30, 9);
    await opens(dependabot.id, 31, 9);
    await reviews(gone.id, 150, 20, 10 - HOUR);
    await contribute(db, one, dependabot.id, 'PR_MERGED', 1, { at: ago(8), from: 31 });
    const people = { opt_out: [gone.id], aliases: [{ id: adaAtWork.id, is: ada.id }] };
    const context = { db, config: configOf({ people }), now: NOW, log: quiet };
    await calculate(context);
    await report({ ...context, out, sample: false });
    texts = readTexts(join(out, 'api/v1'));
  });

  it('counts by week and kind what the boards count', () => {
    const { counts } = activity().weeks;
    const sum = (values: readonly number[] = []) => values.reduce((all, n) => all + n, 0);
    const board = read<Board>('boards/octo/one/year/1.json').columns.counts;
    expect(sum(counts.PR_OPENED)).toBe(sum(board.pr_opened_count));
    expect(sum(counts.PR_OPENED)).toBe(5);
    expect(sum(counts.PR_REVIEWED)).toBe(sum(board.pr_reviewed_count));
    expect(sum(counts.PR_REVIEWED)).toBe(6);
    expect(counts.COMMIT).toBeUndefined();
    for (const weeks of Object.values(counts)) expect(weeks).toHaveLength(53);
  });

  it('knows newcomers from those who return', () => {
    const { months } = activity();
    expect(months).toMatchObject({ from: '2025-01', is_beginning: true });
    // Cyd in January 2025; Ada and Bob in February 2026, when Cyd returned; Ada and Bob in March.
    expect(months.newcomers).toEqual([1, ...new Array(12).fill(0), 2, 0]);
    expect(months.returning).toEqual([0, ...new Array(12).fill(0), 1, 2]);
  });

  it('takes the median of the first reviews and of the merges, with their number', () => {
    // 2, 4, 6, 6 and 10 hours: a review by somebody who opted out is none.
    expect(activity().first_review).toEqual({ seconds: 6 * 3600, pull_requests: 5 });
    expect(activity().merge).toEqual({ seconds: 12 * 3600, pull_requests: 1 });
  });

  it('says who reviews whom, with the accounts of a person together', () => {
    const { usernames, counts } = activity().reviews;
    const pair = (a: string, b: string) => counts[usernames.indexOf(a)]?.[usernames.indexOf(b)];
    expect(usernames).toEqual(read<Board>('boards/octo/one/year/1.json').columns.username);
    expect(pair('Bob', 'ada')).toBe(4);
    expect(pair('ada', 'Bob')).toBe(1);
    expect(pair('cyd', 'ada')).toBe(1);
    expect(pair('ada', 'ada')).toBe(0);
  });

  it('says how few hold half of the points of the board, now and a year ago', () => {
    const scores = read<Board>('boards/octo/one/all/1.json').columns.total_score ?? [];
    const all = scores.reduce((sum, score) => sum + score, 0);
    const { concentration: now, concentration_year_ago: before } = activity();
    expect(now).toMatchObject({ people: 3, half: 2 });
    expect(now?.shares[0]).toBeCloseTo((scores[0] ?? 0) / all, 4);
    expect(now?.shares.at(-1)).toBe(1);
    expect(before).toEqual({ people: 1, half: 1, shares: [1] });
  });

  it('mentions nobody who opted out, and no bot', () => {
    const text = texts.get('repositories/octo/one/activity.json') ?? '';
    expect(text).not.toMatch(/gone|dependabot|ada-at-work/);
  });
});
