import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Db, isServerUrl, openDatabase, readServerVersion } from '../../db/client.ts';
import { withReconnects } from '../../db/lost-connection.ts';
import { MIGRATIONS, migrate, readPendingMigrations } from '../../db/migrate.ts';
import { readServerFacts, readTableFacts } from '../../db/queries/server.ts';
import { holdsDataOf } from '../../db/queries/windows.ts';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { readConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { problemsOfMigration, problemsOfServer } from '../domain/database-fitness.ts';
import { withSamplePeople } from '../domain/people.ts';
import type { SourceName } from '../domain/source.ts';
import { UsageError } from '../util/usage-error.ts';
import { describeRefusal } from './describe-refusal.ts';
import type { Journal } from './journal.ts';
import { createLog, type Log } from './log.ts';
import type { PipelineOptions } from './options.ts';
import { asLongAs, withElapsed } from './progress.ts';
import { startTimeLimit, type TimeLimit } from './time-limit.ts';

/** The context of every stage: opened once, closed once. */
export interface Context {
  readonly options: PipelineOptions;
  readonly config: Config;
  readonly environment: Environment;
  readonly db: Db;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The clock of the run. */
  readonly now: Date;
  readonly sources: readonly SourceName[];
  /** The data is generated, and nobody in it is real. */
  readonly isSample: boolean;
  /**
   * Of a dry run, and of a command that begins with the preflight: why its database could not be
   * opened; `db` is then an empty one in memory.
   */
  readonly databaseProblem?: Error;
  /** The database is embedded: no other process uses it. */
  readonly isEmbedded: boolean;
  /** The name of this process among the workers. */
  readonly owner: string;
  /** What this process leaves behind about itself; absent: nothing. */
  readonly journal?: Journal;
  /** The run that a command by itself belongs to, in a workflow. */
  readonly runId?: number;
  /** Absent: as long as it takes. */
  readonly timeLimit?: TimeLimit;
  /** See `withReconnects`. */
  readonly reconnectDelaysMs?: readonly number[];
}

/** The real time. Budget and circuit breakers use it instead of the clock of the run. */
export const wallClock = () => new Date();

/** The folder for data that the project stores on this machine. */
export const DATA_FOLDER = '.data';

export interface ContextSettings {
  readonly journal?: Journal;
  /** A dry run goes on without its database, to say what else is wrong. */
  readonly goesOn?: boolean;
  /** So does the command itself: it begins with the preflight, which then ends it. */
  readonly checksFirst?: boolean;
}

/** Opens what a command needs, runs it, and closes everything again. */
export async function withContext<T>(
  options: PipelineOptions,
  signal: AbortSignal,
  run: (context: Context) => Promise<T>,
  { journal, goesOn = false, checksFirst = false }: ContextSettings = {},
): Promise<T> {
  const timeLimit = options.timeLimit ? startTimeLimit(options.timeLimit) : undefined;
  const config = readConfig(options.config);
  const environment = readEnvironment();
  const log = createLog(options.log, {
    level: process.env.LOG_LEVEL ?? 'info',
    ...(journal && { tap: journal.note }),
    // Of a command by itself, all is shown.
    isShort: process.stdout.isTTY && ['pipeline', 'start'].includes(journal?.command ?? ''),
  });
  const sources = options.sources ?? config.pipeline.sources;
  const isSample = sources.includes('sample');
  if (isSample && sources.length > 1) {
    throw new UsageError('the source sample is invented and goes with no other: give it alone');
  }
  const { databaseUrl } = environment;
  const address = databaseUrl ?? embeddedFolder(isSample);
  const { db, databaseProblem } = options.dryRun
    ? await openOrGoOn(openUnchanged(address), goesOn)
    : await openOrGoOn(openUpToDate(address, { log, signal }), checksFirst, signal);
  try {
    await withReconnects('check of the data', { log, signal }, () => refuseMixture(db, isSample));
    return await run({
      options,
      config: isSample ? { ...config, people: withSamplePeople(config.people) } : config,
      environment,
      db,
      log,
      signal,
      now: options.now ?? new Date(),
      sources,
      isSample,
      isEmbedded: databaseUrl === null,
      owner: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
      ...(journal && { journal }),
      ...(timeLimit && { timeLimit }),
      ...(databaseProblem && { databaseProblem }),
    });
  } finally {
    await journal?.close();
    await db.destroy();
  }
}

/** What making the embedded database takes on a machine with two cores, in ms. */
const MAKING_MS = 6_000;

async function openUpToDate(
  address: string,
  run: { readonly log: Log; readonly signal: AbortSignal },
): Promise<Db> {
  const { log } = run;
  const isMade = !isServerUrl(address) && !existsSync(address);
  if (!isMade) return prepare(await openDatabase(address), address, run);
  log.info({ folder: address }, 'making the embedded database');
  return withElapsed('making the embedded database', asLongAs(MAKING_MS), async () =>
    prepare(await openDatabase(address), address, run),
  );
}

/** Checks an opened database, and brings its tables up to date. */
async function prepare(
  db: Db,
  address: string,
  run: { readonly log: Log; readonly signal: AbortSignal },
): Promise<Db> {
  try {
    await requireAnswer(db, address);
    const applied = await withReconnects('migration', run, async () => {
      await requireRoom(db);
      return migrate(db);
    });
    if (applied.length > 0) run.log.info({ applied }, 'tables brought up to date');
    return db;
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

async function requireAnswer(db: Db, address: string): Promise<void> {
  try {
    await readServerVersion(db);
  } catch (error) {
    if (!isServerUrl(address)) throw error;
    const { host } = new URL(address);
    throw new Error(
      `DATABASE_URL: no PostgreSQL lets us in at ${host}: ${describeRefusal(error, address)}`,
      { cause: error },
    );
  }
}

/** Before tables are made or changed: whether they can be, and if not, what to type. */
async function requireRoom(db: Db): Promise<void> {
  // Read
  const pending = await readPendingMigrations(db);
  if (pending.length === 0) return;
  const facts = await readServerFacts(db);
  const tables = await readTableFacts(db);
  // Decide
  const isNew = pending.length === Object.keys(MIGRATIONS).length;
  const problems = [...problemsOfServer(facts), ...problemsOfMigration(facts, tables, isNew)];
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** The tables are of an earlier version, and a dry run must not change them. */
export class PendingMigrationsError extends UsageError {
  override readonly name = 'PendingMigrationsError';
  readonly pending: readonly string[];
  constructor(pending: readonly string[]) {
    super(
      `the tables are not up to date (${pending.join(', ')} to come), and this changes nothing: ` +
        'run `npm run preflight` first, which brings them up to date',
    );
    this.pending = pending;
  }
}

interface OpenedDatabase {
  readonly db: Db;
  readonly databaseProblem?: Error;
}

/** The opened database, or an empty one in memory and the problem. */
async function openOrGoOn(
  opening: Promise<Db>,
  goesOn: boolean,
  signal?: AbortSignal,
): Promise<OpenedDatabase> {
  try {
    return { db: await opening };
  } catch (error) {
    signal?.throwIfAborted();
    const isForCaller = error instanceof UsageError && !(error instanceof PendingMigrationsError);
    if (!goesOn || isForCaller || !(error instanceof Error)) throw error;
    const db = await openDatabase('memory:');
    await migrate(db);
    return { db, databaseProblem: error };
  }
}

/** Opens the database for commands that must change nothing: no table is made or altered. */
async function openUnchanged(address: string): Promise<Db> {
  const isThere = isServerUrl(address) || existsSync(address);
  const db = await openDatabase(isThere ? address : 'memory:');
  try {
    await requireAnswer(db, address);
    if (!isThere) await migrate(db);
    // What would keep the tables from being made or changed is the first thing to know.
    await requireRoom(db);
    const pending = await readPendingMigrations(db);
    if (pending.length === 0) return db;
    throw new PendingMigrationsError(pending);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Invented people and real ones never share a database. */
export function embeddedFolder(isSample: boolean): string {
  return join(DATA_FOLDER, isSample ? 'sample' : 'live');
}

async function refuseMixture(db: Db, isSample: boolean): Promise<void> {
  if (!(await holdsDataOf(db, isSample ? 'real sources' : 'sample'))) return;
  throw new UsageError(
    isSample
      ? 'this database holds real data: the source sample needs one of its own'
      : 'this database holds the invented data of the source sample: set DATABASE_URL to another one',
  );
}
