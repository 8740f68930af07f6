import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Db } from '../../db/client.ts';
import { readEnvironment } from '../../pipeline/config/environment.ts';
import { readConfig } from '../../pipeline/config/load.ts';
import { runPipeline } from '../../pipeline/run-pipeline.ts';
import type { Context } from '../../pipeline/runtime/context.ts';
import { createLog, type Log } from '../../pipeline/runtime/log.ts';
import type { PipelineOptions } from '../../pipeline/runtime/options.ts';
import { hourFileName } from '../../pipeline/sources/gharchive/hours.ts';
import { gzipLines } from './archive-folder.ts';
import { openTables } from './databases.ts';

export interface PipelineSetup {
  readonly archiveUrl: string;
  readonly repositories: readonly string[];
  readonly now: string;
  /** Address of the database, `memory:` for an embedded one; default: see `openTables`. */
  readonly url?: string;
  readonly options?: Partial<PipelineOptions>;
  /** Silent by default. */
  readonly log?: Log;
  /** More files of the configuration: name to text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly reconnectDelaysMs?: readonly number[];
}

/** A pipeline that can run: its tables (open until `close`) and its documents. */
export interface OpenPipeline {
  readonly db: Db;
  readonly out: string;
  /** Runs on the same tables, and resolves to the exit code. */
  again(more?: Partial<PipelineSetup>): Promise<number>;
  close(): Promise<void>;
}

/** The result of a run. */
export interface PipelineRun extends OpenPipeline {
  readonly code: number;
}

/** The complete pipeline on hour files, as its command runs it, on a fresh database. */
export async function runOnArchive(setup: PipelineSetup): Promise<PipelineRun> {
  const pipeline = await openPipeline(setup);
  return { ...pipeline, code: await pipeline.again() };
}

/** The same, before its first run. */
export async function openPipeline(setup: PipelineSetup): Promise<OpenPipeline> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-run-'));
  const db = await openTables(setup.url);
  const again = (more: Partial<PipelineSetup> = {}) =>
    runPipeline(contextOf({ ...setup, ...more }, folder, db));
  const close = async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, out: join(folder, 'out'), again, close };
}

function contextOf(setup: PipelineSetup, folder: string, db: Db): Context {
  const list = setup.repositories.map((slug) => `  - ${JSON.stringify(slug)}\n`).join('');
  writeFileSync(join(folder, 'repos.yaml'), `repositories:\n${list}`);
  for (const [name, text] of Object.entries(setup.files ?? {})) {
    writeFileSync(join(folder, name), text);
  }
  return {
    options: {
      config: folder,
      sources: ['gharchive'],
      repositories: null,
      jobType: null,
      from: null,
      to: null,
      out: join(folder, 'out'),
      now: new Date(setup.now),
      dryRun: false,
      log: 'json',
      ...setup.options,
    },
    config: readConfig(folder),
    environment: readEnvironment({ GHARCHIVE_URL: setup.archiveUrl }),
    db,
    log: setup.log ?? createLog('json', { level: 'silent' }),
    signal: new AbortController().signal,
    now: new Date(setup.now),
    sources: ['gharchive'],
    isSample: false,
    isEmbedded: true,
    owner: 'test',
    reconnectDelaysMs: setup.reconnectDelaysMs ?? [],
  };
}

/** Writes events as hour files, each in the hour it happened in. */
export function writeHourFiles(folder: string, events: readonly { created_at: string }[]): void {
  const byHour = Map.groupBy(events, (event) => hourFileName(new Date(event.created_at)));
  for (const [name, some] of byHour) writeFileSync(join(folder, name), gzipLines(some));
}

/** Every row of every table that holds results, in the order of its key, as text. */
export async function dumpResults(db: Db): Promise<Record<string, string[]>> {
  const tables = [
    'repositories',
    'repository_counter',
    'github_users',
    'github_user_logins',
    'contribution_events',
    'repository_leaderboards',
    'global_leaderboard',
    'leaderboard_snapshots',
    'scrape_windows',
  ] as const;
  const dump: Record<string, string[]> = {};
  for (const table of tables) {
    const rows = await db.selectFrom(table).selectAll().execute();
    // The time of the insert is not part of the result, nor which calculation came before it.
    const times = { created_at: undefined, metadata_fetched_at: undefined, missed_at: undefined };
    dump[table] = rows.map((row) => JSON.stringify({ ...row, ...times })).toSorted();
  }
  return dump;
}

/** Every published document by its path. */
export function readAllDocuments(out: string): Record<string, unknown> {
  const root = join(out, 'api/v1');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith('.json'))
      .map((file) => [file, JSON.parse(readFileSync(join(root, file), 'utf8'))]),
  );
}

/** Every published board under its path below `leaderboard/` (`global/week`), its pages joined. */
export function readAllBoards(out: string): Map<string, Record<string, unknown>[]> {
  const boards = new Map<string, Record<string, unknown>[]>();
  const documents = readAllDocuments(out) as Record<string, LeaderboardPage>;
  for (const [path, first] of Object.entries(documents)) {
    const board = /^leaderboard\/(.+)\/1\.json$/.exec(path)?.[1];
    if (board === undefined) continue;
    const pages = Array.from({ length: first.pages }, (_, index) => {
      const page = documents[`leaderboard/${board}/${index + 1}.json`];
      if (!page) throw new Error(`${board} has no page ${index + 1} of ${first.pages}`);
      return page.entries;
    });
    if (pages.flat().length !== first.total) throw new Error(`${board} has not ${first.total}`);
    boards.set(board, pages.flat());
  }
  return boards;
}

interface LeaderboardPage {
  readonly entries: Record<string, unknown>[];
  readonly pages: number;
  readonly total: number;
}
