import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimJob, insertJobs } from '../../../../db/queries/job-queue.ts';
import { failJob } from '../../../../db/queries/jobs.ts';
import {
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
  countColumn,
} from '../../../../pipeline/domain/contribution-kinds.ts';
import { PERIODS } from '../../../../pipeline/domain/time.ts';
import type { Board, Manifest } from '../../../../pipeline/published/documents.ts';
import { boardCsv, hasCsv } from '../../../../pipeline/published/downloads.ts';
import { fillStanding, findInShard, weeksInShard } from '../../../../pipeline/published/shards.ts';
import { calculate } from '../../../../pipeline/stages/calculate/index.ts';
import { closeMonths } from '../../../../pipeline/stages/months/index.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { listSiteFiles } from '../../../../site/check/files.ts';
import { readFromShard } from '../../../../site/src/lib/events.ts';
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
import {
  addFixedCommunity,
  FIXED_PEOPLE,
  HIDDEN,
  HOSTILE_NAME,
} from '../../../support/fixed-community.ts';
import { readTexts, walkObjects } from '../../../support/read-documents.ts';

/** Files that are made from others, with tests of their own. */
const DERIVED = /^(?:manifest\.json|schemas\/.*|.*\.parquet)$/;

interface Named {
  readonly username: string;
}

