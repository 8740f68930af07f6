import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { recordAccounts } from '../../../../db/queries/contributors.ts';
import { readClosedMonths, readMonth } from '../../../../db/queries/months.ts';
import { identifyRepository } from '../../../../db/queries/repository-renames.ts';
import type { ConfigName } from '../../../../pipeline/config/schema.ts';
import { type Month, monthSchema, monthsSchema } from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { closeMonths } from '../../../../pipeline/stages/months/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { addRepository, addUser, configOf, contribute, quiet } from '../../../support/community.ts';
import { describeOnDatabases, emptyTables } from '../../../support/databases.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const CLOSES = day('2026-03-04');

type Kind = Parameters<typeof contribute>[3];

describeOnDatabases('months', (database) => {
  const out = mkdtempSync(join(tmpdir(), 'months-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  let one: number;
  let two: number;

  const addWindow = (repository_id: number, from: string, to: string, source = 'github') =>
    database.db
      .insertInto('scrape_windows')
      .values({
        ...{ repository_id, source, completeness: 1, gaps: '[]' },
        ...{ window_from: day(from), window_to: day(to) },
      })
      .execute();
  const add = (user: number, kind: Kind, count: number, on: string, repository = one) =>
    contribute(database.db, repository, user, kind, count, { at: day(on) });
  async function runAt(now: Date, changes: Partial<Record<ConfigName, unknown>> = {}) {
    const context = { db: database.db, config: configOf(changes), now, log: quiet };
    await calculate(context);
    await closeMonths(context);
    await report({ ...context, out, sample: false });
  }
  const textOf = (name: string) => readFileSync(join(out, 'api/v1', `${name}.json`), 'utf8');
  const monthOf = (month: string): Month =>
    monthSchema.parse(JSON.parse(textOf(`months/${month}`)));
  const listOf = () =>
    monthsSchema
      .parse(JSON.parse(textOf('months')))
      .months.map(({ month, closed_at }) => [month, closed_at !== null]);
  const closedMonths = async () => (await readClosedMonths(database.db)).map(({ month }) => month);

  beforeEach(async () => {
    rmSync(join(out, 'api'), { recursive: true, force: true });
    await emptyTables(database.db);
    one = await addRepository(database.db, 'octo', 'one', { dataUntil: day('2026-03-05') });
    two = await addRepository(database.db, 'octo', 'two', { dataUntil: day('2026-03-05') });
    for (const [id, login] of [
      [1, 'ada'],
      [2, 'bob'],
      [3, 'cyd'],
    ] as const)
      await addUser(database.db, id, login);
    for (const id of [one, two]) await addWindow(id, '2025-10-01', '2026-03-05');
    await add(1, 'PR_MERGED', 2, '2026-01-10');
    await add(2, 'COMMIT', 3, '2026-01-20');
    await add(2, 'PR_MERGED', 2, '2026-02-05');
    await add(2, 'PR_REVIEWED', 3, '2026-02-20');
    await add(3, 'COMMIT', 4, '2026-02-28', two);
    await add(1, 'COMMENT', 1, '2026-02-11');
    await add(3, 'RELEASE', 1, '2026-02-27', two);
  });

  it('are counted when they are over and read', async () => {
    await runAt(CLOSES);
    expect(monthOf('2026-02')).toMatchObject({
      generated_at: CLOSES.toISOString(),
      closed_at: CLOSES.toISOString(),
      contributions: 11,
      people: 3,
      counts: { PR_MERGED: 2, PR_REVIEWED: 3, COMMIT: 4, COMMENT: 1, RELEASE: 1 },
      coverage: 100,
      waits_for: [],
      unknown_kinds: [],
      previous: { month: '2026-01', contributions: 5, people: 2 },
      places: [
        { username: 'bob', rank: 1, score: 110, contributions: 5 },
        { username: 'cyd', rank: 2, score: 70, contributions: 5 },
        { username: 'ada', rank: 3, score: 3, contributions: 1 },
      ],
      ranks: {
        months: ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02'],
        people: [
          [null, null, null, 2, 1],
          [null, null, null, null, 2],
          [null, null, null, 1, 3],
        ],
      },
      first_by_repository: [
        { repository: 'octo/one', score: 110, people: [{ username: 'bob' }], tied: 1 },
        { repository: 'octo/two', score: 70, people: [{ username: 'cyd' }], tied: 1 },
      ],
      rises: [{ username: 'bob', rank: 1, previous_rank: 2 }],
      newcomers: { total: 1, first: [{ username: 'cyd', on: '2026-02-27', kind: 'RELEASE' }] },
      first_merged: { total: 1, first: [{ username: 'bob', repository: 'octo/one' }] },
      releases: { total: 1, first: [{ username: 'cyd', repository: 'octo/two' }] },
    });
    const firsts = monthOf('2026-02').first_by_kind;
    expect(
      firsts.map(({ kind, count, people: [first] }) => [kind, count, first?.username]),
    ).toEqual([
      ['RELEASE', 1, 'cyd'],
      ['PR_MERGED', 2, 'bob'],
      ['PR_REVIEWED', 3, 'bob'],
      ['COMMIT', 4, 'cyd'],
      ['COMMENT', 1, 'ada'],
    ]);
  });

  it('close three days after their end, and those before at once', async () => {
    await runAt(new Date(CLOSES.getTime() - 1));
    expect(await closedMonths()).toEqual(['2025-10', '2025-11', '2025-12', '2026-01']);
    await runAt(CLOSES);
    expect(await closedMonths()).toEqual(['2025-10', '2025-11', '2025-12', '2026-01', '2026-02']);
    expect(listOf()).toEqual([
      ['2026-03', false],
      ['2026-02', true],
      ['2026-01', true],
      ['2025-12', true],
      ['2025-11', true],
      ['2025-10', true],
    ]);
  });

  it('wait for a repository that is not read yet, and call nobody first until then', async () => {
    const three = await addRepository(database.db, 'octo', 'three');
    await addWindow(three, '2025-10-01', '2026-02-28');
    await runAt(CLOSES);
    const open = monthOf('2026-02');
    expect(open).toMatchObject({
      closed_at: null,
      waits_for: ['octo/three'],
      contributions: 11,
      previous: null,
      rises: null,
      first_by_kind: [],
      first_by_repository: [],
    });
    await addWindow(three, '2026-02-28', '2026-03-05');
    await runAt(CLOSES);
    expect(monthOf('2026-02')).toMatchObject({ closed_at: CLOSES.toISOString(), waits_for: [] });
  });

  it('do not change by what comes late, however often a run closes them', async () => {
    await runAt(CLOSES);
    const before = textOf('months/2026-02');
    await add(1, 'RELEASE', 50, '2026-02-10');
    await runAt(day('2026-03-05'));
    await runAt(day('2026-03-06'), { weights: { base_points: { COMMIT: 99 } } });
    expect(textOf('months/2026-02')).toBe(before);
    // But those who count did not: the boards have it.
    expect(textOf('leaderboard/global')).toContain('"releases_count":50');
  });

  it('follow a rename and leave out who has opted out since, without a note', async () => {
    await runAt(CLOSES);
    const at = day('2026-03-05');
    const seen = { firstSeenAt: at, lastSeenAt: at };
    await recordAccounts(database.db, [{ id: 3, login: 'cyd-new', type: 'User', ...seen }]);
    const identity = { repositoryId: two, githubId: 22, owner: 'octo', name: 'two-new' };
    await identifyRepository(database.db, identity, at);
    await runAt(at, { people: { opt_out: ['bob', 2] } });
    const text = textOf('months/2026-02');
    expect(text).not.toMatch(/bob|octo\/two"|"cyd"/);
    expect(monthOf('2026-02')).toMatchObject({
      generated_at: CLOSES.toISOString(),
      corrections: [],
      contributions: 6,
      people: 2,
      places: [
        { username: 'cyd-new', rank: 1 },
        { username: 'ada', rank: 2 },
      ],
      first_merged: { total: 0 },
      rises: [],
      releases: { first: [{ repository: 'octo/two-new' }] },
    });
    const kinds = monthOf('2026-02').first_by_kind.map(({ kind }) => kind);
    expect(kinds).toEqual(['RELEASE', 'COMMIT', 'COMMENT']);
  });

  it('hide in titles who has opted out', async () => {
    await database.db
      .updateTable('contribution_events')
      .set({ title: 'Thanks @bob for the release' })
      .where('kind', '=', 'RELEASE')
      .execute();
    await runAt(CLOSES, { people: { opt_out: [2] } });
    expect(monthOf('2026-02').releases.first[0]?.title).toBe('Thanks @… for the release');
  });

  it('are counted again by a correction, once, with a note', async () => {
    await runAt(CLOSES);
    await add(1, 'RELEASE', 2, '2026-02-10');
    const corrections = [
      { month: '2026-02', on: '2026-03-05', what: 'Two releases were missing.' },
    ];
    await runAt(day('2026-03-06'), { site: { corrections } });
    const corrected = textOf('months/2026-02');
    expect(monthOf('2026-02')).toMatchObject({
      closed_at: CLOSES.toISOString(),
      corrections: [{ on: '2026-03-05', what: 'Two releases were missing.' }],
      contributions: 13,
    });
    await add(1, 'RELEASE', 2, '2026-02-10');
    await runAt(day('2026-03-07'), { site: { corrections } });
    await runAt(day('2026-03-08'));
    expect(textOf('months/2026-02')).toBe(corrected);
  });

  it('are whole, or not there, if the run that closes them is killed', async () => {
    await runAt(CLOSES);
    const stored = await readMonth(database.db, '2026-02');
    const months = await closedMonths();
    await database.db.deleteFrom('months').execute();
    await sql`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'killed'; END $$`.execute(database.db);
    await sql`
      CREATE TRIGGER refuse BEFORE INSERT ON month_events FOR EACH ROW
      WHEN (NEW.month = '2026-02') EXECUTE FUNCTION refuse()`.execute(database.db);
    await expect(runAt(CLOSES)).rejects.toThrow('killed');
    expect(await closedMonths()).toEqual(months.slice(0, -1));
    await sql`DROP FUNCTION refuse CASCADE`.execute(database.db);
    await runAt(CLOSES);
    const byKey = (people: typeof stored.people) =>
      people.toSorted((a, b) => a.repositoryId - b.repositoryId || a.userId - b.userId);
    const again = await readMonth(database.db, '2026-02');
    expect({ ...again, people: byKey(again.people) }).toEqual({
      ...stored,
      people: byKey(stored.people),
    });
  });

  it('call nobody first in a kind that is not known', async () => {
    await database.db.updateTable('scrape_windows').set({ source: 'sample' }).execute();
    await runAt(CLOSES);
    const { unknown_kinds, first_by_kind } = monthOf('2026-02');
    expect(unknown_kinds).toEqual(['COMMIT', 'LINES']);
    expect(first_by_kind.map(({ kind }) => kind)).not.toContain('COMMIT');
  });

  it('that go on miss nothing that nobody has read yet', async () => {
    await runAt(day('2026-03-06'));
    expect(monthOf('2026-03')).toMatchObject({ coverage: 100, unknown_kinds: [], closed_at: null });
  });

  it('have newcomers only if enough was read before', async () => {
    await runAt(CLOSES);
    expect(monthOf('2025-12')).toMatchObject({ newcomers: null, first_merged: null });
    expect(monthOf('2026-01').newcomers?.total).toBe(2);
  });

  it('follow a repository whose rows are merged', async () => {
    await runAt(CLOSES);
    const other = await addRepository(database.db, 'octo', 'two-new');
    const identity = { repositoryId: other, githubId: 22, owner: 'octo', name: 'two' };
    await identifyRepository(database.db, identity, CLOSES);
    await runAt(day('2026-03-05'));
    expect(monthOf('2026-02').first_by_repository).toMatchObject([
      { repository: 'octo/one' },
      { repository: 'octo/two', people: [{ username: 'cyd' }] },
    ]);
  });
});
