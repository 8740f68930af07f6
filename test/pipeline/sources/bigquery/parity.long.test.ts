import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { insertJobs } from '../../../../db/queries/job-queue.ts';
import { reconcileRepositories } from '../../../../db/queries/repositories.ts';
import type { ReadSource } from '../../../../pipeline/domain/source.ts';
import { createBigQuerySource } from '../../../../pipeline/sources/bigquery/index.ts';
import { fetchArchive } from '../../../../pipeline/sources/gharchive/index.ts';
import { scrape } from '../../../../pipeline/stages/scrape/index.ts';
import { archiveTables } from '../../../support/bigquery/archive-tables.ts';
import {
  connectTo,
  createOpenLedger,
  depsFor,
  useLocalBigQuery,
} from '../../../support/bigquery/harness.ts';
import { collect, requestFor } from '../../../support/bigquery/requests.ts';
import { useDatabase } from '../../../support/databases.ts';
import { RECORDED } from '../../../support/event-shapes.ts';
import { inventHours } from '../../../support/invented-hours.ts';
import { writeHourFiles } from '../../../support/pipeline.ts';
import { busiest, type RawEvent, readEvents } from '../../../support/read-events.ts';
import { hasSharedData, sharedPath } from '../../../support/shared-data.ts';

const FROM = '2015-01-01T00:00:00Z';
const TO = '2015-01-01T02:00:00Z';
/** Beginnings of weeks matter to no table, the end of the run does: the same for both. */
const NOW = new Date('2015-01-02T00:00:00Z');

/** The hours in the tables of BigQuery; `folder` is where their files are. */
interface Hours {
  readonly folder: string;
  readonly events: readonly RawEvent[];
}

const recordedHours = (): Hours => ({
  folder: sharedPath('gharchive'),
  events: RECORDED[2015].flatMap((file) => readEvents(sharedPath(file))),
});

function inventedHours(): Hours {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-invented-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { events } = inventHours('2015');
  writeHourFiles(folder, events);
  return { folder, events };
}

const isRecorded = hasSharedData();

describe.skipIf(inject('postgresUrl') === null)(
  'two hours, from BigQuery and from the hour files',
  () => {
    const bigquery = useLocalBigQuery();
    const one = useDatabase('server');
    const other = useDatabase('server');

    /** Fills the tables; gives the names of the repositories, the busiest first. */
    function load({ events }: Pick<Hours, 'events'>): string[] {
      bigquery.local.reset();
      bigquery.local.tables.clear();
      for (const [name, table] of archiveTables(events)) bigquery.local.tables.set(name, table);
      return busiest(events, 500);
    }

    // Whole hours take the engine longer on a busy machine than the small tables of other tests.
    const openSource = (checksHours: boolean, ledger = createOpenLedger()) => {
      const api = connectTo(bigquery.local, { callTimeoutMs: 240_000 });
      const deps = depsFor(bigquery.local, { api, ledger, timeoutMs: 240_000 });
      return createBigQuerySource(deps, { payload: true, checksHours });
    };

    it(`give the same rows in every table (${isRecorded ? 'recorded' : 'invented'})`, async () => {
      const hours = isRecorded ? recordedHours() : inventedHours();
      const names = load(hours);
      const folder = pathToFileURL(`${hours.folder}/`).href;
      const fromFiles: ReadSource = (request) => fetchArchive(folder, request);
      const stated = idsOf(hours.events);
      const expected = await scrapeAll(one.db, names, 'gharchive', fromFiles, stated);
      const found = await scrapeAll(other.db, names, 'bigquery', openSource(true), stated);
      expect(found).toEqual(expected);
      expect(expected.contribution_events.length).toBeGreaterThan(isRecorded ? 1_000 : 300);
      expect(expected.github_users.length).toBeGreaterThan(isRecorded ? 100 : 15);
    });

    it('cost the same bytes for 1 repository and for 500', async () => {
      const names = load({ events: inventHours('2015').events.slice(0, 400) });
      const none = Array.from({ length: 500 - names.length }, (_, index) => `acme/none${index}`);
      const few = await bytesFor(names.slice(0, 1));
      expect(await bytesFor([...names, ...none])).toEqual(few);
    });

    it('are read page by page, with no more than a page in memory', async () => {
      const names = load(inventHours('2015'));
      bigquery.local.pageRows = 100;
      const request = requestFor(names, FROM, TO, { batchSize: 10 });
      const batches = await collect(openSource(false)(request));
      const pages = bigquery.local.requests.filter(({ path }) => path.includes('/queries/'));
      expect(pages.length).toBeGreaterThan(10);
      expect(Math.max(...batches.map((batch) => batch.contributions.length))).toBeLessThan(101);
      expect(batches.length).toBeGreaterThan(10);
    });

    async function bytesFor(names: readonly string[]) {
      const ledger = createOpenLedger();
      await collect(openSource(false, ledger)(requestFor(names, FROM, TO)));
      const [[, bytesEstimated, maximumBytesBilled], [, usage]] = ledger.log as [
        [string, number, number],
        [string, object],
      ];
      return { bytesEstimated, maximumBytesBilled, usage };
    }
  },
);

/** Scrapes the two hours into an empty database and gives what is in its tables. */
/**
 * The id that each name has at the end, as GitHub states it. Without it the hour files show the
 * people of the repositories that had a name before, too, which BigQuery is not asked for.
 */
const idsOf = (events: readonly RawEvent[]) =>
  new Map(events.map(({ repo }) => [repo.name.toLowerCase(), repo.id]));

async function scrapeAll(
  db: Db,
  names: readonly string[],
  source: string,
  read: ReadSource,
  stated: ReadonlyMap<string, number>,
) {
  const wanted = requestFor(names, FROM, TO).repositories.map(({ owner, name }) => ({
    owner,
    name,
    neverRescrapeBefore: null,
    defaultBranch: null,
  }));
  await reconcileRepositories(db, wanted);
  for (const { owner, name } of wanted) {
    const github_id = stated.get(`${owner}/${name}`.toLowerCase()) ?? null;
    const row = db.updateTable('repositories').set({ github_id });
    await row.where('owner', '=', owner).where('name', '=', name).execute();
  }
  const ids = (await db.selectFrom('repositories').select('id').execute()).map(({ id }) => id);
  const window = { from: new Date(FROM), to: new Date(TO) };
  await insertJobs(db, null, [{ source, jobType: 'full', repositoryIds: ids, ...window }]);
  const result = await scrape({
    db,
    log: {
      info: () => {},
      warn: (details, message) => console.warn(message, details),
      error: (details, message) => console.error(message, details),
    },
    signal: new AbortController().signal,
    now: NOW,
    owner: 'test',
    readers: { [source]: read },
    batchSize: 100,
    retryDelaysSeconds: [],
    bots: { ids: [], logins: [], allow: [] },
    onProgress: () => {},
  });
  expect(result).toMatchObject({ completed: 1, failed: 0 });
  const all = <T extends object>(rows: readonly T[]) =>
    rows.map((row) => JSON.stringify({ ...row, source: '', created_at: '' })).toSorted();
  return {
    repositories: all(await db.selectFrom('repositories').selectAll().execute()),
    contribution_events: all(await db.selectFrom('contribution_events').selectAll().execute()),
    github_users: all(await db.selectFrom('github_users').selectAll().execute()),
    github_user_logins: all(await db.selectFrom('github_user_logins').selectAll().execute()),
    scrape_windows: all(await db.selectFrom('scrape_windows').selectAll().execute()),
  };
}
