import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { fetchArchive } from '../../../../pipeline/sources/gharchive/index.ts';
import { scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { writeArchive } from '../../../support/github/archive-events.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld } from '../../../support/github/made-up-world.ts';
import {
  connect,
  createTestClock,
  openSource,
  readRows,
  runScrape,
  silentLog,
  track,
} from '../../../support/github/scrape.ts';

/** The same contributions from hour files and from GitHub: one row each, with GitHub's version. */
const database = useDatabase();
const WINDOW = { from: MONTH.from, to: at(32) };
let local: LocalGithub;
let folder: string;

beforeAll(async () => {
  const world = makeWorld();
  local = await startLocalGithub({ world, now: WINDOW.to });
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-hours-'));
  writeArchive(folder, world.repositories, WINDOW);
});
afterAll(async () => {
  await local.close();
  rmSync(folder, { recursive: true });
});

async function fromArchive(): Promise<void> {
  const { db } = database;
  const job = { source: 'gharchive', jobType: 'full', repositoryIds: [1] } as const;
  await insertJobs(db, null, [{ ...job, from: new Date(WINDOW.from), to: new Date(WINDOW.to) }]);
  await scrape({
    db,
    log: silentLog,
    signal: new AbortController().signal,
    now: new Date(WINDOW.to),
    owner: 'test',
    readers: {
      gharchive: (request) =>
        fetchArchive(pathToFileURL(`${folder}/`).href, request, { coAuthors: true }),
    },
    batchSize: 100,
    retryDelaysSeconds: [],
    bots: { ids: [], logins: [], allow: [] },
    onProgress() {},
  });
}

async function fromGithub(): Promise<void> {
  const source = openSource(database.db, connect(local, createTestClock()), true);
  await runScrape(database.db, source, WINDOW);
}

type Rows = Awaited<ReturnType<typeof readRows>>;

/** Reads one after the other into empty tables, and returns the rows after each. */
async function rowsAfterEach(...readings: (() => Promise<void>)[]): Promise<Rows[]> {
  await emptyTables(database.db);
  await track(database.db, 'guild/engine', 'main');
  const rows: Rows[] = [];
  for (const reading of readings) {
    await reading();
    rows.push(await readRows(database.db));
  }
  return rows;
}

let github: Rows = [];
let archive: Rows = [];

it('are the same rows in either order, also when read several times', async () => {
  const githubFirst = await rowsAfterEach(fromGithub, fromArchive);
  const archiveFirst = await rowsAfterEach(fromArchive, fromGithub, fromArchive);
  [github = []] = githubFirst;
  [archive = []] = archiveFirst;
  expect(githubFirst).toEqual([github, github]);
  expect(archiveFirst).toEqual([archive, github, github]);
});

it('are the same contributions: rows of the archive alone differ in commits only', async () => {
  const known = new Map(github.map((row) => [row.event_id, row]));
  expect(archive.length).toBeGreaterThan(450);
  // Of co-authors, the archive and GitHub have the same keys.
  const parts = archive.filter(({ event_id }) => /^commit:\w+:\d+$/.test(event_id));
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.some(({ event_id }) => known.has(event_id))).toBe(true);
  for (const { source, lines_added, ...row } of archive) {
    const { source: _source, lines_added: _lines, ...same } = known.get(row.event_id) ?? {};
    // The archive credits the account that pushed, at the time of the push.
    if (row.kind !== 'COMMIT') expect(same, row.event_id).toEqual(row);
  }
});
