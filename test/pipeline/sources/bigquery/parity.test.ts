import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { insertJobs } from '../../../../db/queries/jobs.ts';
import { reconcileRepositories } from '../../../../db/queries/repositories.ts';
import { createBigQuerySource } from '../../../../pipeline/sources/bigquery/read.ts';
import { readArchive } from '../../../../pipeline/sources/gharchive/read.ts';
import type { ReadSource } from '../../../../pipeline/sources/source.ts';
import { scrape } from '../../../../pipeline/stages/scrape.ts';
import { archiveTables } from '../../../support/bigquery/archive-tables.ts';
import { createOpenBooks, portsTo, useLocalBigQuery } from '../../../support/bigquery/harness.ts';
import { collect, requestFor } from '../../../support/bigquery/requests.ts';
import { useDatabase } from '../../../support/databases.ts';
import { type RawEvent, readEvents } from '../../../support/read-events.ts';
import { hasSharedData, sharedPath } from '../../../support/shared-data.ts';

const FROM = '2015-01-01T00:00:00Z';
const TO = '2015-01-01T02:00:00Z';
/** Beginnings of weeks matter to no table, the end of the run does: the same for both. */
const NOW = new Date('2015-01-02T00:00:00Z');

describe.skipIf(!hasSharedData() || inject('postgresUrl') === null)(
  'two real hours, from BigQuery and from the hour files',
  () => {
    const bigquery = useLocalBigQuery();
    const one = useDatabase('server');
    const other = useDatabase('server');
    let events: RawEvent[] = [];
    let busiest: string[] = [];

    beforeAll(() => {
      events = [0, 1].flatMap((hour) =>
        readEvents(sharedPath(`gharchive/2015-01-01-${hour}.json.gz`)),
      );
      for (const [name, table] of archiveTables(events)) bigquery.local.tables.set(name, table);
      const byName = Map.groupBy(events, (event) => event.repo.name);
      busiest = [...byName].toSorted((a, b) => b[1].length - a[1].length).map(([name]) => name);
    });

    it('give the same rows in every table', async () => {
      const folder = `${pathToFileURL(sharedPath('gharchive'))}/`;
      const fromFiles: ReadSource = (request) => readArchive(folder, request);
      const fromBigQuery = createBigQuerySource(portsTo(bigquery.local), {
        payload: true,
        checksHours: true,
      });
      const names = busiest.slice(0, 500);
      const expected = await scrapeAll(one.db, names, 'gharchive', fromFiles);
      const found = await scrapeAll(other.db, names, 'bigquery', fromBigQuery);
      expect(found).toEqual(expected);
      expect(expected.contribution_events.length).toBeGreaterThan(1_000);
      expect(expected.github_users.length).toBeGreaterThan(100);
    });

    it('cost the same bytes for 1 repository and for 500', async () => {
      const bytes = await Promise.all([1, 500].map((count) => bytesFor(busiest.slice(0, count))));
      expect(bytes[0]).toEqual(bytes[1]);
    });

    it('are read page by page, with no more than a page in memory', async () => {
      bigquery.local.reset();
      bigquery.local.pageRows = 100;
      const request = requestFor(busiest.slice(0, 500), FROM, TO, { batchSize: 20 });
      const read = createBigQuerySource(portsTo(bigquery.local), {
        payload: true,
        checksHours: false,
      });
      const batches = await collect(read(request));
      const pages = bigquery.local.requests.filter(({ path }) => path.includes('/queries/'));
      expect(pages.length).toBeGreaterThan(10);
      expect(Math.max(...batches.map((batch) => batch.contributions.length))).toBeLessThan(1_001);
      expect(batches.length).toBeGreaterThan(10);
    });

    async function bytesFor(names: readonly string[]) {
      const books = createOpenBooks();
      const read = createBigQuerySource(portsTo(bigquery.local, { books }), {
        payload: true,
        checksHours: false,
      });
      await collect(read(requestFor(names, FROM, TO)));
      const [[, bytesEstimated, maximumBytesBilled], [, usage]] = books.log as [
        [string, number, number],
        [string, object],
      ];
      return { bytesEstimated, maximumBytesBilled, usage };
    }
  },
);

/** Scrapes the two hours into an empty database and gives what is in its tables. */
async function scrapeAll(db: Db, names: readonly string[], source: string, read: ReadSource) {
  const wanted = requestFor(names, FROM, TO).repositories.map(({ owner, name }) => ({
    owner,
    name,
    neverRescrapeBefore: null,
    defaultBranch: null,
  }));
  await reconcileRepositories(db, wanted);
  const ids = (await db.selectFrom('repositories').select('id').execute()).map(({ id }) => id);
  const window = { from: new Date(FROM), to: new Date(TO) };
  await insertJobs(db, null, [{ source, jobType: 'full', repositoryIds: ids, ...window }]);
  const result = await scrape({
    db,
    log: { info: () => {}, warn: (details, message) => console.warn(message, details) },
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
