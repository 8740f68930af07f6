import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Db } from '../../../db/client.ts';
import { insertJobs } from '../../../db/queries/job-queue.ts';
import { fetchArchive } from '../../../pipeline/sources/gharchive/index.ts';
import { scrape } from '../../../pipeline/stages/scrape/index.ts';
import { emptyTables } from '../databases.ts';
import { writeArchive } from './archive-events.ts';
import { type Life, live, lives } from './lives.ts';
import { type LocalGithub, startLocalGithub } from './local-github.ts';
import { MONTH } from './made-up-world.ts';
import { type Nights, openNights } from './night.ts';
import { readRows, silentLog } from './scrape.ts';
import { asOf, isShown, type World } from './world.ts';

/**
 * A life of two repositories, read night by night with disturbances, from GitHub alone or with the
 * archive, and all at once from GitHub at its end.
 */

/** What happens to one night. */
interface Disturbance {
  /** It is killed at its so-manieth request, and done again; null: it is not. */
  readonly killAt: number | null;
  /** All is read once more after it. */
  readonly isTwice: boolean;
  /** The archive is read, too, from the beginning until then; null: it is not. */
  readonly archive: 'before' | 'after' | null;
}

export interface ReadLife {
  readonly life: Life;
  readonly disturbances: readonly Disturbance[];
  /** Each night looks at all of the past again; else one that wants all does so at the end. */
  readonly isRechecked: boolean;
}

export const readLives = (days: number, steps: number): fc.Arbitrary<ReadLife> =>
  fc.record({
    life: lives(days, steps),
    disturbances: fc.array(
      fc.record({
        killAt: fc.option(fc.integer({ min: 0, max: 60 }), { freq: 2 }),
        isTwice: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
        archive: fc.constantFrom('before' as const, 'after' as const, null, null),
      }),
      { minLength: days, maxLength: days },
    ),
    isRechecked: fc.boolean(),
  });

export interface LifeReader {
  /** What the nights lead to, and one reading at the end. */
  read(what: ReadLife): Promise<{ nightly: LifeTables; atOnce: LifeTables }>;
  /** What GitHub would have refused. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** Opens readers on a database of their own each. @param url makes their addresses */
export async function openLifeReader(url?: () => Promise<string>): Promise<LifeReader> {
  const limits = { core: 1e9, graphql: 1e9 };
  const github = await startLocalGithub({ world: { repositories: [], people: [] }, limits });
  const open = async (days: number, plansRechecks: boolean) =>
    openNights({
      github,
      repositories: ['guild/life0', 'guild/life1'],
      files: { 'pipeline.yaml': `github: { recheck_days: ${days}, co_authors: true }\n` },
      plansRechecks,
      url: (await url?.()) ?? 'memory:',
    });
  const rechecking = await open(1, true);
  const plain = await open(30, false);
  const close = async () => {
    await Promise.all([rechecking.close(), plain.close()]);
    await github.close();
  };
  return {
    violations: () => github.violations,
    close,
    read: async ({ life, disturbances, isRechecked }) => {
      const { world, nights } = live(life);
      const last = nights.at(-1) as string;
      const reader = isRechecked ? rechecking : plain;
      const nightly = await withArchive(world, last, async (fromArchive) => {
        await emptyTables(reader.db);
        for (const [place, now] of nights.entries()) {
          github.setWorld(worldAt(world, now));
          const disturbance = disturbances[place] as Disturbance;
          const { archive } = disturbance;
          if (archive === 'before' && place > 0) await fromArchive(reader.db, now);
          await readNight(github, reader, now, disturbance);
          if (archive === 'after') await fromArchive(reader.db, now);
        }
        if (!isRechecked) await whole(reader, last);
        return readTables(reader.db);
      });
      await emptyTables(plain.db);
      await whole(plain, last);
      return { nightly, atOnce: await readTables(plain.db) };
    },
  };
}

const from = new Date(MONTH.from);

const worldAt = ({ repositories, people }: World, now: string): World => ({
  repositories: repositories.flatMap((one) => (isShown(one, now) ? asOf(one, now) : [])),
  people,
});

interface LifeTables {
  readonly repositories: unknown[];
  readonly contributions: unknown[];
}

async function readTables(db: Db): Promise<LifeTables> {
  const repositories = await db
    .selectFrom('repositories')
    .select(['id', 'github_id', 'owner', 'name', 'default_branch'])
    .orderBy('id')
    .execute();
  return { repositories, contributions: await readRows(db) };
}

type FromArchive = (db: Db, now: string) => Promise<void>;

/** Hour files of the whole life, which jobs read up to a moment. */
async function withArchive<T>(
  { repositories }: World,
  end: string,
  use: (fromArchive: FromArchive) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-life-'));
  writeArchive(folder, repositories, { from: MONTH.from, to: end });
  const url = pathToFileURL(`${folder}/`).href;
  try {
    return await use(async (db, now) => {
      const marks = db.selectFrom('repositories').select(['id', 'last_scraped_at']).orderBy('id');
      const ids = await marks.execute();
      const job = { source: 'gharchive', jobType: 'full', from, to: new Date(now) } as const;
      await insertJobs(db, null, [{ ...job, repositoryIds: ids.map(({ id }) => id) }]);
      const { failed } = await scrapeArchive(db, url, now);
      if (failed > 0) throw new Error('the archive could not be read');
      // A night plans the jobs of all sources before one of them is read: GitHub's are due, too.
      for (const { id, last_scraped_at } of ids) {
        await db
          .updateTable('repositories')
          .set({ last_scraped_at })
          .where('id', '=', id)
          .execute();
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const scrapeArchive = (db: Db, url: string, now: string) =>
  scrape({
    db,
    log: silentLog,
    signal: new AbortController().signal,
    now: new Date(now),
    owner: 'test',
    readers: { gharchive: (request) => fetchArchive(url, request, { coAuthors: true }) },
    batchSize: 3,
    retryDelaysSeconds: [],
    bots: { ids: [], logins: [], allow: [] },
    onProgress() {},
  });

/** Reads all that there is at a moment. */
const whole = async (nights: Nights, now: string) =>
  mustEndWell(await nights.read(now, { jobType: 'full', from, to: new Date(now) }));

async function readNight(
  github: LocalGithub,
  nights: Nights,
  now: string,
  { killAt, isTwice }: Disturbance,
): Promise<void> {
  if (killAt !== null) {
    const killed = new AbortController();
    const end = github.requests.length + killAt;
    github.setFault(({ index }) => void (index >= end && killed.abort()));
    await nights.read(now, {}, killed.signal).catch((error: unknown) => {
      if (!killed.signal.aborted) throw error;
    });
    github.setFault(() => undefined);
  }
  mustEndWell(await nights.read(now));
  if (isTwice) await whole(nights, now);
}

function mustEndWell({ code }: { readonly code: number }): void {
  if (code !== 0) throw new Error(`a night ended with exit code ${code}`);
}
