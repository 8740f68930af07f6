import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { COVERAGE_KINDS } from '../../../../pipeline/domain/coverage-kinds.ts';
import type {
  Contributor,
  ContributorActivity,
  ContributorRepositories,
  Coverage,
  Leaderboard,
} from '../../../../pipeline/published/documents.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { summarizeCoverage } from '../../../../pipeline/stages/report/coverage-summary.ts';
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
import { describeOnDatabases } from '../../../support/databases.ts';
import { readTexts } from '../../../support/read-documents.ts';

const EVERYTHING = [...COVERAGE_KINDS];

/** Days before now, and hours that could not be read. */
async function addWindow(
  db: Db,
  repositoryId: number,
  source: string,
  [from, to]: [number, number],
  gap?: [number, number],
) {
  const gaps = gap ? [{ from: ago(gap[0]), to: ago(gap[1]), reason: 'payload_not_read' }] : [];
  await db
    .insertInto('scrape_windows')
    .values({
      repository_id: repositoryId,
      source,
      window_from: ago(from),
      window_to: ago(to),
      completeness: gap ? 0 : 1,
      gaps: JSON.stringify(gaps),
    })
    .execute();
}

/**
 * Repositories of unequal knowledge: by GitHub; by the archive and later by GitHub too; by the
 * archive alone; by the trimmed hours of a sample; by BigQuery's cheap mode alone; and one that no
 * source has read.
 */
async function addRepositories(db: Db): Promise<number> {
  const add = (name: string) => addRepository(db, 'octo', name);
  const [whole, mended, archive] = [await add('whole'), await add('mended'), await add('archive')];
  await addWindow(db, whole, 'github', [700, 0]);
  await addWindow(db, mended, 'gharchive', [700, 0]);
  await addWindow(db, mended, 'github', [45, 0]);
  await addWindow(db, archive, 'gharchive', [700, 0]);
  await addWindow(db, await add('trimmed'), 'sample', [200, 0]);
  await addWindow(db, await add('cheap'), 'bigquery', [100, 0], [100, 0]);
  await addRepository(db, 'octo', 'unread', { status: 'PENDING' });
  await addUser(db, 1, 'ada');
  for (const repository of [whole, mended, archive])
    await contribute(db, repository, 1, 'COMMENT', 2, { at: ago(20) });
  await contribute(db, archive, 1, 'COMMIT', 3, { at: ago(400) });
  return archive;
}