describeOnDatabases('the report', (database) => {
  let out: string;
  beforeEach(async () => {
    await emptyTables(database.db);
    out = mkdtempSync(join(tmpdir(), 'report-'));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  const run = async (changes = {}, sample = false) => {
    const config = configOf({ people: FIXED_PEOPLE, ...changes });
    const context = { db: database.db, config, now: NOW, log: quiet };
    await calculate(context);
    await closeMonths(context);
    return report({ ...context, out, sample });
  };
  const texts = () => readTexts(join(out, 'api', 'v1'));
  const read = (path: string) => JSON.parse(texts().get(path) ?? 'null');

  it('writes the golden documents', async () => {
    await addFixedCommunity(database.db);
    await run();
    const written = new Map([...texts()].filter(([path]) => !DERIVED.test(path)));
    for (const [path, text] of written) {
      const isJson = path.endsWith('.json');
      const formatted = isJson ? `${JSON.stringify(JSON.parse(text), null, 1)}\n` : text;
      await expect(formatted).toMatchFileSnapshot(`../../../golden/documents/${path}`);
    }
    const golden = readTexts(join(import.meta.dirname, '../../../golden/documents'));
    expect([...written.keys()]).toEqual([...golden.keys()]);
  });

  it('offers every board and day as tables, equal to the documents', async () => {
    await addFixedCommunity(database.db);
    await run();
    const connection = await (await DuckDBInstance.create()).connect();
    const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
    const file = (path: string) => `'${join(out, 'api/v1/downloads', path)}'`;
    const counts = COUNT_COLUMNS.join(', ');
    const sums = COUNT_COLUMNS.map((name) => `sum(${name})`).join(', ');
    let lines = 0;
    for (const [path, text] of texts()) {
      if (!path.startsWith('boards/')) continue;
      const { scope, period, columns } = JSON.parse(text) as Board;
      const found = await query(
        `SELECT username, total_score, ${counts} FROM ${file('boards.parquet')} WHERE scope = '${scope}' AND period = '${period}'`,
      );
      const own = columns.username.map((name, row) => [
        name,
        columns.total_score?.[row] ?? 0,
        ...COUNT_COLUMNS.map((column) => String(columns.counts[column]?.[row] ?? 0)),
      ]);
      expect(found, path).toEqual(own);
      lines += own.length;
      if (!hasCsv(period)) continue;
      const csv = `'${join(out, 'api/v1', boardCsv(scope, period))}'`;
      expect(await query(`SELECT username FROM read_csv(${csv}, header = true)`)).toEqual(
        columns.username.map((name) => [name.startsWith('-') ? `'${name}` : name]),
      );
    }
    expect(lines).toBeGreaterThan(20);
    const whole = await query(
      `SELECT ${sums} FROM ${file('boards.parquet')} WHERE scope = 'global' AND period = 'all'`,
    );
    for (const days of ['days.parquet', 'days.csv'])
      expect(await query(`SELECT ${sums} FROM ${file(days)}`)).toEqual(whole);
    const { resources } = JSON.parse(texts().get('downloads/datapackage.json') ?? '');
    const described = resources.map((one: { path: string }) => `downloads/${one.path}`);
    const inFolder = [...texts().keys()].filter((path) => /^downloads\/.*\.(?!json)/.test(path));
    expect(described.toSorted()).toEqual(inFolder.filter((path) => !path.endsWith('.json')));
  });

  it('lists every file with its size and its hash in the manifest', async () => {
    await addFixedCommunity(database.db);
    await run();
    const { files } = read('manifest.json') as Manifest;
    const found = listSiteFiles(join(out, 'api', 'v1')).sizes;
    expect(Object.keys(files)).toEqual(
      [...found.keys()].filter((path) => path !== 'manifest.json').toSorted(),
    );
    for (const [path, { bytes, sha256 }] of Object.entries(files)) {
      const content = readFileSync(join(out, 'api', 'v1', path));
      expect(content.length, path).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex'), path).toBe(sha256);
    }
  });

  it('shows which repository is being read, and how often what failed', async () => {
    const { db } = database;
    for (const name of ['one', 'two']) await addRepository(db, 'octo', name);
    const job = { source: 'github', jobType: 'full', from: ago(9), to: NOW } as const;
    await insertJobs(db, null, [
      { ...job, repositoryIds: [1] },
      { ...job, repositoryIds: [2] },
    ]);
    const first = await claimJob(db, 'a', ['github']);
    if (!first) throw new Error('no job');
    const failure = { message: 'away', retryDelaysSeconds: [0] };
    await failJob(db, first, { ...failure, errorClass: 'timeout' });
    const again = await claimJob(db, 'a', ['github']);
    if (!again) throw new Error('no job');
    await failJob(db, again, { ...failure, errorClass: 'timeout' });
    await claimJob(db, 'b', ['github']);
    await run();
    expect(
      read('repositories.json').repositories.map((one: { status: string }) => one.status),
    ).toEqual(['ACTIVE', 'SCRAPING']);
    expect(read('repositories/octo/two.json').repository.status).toBe('SCRAPING');
    expect(read('dashboard/errors.json').classes).toMatchObject([
      { error_class: 'timeout', action: 'RETRY', severity: 'LOW', count: 2 },
    ]);
    await sql`UPDATE scrape_jobs SET lease_until = now() - interval '1 second'`.execute(db);
    await run();
    expect(read('repositories/octo/two.json').repository.status).toBe('ACTIVE');
  });

  it('writes the same bytes for the same tables and clock', async () => {
    await addFixedCommunity(database.db);
    await run();
    const first = texts();
    await run();
    expect(texts()).toEqual(first);
    expect(first.get('index.json')).toMatch(/^\{"generated_at".*\}\n$/);
  });

  it('shows parts that sum to the score, counts that match the parts, and valid ranks', async () => {
    await addFixedCommunity(database.db);
    await run({ weights: { base_points: { COMMENT: 0.1 }, lines: { added: 0.0013 } } });
    const points = read('config/scoring.json').base_points;
    let entries = 0;
    for (const [path, text] of texts()) {
      if (!/^(leaderboard|contributors)\//.test(path)) continue;
      for (const entry of walkObjects(JSON.parse(text))) {
        if (!('total_score' in entry)) continue;
        entries += 1;
        const parts = entry.points as Record<string, number>;
        const thousandths = (value: unknown) => Math.round((value as number) * 1000);
        const sum = Object.values(parts).reduce((total, part) => total + thousandths(part), 0);
        expect(sum, path).toBe(thousandths(entry.total_score));
        for (const kind of CONTRIBUTION_KINDS) {
          const count = entry[countColumn(kind)] as number;
          expect(thousandths(parts[kind]), path).toBe(thousandths(count * points[kind]));
        }
      }
    }
    expect(entries).toBeGreaterThan(30);
  });

  it.each([
    ['with pages', 5000],
    ['in shards', 0],
  ])('mentions nobody who opted out, no bot and no secret, people %s', async (_, pages) => {
    await addFixedCommunity(database.db);
    await run({ site: { contributor_pages: pages } });
    for (const [path, text] of texts()) {
      for (const name of [...HIDDEN, 'Gone', 'secret', 'example.org']) {
        expect(`${path} ${text}`).not.toContain(name);
      }
    }
  });

  it('writes no document for a login that is not safe in a path', async () => {
    await addFixedCommunity(database.db);
    await addUser(database.db, 66, '../../evil');
    await contribute(database.db, 1, 66, 'RELEASE', 100);
    await run();
    expect(read('leaderboard/global.json').entries[0]).toMatchObject({
      username: '../../evil',
      profile_url: 'https://github.com/..%2F..%2Fevil',
    });
    expect(read('index.json').contributors).toEqual(['ada', 'cyd', 'Bob']);
    expect([...texts().keys()].filter((path) => path.includes('evil'))).toEqual([]);
  });

  it('publishes names as they are, and null for an id that is not known', async () => {
    await addFixedCommunity(database.db);
    await run();
    const entries = read('leaderboard/global.json').entries as Record<string, unknown>[];
    expect(entries.find((entry) => entry.username === 'Bob')?.display_name).toBe(HOSTILE_NAME);
    const unknown = entries.find((entry) => entry.username === 'only.login');
    expect(unknown).toMatchObject({ github_id: null, avatar_url: null });
  });

  it('cuts boards into pages, first to last', async () => {
    await addFixedCommunity(database.db);
    await run({ site: { page_size: 1 } });
    const board = (page: number) => read(`leaderboard/global/all/${page}.json`);
    const { pages, total } = board(1);
    expect(pages).toBe(total);
    const all = Array.from({ length: pages }, (_, index) => board(index + 1));
    expect(all.map((page) => page.page)).toEqual(Array.from({ length: pages }, (_, i) => i + 1));
    const ranks = all.flatMap((page) => page.entries.map((entry: { rank: number }) => entry.rank));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(read(`leaderboard/global/all/${pages + 1}.json`)).toBeNull();
  });

  it('publishes the requests to GitHub: in total, and by day of the last thirty', async () => {
    await addFixedCommunity(database.db);
    await run();
    const sum = (32 * 33) / 2;
    expect(read('dashboard/stats.json').github_usage).toEqual([
      { repository: 'Octo/Two.js', points: 1007, requests: 2014, last_read_on: '2026-03-14' },
      { repository: 'octo/one', points: sum, requests: 2 * sum, last_read_on: '2026-03-14' },
    ]);
    const days = read('repositories/octo/one.json').github_usage;
    expect(days).toHaveLength(30);
    expect(days[0]).toEqual({ date: '2026-03-14', points: 1, requests: 2 });
    expect(days[29]).toEqual({ date: '2026-02-13', points: 30, requests: 60 });
    expect(read('repositories/octo/empty.json').github_usage).toEqual([]);
  });

  it('orders ties by the later last contribution, then by login', async () => {
    const repository = await addRepository(database.db, 'octo', 'one');
    const moment = (day: number) => ({ at: new Date(Date.UTC(2026, 1, day)) });
    for (const [id, login, day] of [
      [1, 'b', 2],
      [2, 'C', 3],
      [3, 'a', 2],
      [4, 'D', 2],
    ] as const) {
      await addUser(database.db, id, login);
      await contribute(database.db, repository, id, 'COMMIT', 1, moment(day));
    }
    await run({ people: {} });
    const entries = read('leaderboard/octo/one.json').entries as {
      username: string;
      rank: number;
    }[];
    expect(entries.map((entry) => entry.username)).toEqual(['C', 'a', 'b', 'D']);
    expect(new Set(entries.map((entry) => entry.rank))).toEqual(new Set([1]));
  });

  it('never leads from generated data to a real account', async () => {
    await addFixedCommunity(database.db);
    await run({}, true);
    for (const [path, text] of texts()) {
      if (path !== 'openapi.json') expect(text, path).not.toMatch(/github(usercontent)?\.com/);
    }
    expect(read('contributors/ada.json')).toMatchObject({
      sample: true,
      contributor: { profile_url: 'https://example.com/ada', avatar_url: null },
    });
  });

  it('shows avatars only if the site does', async () => {
    await addFixedCommunity(database.db);
    await run({ site: { avatars: false } });
    for (const [path, text] of texts()) {
      expect(text, path).not.toContain('avatars.githubusercontent.com');
    }
  });

  it('writes all documents of a site for an empty database', async () => {
    const result = await report({
      db: database.db,
      config: configOf(),
      now: NOW,
      log: quiet,
      out,
      sample: false,
    });
    expect(result).toEqual({ documents: texts().size, contributors: 0, unfit: 0 });
    expect(read('leaderboard/global/week/1.json')).toMatchObject({
      page: 1,
      pages: 1,
      total: 0,
      entries: [],
      data_until: null,
    });
  });

  it('limits the contributors with a page, and keeps the others in shards', async () => {
    await addFixedCommunity(database.db);
    await run({ site: { contributor_pages: 1 } });
    const files = [...texts().keys()].filter((path) => path.startsWith('contributors/'));
    expect(files).toEqual([
      'contributors/Bob.json',
      'contributors/ada.json',
      'contributors/ada/activity.json',
      'contributors/ada/repositories.json',
      'contributors/cyd.json',
    ]);
    expect(read('index.json')).toMatchObject({
      contributors: ['ada'],
      people: 3,
      contributor_shards: 1,
      plan: { limited_by: 'contributor_pages' },
    });
    const inShard = read('contributor-shards/0.json');
    const boards = Object.fromEntries(
      PERIODS.map((period) => [period, read(`boards/global/${period}/1.json`)]),
    );
    const { username: names, page } = boards.all.columns;
    expect(page).toEqual(names.map((name: string) => (name === 'ada' ? 1 : 0)));
    for (const { username, places } of inShard.contributors)
      for (const period of PERIODS) {
        const { columns, total } = boards[period];
        const place = columns.username.slice(0, total).indexOf(username) + 1;
        expect(places[period] ?? 0).toBe(place);
      }
    await run();
    for (const username of ['Bob', 'cyd']) {
      const found = findInShard(inShard, username) as NonNullable<ReturnType<typeof findInShard>>;
      const activity = read(`contributors/${username}/activity.json`);
      const { repositories } = read(`contributors/${username}/repositories.json`);
      expect(found.own.weeks).toBe(undefined);
      expect(weeksInShard(inShard, found)).toEqual(activity.weeks);
      expect(readFromShard(inShard, username, configOf().weights)?.recent).toEqual(activity.recent);
      expect(found.own.repositories.map((one) => fillStanding(one, inShard.unknown_kinds))).toEqual(
        repositories,
      );
      expect(inShard.unknown).toEqual(activity.unknown);
    }
    expect(inShard.contributors.map(({ username }: Named) => username)).toEqual(['Bob', 'cyd']);
    expect(read('contributor-shards/0.json').contributors).toEqual([]);
  });

  it('deletes stale documents, and nothing else', async () => {
    const stale = join(out, 'api', 'v1', 'contributors', 'stale.json');
    mkdirSync(join(stale, '..'), { recursive: true });
    writeFileSync(stale, '{}');
    writeFileSync(join(out, 'kept.txt'), '');
    await run();
    expect(existsSync(stale)).toBe(false);
    expect(existsSync(join(out, 'kept.txt'))).toBe(true);
    expect(readdirSync(join(out, 'api'))).toEqual(['v1']);
  });

  describe('a document that does not fit its schema', () => {
    const setStars = (stars: number | null) =>
      database.db.updateTable('repositories').set({ stars }).where('id', '=', 1).execute();
    const failures: { details: object; message: string }[] = [];
    const log = {
      ...quiet,
      error: (details: object, message: string) => failures.push({ details, message }),
    };
    const publish = (site = {}) =>
      report({ db: database.db, config: configOf({ site }), now: NOW, log, out, sample: false });
    beforeEach(async () => {
      failures.length = 0;
      await addFixedCommunity(database.db);
    });

    it('keeps its last version, and the others are published', async () => {
      await setStars(12);
      const { documents } = await publish();
      const before = texts();
      await setStars(-1);
      await database.db.deleteFrom('global_leaderboard').execute();
      await database.db
        .updateTable('repositories')
        .set({ description: 'another' })
        .where('id', '<>', 1)
        .execute();
      // The list of all repositories and the document of this one.
      expect(await publish()).toMatchObject({ documents: documents - 2, unfit: 2 });
      const unfit = ['repositories.json', 'repositories/octo/one.json'];
      for (const path of unfit) expect(texts().get(path), path).toBe(before.get(path));
      expect(read('repositories/octo/empty.json').repository.description).toBe('another');
      expect(read('leaderboard/global.json').total).toBe(0);
      expect(failures.map(({ details }) => details)).toEqual(
        unfit.map((path) => ({
          reason: expect.stringMatching(`^${path} does not fit its schema: .*stars`),
          isKept: true,
        })),
      );
      await setStars(13);
      expect(await publish()).toMatchObject({ unfit: 0 });
      expect(read('repositories/octo/one.json').repository.stars).toBe(13);
    });

    it('is left out if it has no former version', async () => {
      await setStars(-1);
      expect(await publish()).toMatchObject({ unfit: 2 });
      expect(read('repositories.json')).toBeNull();
      expect(read('index.json').contributors).toEqual(expect.any(Array));
      expect(failures).toHaveLength(2);
    });

    it('ends the report if it is the index and has no former version', async () => {
      const config = configOf();
      const run = (pageSize: number) =>
        report({
          db: database.db,
          config: { ...config, site: { ...config.site, page_size: pageSize, title: 7 as never } },
          now: NOW,
          log,
          out,
          sample: false,
        });
      await expect(run(50)).rejects.toThrow('index.json does not fit its schema');
      expect(existsSync(join(out, 'api', 'v1'))).toBe(false);
      await publish();
      expect(await run(49)).toMatchObject({ unfit: 1 });
      expect(read('index.json').page_size).toBe(50);
    });
  });

  it('keeps the former documents when it fails', async () => {
    await addFixedCommunity(database.db);
    await run();
    const before = texts();
    await database.db
      .updateTable('github_users')
      .set({ login: '' })
      .where('github_id', '=', 1)
      .execute();
    await database.db
      .updateTable('repositories')
      .set({ owner: '..' })
      .where('id', '=', 1)
      .execute();
    await expect(run()).rejects.toThrow('not a path of a document');
    expect(texts()).toEqual(before);
    expect(readdirSync(join(out, 'api'))).toEqual(['v1']);
  });
});
