import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { factsSchema } from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
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

const PEOPLE = { 1: 'ada', 2: 'bob', 3: 'cyd', 4: 'dan' };

describeOnDatabases('the facts of the week', (database) => {
  const out = mkdtempSync(join(tmpdir(), 'facts-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  let repository: number;
  beforeEach(async () => {
    await emptyTables(database.db);
    repository = await addRepository(database.db, 'octo', 'one');
    await addRepository(database.db, 'octo', 'two');
    for (const [id, login] of Object.entries(PEOPLE)) await addUser(database.db, Number(id), login);
  });

  const calculateAt = (now: Date) =>
    calculate({ db: database.db, config: configOf({}), now, log: quiet });
  async function readFacts() {
    const { db } = database;
    await report({ db, config: configOf({}), now: NOW, log: quiet, out, sample: false });
    return factsSchema.parse(JSON.parse(readFileSync(join(out, 'api/v1/facts.json'), 'utf8')));
  }
  const add = (user: number, kind: Parameters<typeof contribute>[3], count: number, days: number) =>
    contribute(database.db, repository, user, kind, count, { at: ago(days) });

  it('are counted from the boards and from the week before', async () => {
    await add(1, 'COMMIT', 5, 200);
    await add(2, 'COMMIT', 4, 60);
    await add(1, 'PR_MERGED', 3, 60);
    await add(2, 'ISSUE_OPENED', 3, 10);
    await calculateAt(ago(7));
    await add(2, 'COMMIT', 90, 3);
    await add(3, 'PR_MERGED', 2, 2);
    await add(1, 'PR_MERGED', 1, 2);
    await calculateAt(NOW);
    const { boards, from, to } = await readFacts();
    expect([from, to]).toEqual([ago(7).toISOString(), NOW.toISOString()]);
    expect(boards.map(({ scope }) => scope)).toEqual(['global', 'octo/one', 'octo/two']);
    const expected = {
      contributions: 93,
      people: 3,
      newcomers: 1,
      first_merged: 1,
      leader: { username: 'bob', points: 900 },
      periods: {
        quarter: {
          rise: { username: 'bob', rank: 1, previous_rank: 2 },
          new_in_ten: ['cyd'],
        },
        month: { rise: null, new_in_ten: ['cyd', 'ada'] },
        week: { rise: null, new_in_ten: ['cyd', 'ada'] },
      },
    };
    expect(boards[0]).toMatchObject(expected);
    expect(boards[1]).toMatchObject(expected);
    expect(boards[2]).toMatchObject({ contributions: 0, people: 0, leader: null, newcomers: null });
  });

  it('compare the kinds that are known of both weeks', async () => {
    // The sample knows no commits of these weeks: they are no part of the comparison.
    await add(1, 'COMMIT', 8, 3);
    await add(1, 'COMMENT', 3, 3);
    await add(2, 'COMMENT', 5, 10);
    await add(2, 'COMMIT', 9, 10);
    await add(2, 'COMMENT', 7, 15);
    await calculateAt(NOW);
    const window = { window_from: ago(300), window_to: NOW, completeness: 1 };
    await database.db
      .insertInto('scrape_windows')
      .values({ repository_id: repository, source: 'sample', ...window, gaps: '[]' })
      .execute();
    const { boards } = await readFacts();
    expect(boards.map(({ compared }) => compared)).toEqual([
      { now: 3, before: 5 },
      { now: 3, before: 5 },
      null,
    ]);
  });

  it('leave out what is not known', async () => {
    await add(1, 'COMMIT', 2, 80);
    await add(2, 'COMMIT', 1, 1);
    await calculateAt(NOW);
    const [all] = (await readFacts()).boards;
    expect(all).toMatchObject({
      contributions: 1,
      newcomers: null,
      first_merged: null,
      periods: {},
    });
    // It was not read from a source.
    expect(all?.compared).toBeNull();
  });
});