describeOnDatabases('what the documents say is not known', (database) => {
  const out = mkdtempSync(join(tmpdir(), 'knowledge-'));
  let archive: number;
  let texts: ReadonlyMap<string, string>;
  const publish = async (weights = {}) => {
    const config = configOf({ weights });
    await calculate({ db: database.db, config, now: NOW, log: quiet });
    await report({ db: database.db, config, now: NOW, log: quiet, out, sample: false });
    texts = readTexts(join(out, 'api', 'v1'));
  };
  const read = <T>(path: string): T => JSON.parse(texts.get(path) ?? 'null');
  const board = (path: string) => read<Leaderboard>(`leaderboard/${path}/1.json`);
  const coverage = () => read<Coverage>('dashboard/coverage.json');

  beforeAll(async () => {
    archive = await addRepositories(database.db);
    await publish();
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it.each([
    ['octo/whole/all', []],
    ['octo/whole/week', []],
    ['octo/mended/month', []],
    ['octo/mended/quarter', EVERYTHING],
    ['octo/archive/week', EVERYTHING],
    ['octo/archive/all', EVERYTHING],
    ['octo/trimmed/quarter', ['COMMIT', 'LINES']],
    ['octo/cheap/week', EVERYTHING],
    ['octo/unread/all', EVERYTHING],
    ['global/week', EVERYTHING],
  ])('of the board %s: %j', (path, kinds) => {
    expect(board(path).unknown_kinds).toEqual(kinds);
  });

  it('on profiles, while numbers stay', () => {
    const { periods } = read<Contributor>('contributors/ada.json');
    expect(periods.month).toMatchObject({ comments_count: 6, commit_count: 0 });
    expect(periods.month?.unknown_kinds).toEqual(EVERYTHING);
    expect(board('octo/archive/all').entries[0]).toMatchObject({
      comments_count: 2,
      commit_count: 3,
    });
    const own = read<ContributorRepositories>('contributors/ada/repositories.json');
    expect(own.repositories.map((row) => [row.repository, row.unknown_kinds])).toEqual([
      ['octo/archive', EVERYTHING],
      ['octo/mended', EVERYTHING],
      ['octo/whole', []],
    ]);
  });

  it('beside the weeks of an activity, since the archive lost events', () => {
    const { unknown } = read<ContributorActivity>('contributors/ada/activity.json');
    expect(unknown[0]).toMatchObject({ from: '2025-05-24T00:00:00.000Z', kinds: EVERYTHING });
    expect(unknown.at(-1)?.to).toBe(NOW.toISOString());
  });

  it('by repository, month and kind', () => {
    const months = (name: string) =>
      coverage().repositories.find(({ repository }) => repository === `octo/${name}`)?.months ?? [];
    const kindsOf = (name: string, month: string) =>
      months(name).find((own) => own.month === month)?.kinds;
    expect(kindsOf('archive', '2026-02')).toMatchObject({ COMMIT: 0, LINES: 0, PR_OPENED: 2 });
    expect(kindsOf('archive', '2025-11')).toMatchObject({ COMMIT: 0, PR_MERGED: 0, RELEASE: 2 });
    expect(kindsOf('archive', '2025-04')).toMatchObject({ COMMIT: 100, PR_MERGED: 100 });
    expect(kindsOf('mended', '2026-02')).toMatchObject({ COMMIT: 100, LINES: 100, RELEASE: 100 });
    expect(kindsOf('trimmed', '2026-02')).toMatchObject({ COMMIT: 0, LINES: 0, PR_MERGED: 100 });
    expect(kindsOf('cheap', '2026-02')).toMatchObject({ COMMIT: 0, COMMENT: 0 });
    expect(kindsOf('whole', '2026-02')).toMatchObject({ COMMIT: 100, COMMENT: 100 });
  });

  it('in one sentence', () => {
    expect(coverage().summary).toMatch(
      /^For 4 of 5 repositories, .*commits and lines are not known for November 2025 to .*; nothing was read yet of 1 repository\.$/,
    );
  });

  it('takes away lines where those of commits count, which no archive has', async () => {
    const { db } = database;
    await db.deleteFrom('scrape_windows').where('window_to', '>', ago(300)).execute();
    await addWindow(db, archive, 'gharchive', [700, 350]);
    const unknown = () => {
      const { repositories } = coverage();
      const { months } = repositories.find((own) => own.repository === 'octo/archive') ?? {};
      return months?.find(({ month }) => month === '2025-01')?.kinds;
    };
    await publish();
    expect(unknown()).toMatchObject({ COMMIT: 100, LINES: 100 });
    await publish({ lines: { from: 'COMMIT' } });
    expect(unknown()).toMatchObject({ COMMIT: 100, LINES: 0 });
  });
});

describe('the sentence about coverage', () => {
  const known = { unknown_kinds: {}, months: [monthOf({})] };
  const lacking = {
    unknown_kinds: { month: ['COMMIT' as const] },
    months: [monthOf({ COMMIT: 0 })],
  };
  const unread = { unknown_kinds: { month: EVERYTHING }, months: [] };

  it.each([
    [[], 'Nothing has been read yet.'],
    [[unread], 'Nothing has been read yet.'],
    [[known], 'Every kind of contribution is known for the repository, as far as it was read.'],
    [
      [known, known, unread],
      'Every kind of contribution is known for both repositories, as far as it was read; ' +
        'nothing was read yet of 1 repository.',
    ],
    [[lacking], 'For the repository, commits are not known for August 2026.'],
    [
      [known, lacking, unread, unread],
      'For 1 of 2 repositories, commits are not known for August 2026; ' +
        'nothing was read yet of 2 repositories.',
    ],
  ])('of %j', (repositories, text) => {
    expect(summarizeCoverage(repositories)).toBe(text);
  });
});

function monthOf(kinds: Coverage['repositories'][number]['months'][number]['kinds']) {
  return {
    month: '2026-08',
    coverage: 90,
    kinds,
    damaged: false,
    contributions_by_source: {},
    missing_hours: 0,
    missing_numbers: 0,
    unattributed: 0,
  };
}
