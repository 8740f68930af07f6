import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Db } from '../../db/client.ts';
import type { ReadSource, SourceName } from '../../pipeline/domain/source.ts';
import { DAY_MS, HOUR_MS } from '../../pipeline/domain/time.ts';
import type { TimeWindow } from '../../pipeline/domain/window.ts';
import { hourFileName } from '../../pipeline/sources/gharchive/hours.ts';
import { fetchArchive } from '../../pipeline/sources/gharchive/index.ts';
import { discovery } from '../../pipeline/stages/discovery/index.ts';
import { scrape } from '../../pipeline/stages/scrape/index.ts';
import { writeHourFiles } from './pipeline.ts';
import type { RawEvent } from './read-events.ts';

/** Nights that read nothing but the archive: planned by discovery, read by scrape. */

const silent = { info() {}, warn() {}, error() {} };

export interface ArchiveNight {
  /** `owner/name`, with the configured default branch if there is one. */
  readonly repositories: readonly (string | { readonly repo: string; readonly branch: string })[];
  readonly source: SourceName;
  readonly read: ReadSource;
  /** A window given by hand; else it is planned. */
  readonly window?: TimeWindow;
  readonly now: Date;
  readonly batchSize?: number;
}

/** One night. Returns the counts of its jobs, by reason, of what was left out. */
export async function archiveNight(
  db: Db,
  { repositories, source, read, window, now, batchSize = 100 }: ArchiveNight,
): Promise<Record<string, number>> {
  const wanted = repositories.map((one) => {
    const { repo, branch } = typeof one === 'string' ? { repo: one, branch: null } : one;
    const [owner = '', name = ''] = repo.split('/');
    return { owner, name, neverRescrapeBefore: null, defaultBranch: branch };
  });
  const last = await db
    .selectFrom('scrape_jobs')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirst();
  await discovery({
    db,
    log: silent,
    runId: null,
    wanted,
    sources: [source],
    rules: {
      windowYears: 2,
      overlapDays: 0,
      jobType: null,
      from: window?.from ?? null,
      to: window?.to ?? null,
      now,
    },
    staleAfterHours: 0,
    maxRepositories: 100,
    only: null,
  });
  await scrape({
    db,
    log: silent,
    signal: new AbortController().signal,
    now,
    owner: 'test',
    readers: { [source]: read },
    batchSize,
    retryDelaysSeconds: [],
    bots: { ids: [], logins: [], allow: [] },
    onProgress() {},
  });
  const jobs = await db
    .selectFrom('scrape_jobs')
    .select(['status', 'skipped', 'error_message'])
    .where('id', '>', last?.id ?? 0)
    .execute();
  const failed = jobs.find(({ status }) => status !== 'COMPLETED');
  if (failed) throw new Error(`a job ended as ${failed.status}: ${failed.error_message}`);
  const skipped: Record<string, number> = {};
  for (const job of jobs) {
    for (const [reason, count] of Object.entries(job.skipped ?? {})) {
      skipped[reason] = (skipped[reason] ?? 0) + count;
    }
  }
  return skipped;
}

/** Files without events for the other hours, up to a day before and after: they are not missing. */
function writeQuietHours(folder: string, events: readonly RawEvent[]): void {
  const times = events.map((event) => Date.parse(event.created_at));
  if (times.length === 0) return;
  const end = Math.max(...times) + DAY_MS;
  for (let hour = Math.min(...times) - DAY_MS; hour < end; hour += HOUR_MS) {
    const path = join(folder, hourFileName(new Date(hour)));
    if (!existsSync(path)) writeFileSync(path, gzipSync(''));
  }
}

/** A reader of hour files that hold these events, which are deleted after `use`. */
export async function withHourFiles<T>(
  events: readonly RawEvent[],
  use: (read: ReadSource) => Promise<T>,
  coAuthors = false,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-nights-'));
  try {
    writeHourFiles(folder, events);
    writeQuietHours(folder, events);
    const url = pathToFileURL(`${folder}/`).href;
    return await use((request) => fetchArchive(url, request, { coAuthors }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is stored of each repository, by its name: the keys with the account and the time. */
export async function storedContributions(db: Db): Promise<Record<string, string[]>> {
  const rows = await db
    .selectFrom('contribution_events as c')
    .innerJoin('repositories as r', 'r.id', 'c.repository_id')
    .select(['r.owner', 'r.name', 'c.event_id', 'c.user_id', 'c.occurred_at'])
    .execute();
  const byName = Map.groupBy(rows, (row) => `${row.owner}/${row.name}`);
  return Object.fromEntries(
    [...byName].map(([name, own]) => [
      name,
      own
        .map(
          (row) => `${row.event_id} ${row.user_id} ${row.occurred_at.toISOString().slice(5, 16)}`,
        )
        .toSorted(),
    ]),
  );
}
