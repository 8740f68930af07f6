import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Db, isServerUrl, openDatabase } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { createRng, pick } from '../../pipeline/sources/sample/rng.ts';
import { FAULTS, keepAndRestore, type NightFault } from './night-faults.ts';
import { type Lab, NIGHTS, type Place, runHere, withDatabase } from './night-lab.ts';
import { dumpResults } from './pipeline.ts';

/** Nights with a fault, each followed by a normal one. */

/** What the tables hold before the night with the fault. */
const STARTS = ['no tables', 'empty tables', 'a night'] as const;
type Start = (typeof STARTS)[number];
type Kind = Place['kind'];

/** What every pair of runs begins with and must lead to. */
export interface Model {
  readonly kinds: readonly Kind[];
  prepare(kind: Kind, start: Start): Promise<Place>;
  readonly expected: Readonly<Record<'first' | 'second', { tonight: Results; later: Results }>>;
}

interface Results {
  readonly tables: Record<string, string[]>;
  readonly board: string;
}

/** Makes the databases to begin with, and runs nights without a fault. */
export async function makeModel(lab: Lab, kinds: readonly Kind[]): Promise<Model> {
  const templates = new Map<string, string>();
  const emptyPlace = async (kind: Kind): Promise<Place> => {
    const folder = mkdtempSync(join(lab.folder, 'place-'));
    if (kind === 'embedded') return { kind, folder, url: join(folder, '.data/live') };
    return { kind, folder, url: await createDatabase(lab.serverUrl ?? '', null) };
  };
  const prepare = async (kind: Kind, start: Start): Promise<Place> => {
    const template = templates.get(`${kind} ${start}`);
    if (template === undefined) return emptyPlace(kind);
    const folder = mkdtempSync(join(lab.folder, 'place-'));
    if (kind === 'server') return { kind, folder, url: await createDatabase(template, template) };
    const url = join(folder, '.data/live');
    cpSync(template, url, { recursive: true });
    return { kind, folder, url };
  };
  for (const kind of kinds) {
    const empty = await emptyPlace(kind);
    await withDatabase(empty, migrate);
    templates.set(`${kind} empty tables`, empty.url);
    const night = await prepare(kind, 'empty tables');
    await withDatabase(night, (db) => runClean(lab, night, db, NIGHTS.before));
    templates.set(`${kind} a night`, night.url);
  }
  const kind = kinds[0] as Kind;
  const nightsAfter = async (start: Start) => {
    const place = await prepare(kind, start);
    return withDatabase(place, async (db) => {
      await runClean(lab, place, db, NIGHTS.disturbed);
      const tonight = await readResults(place, db);
      await runClean(lab, place, db, NIGHTS.later);
      return { tonight, later: await readResults(place, db) };
    });
  };
  const expected = {
    first: await nightsAfter('empty tables'),
    second: await nightsAfter('a night'),
  };
  return { kinds, prepare, expected };
}

async function runClean(lab: Lab, place: Place, db: Db, now: string): Promise<void> {
  lab.github.setNow(now);
  const code = await runHere(lab, place, db, now);
  if (code !== 0) throw new Error(`a night that nothing disturbed ended with exit code ${code}`);
}

async function createDatabase(url: string, template: string | null): Promise<string> {
  const name = `nights_${randomUUID().replaceAll('-', '')}`;
  // Copied by its log, a database forgets the numbers of its sequences in a crash: PostgreSQL takes
  // them for logged already.
  const from =
    template === null ? '' : ` TEMPLATE ${new URL(template).pathname.slice(1)} STRATEGY FILE_COPY`;
  await onServer(url, (admin) => sql.raw(`CREATE DATABASE ${name}${from}`).execute(admin));
  return Object.assign(new URL(url), { pathname: `/${name}` }).toString();
}

/** Connects to the database that nobody works in. */
async function onServer<T>(url: string, use: (admin: Db) => Promise<T>): Promise<T> {
  const admin = await openDatabase(
    Object.assign(new URL(url), { pathname: '/postgres' }).toString(),
  );
  return use(admin).finally(() => admin.destroy());
}

async function removePlace({ url, folder }: Place): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  if (!isServerUrl(url)) return;
  const name = new URL(url).pathname.slice(1);
  await onServer(url, (admin) => sql.raw(`DROP DATABASE ${name} WITH (FORCE)`).execute(admin));
}

/** The next night is a day later: what was held until then has ended. */
function passDay(db: Db): Promise<unknown> {
  const day = sql`interval '1 day'`;
  return sql`WITH
    jobs AS (UPDATE scrape_jobs SET lease_until = lease_until - ${day}, not_before = not_before - ${day}),
    costs AS (UPDATE cost_records SET lease_until = lease_until - ${day}),
    locks AS (UPDATE run_locks SET lease_until = lease_until - ${day}),
    runs AS (UPDATE pipeline_runs SET started_at = started_at - ${day})
    UPDATE circuit_breakers SET opened_at = opened_at - ${day}, updated_at = updated_at - ${day}`.execute(
    db,
  );
}

async function readResults(place: Place, db: Db): Promise<Results> {
  const tables = await dumpResults(db);
  // The state that a workflow keeps has no e-mail addresses.
  tables.github_users = (tables.github_users ?? []).map((row) =>
    JSON.stringify({ ...JSON.parse(row), email: undefined }),
  );
  const file = join(place.folder, 'out/api/v1/leaderboard/global.json');
  return { tables, board: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

/** What must not be there after a normal run. */
async function readLeftovers(db: Db): Promise<string[]> {
  const { rows } = await sql<{ what: string; count: number }>`
    SELECT 'jobs stuck' AS what, count(*)::int AS count FROM scrape_jobs
      WHERE status IN ('QUEUED', 'RUNNING', 'RETRYING')
    UNION ALL SELECT 'runs not ended', count(*)::int FROM pipeline_runs WHERE status = 'RUNNING'
    UNION ALL SELECT 'locks held', count(*)::int FROM run_locks
    UNION ALL SELECT 'reservations leaked', count(*)::int FROM cost_records WHERE status = 'RESERVED'
    UNION ALL SELECT 'circuits open', count(*)::int FROM circuit_breakers WHERE state <> 'CLOSED'`.execute(
    db,
  );
  return rows.filter(({ count }) => count > 0).map(({ what, count }) => `${count} ${what}`);
}

export interface NightEnd {
  readonly seed: number;
  readonly fault: string;
  /** The fault, on which database, and after what. */
  readonly what: string;
  /** How the night with the fault ended; null: killed. */
  readonly code: number | null;
  readonly violations: readonly string[];
}

/** A night with a fault of this seed, and a normal one after it. */
export async function disturbNight(lab: Lab, model: Model, seed: number): Promise<NightEnd> {
  const random = createRng(seed);
  const kindsOf = (fault: NightFault) => fault.kinds.filter((kind) => model.kinds.includes(kind));
  const isPossible = (fault: NightFault) => fault.isPossible(lab) && kindsOf(fault).length > 0;
  const fault = pick(random, FAULTS.filter(isPossible));
  const kind = pick(random, kindsOf(fault));
  const start = pick(random, STARTS.slice(kind === 'server' && random() < 0.3 ? 0 : 1));
  const isKept = kind === 'embedded' && random() < 0.3;
  const place = await model.prepare(kind, start);
  const what = `${fault.name} on ${kind} after ${start}${isKept ? ', kept and restored' : ''}`;
  const night = { seed, fault: fault.name, what };
  try {
    lab.github.setNow(NIGHTS.disturbed);
    const { code, output } = await inTime(fault.disturb(lab, place, random));
    const crashed = /^ {4}at /m.test(output) ? [`printed a stack: ${output.slice(-2000)}`] : [];
    const expected = model.expected[start === 'a night' ? 'second' : 'first'];
    const violations = await inTime(recover(lab, place, { fault, expected, isKept }));
    return { ...night, code, violations: [...crashed, ...violations] };
  } catch (error) {
    return { ...night, code: null, violations: [String((error as Error)?.stack ?? error)] };
  } finally {
    await removePlace(place);
  }
}

/** Nothing here takes as long. */
const LONGEST_MS = 300_000;

async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`it hangs, and waits for ${process.getActiveResourcesInfo().join(', ')}`));
  }, LONGEST_MS);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

interface Recovery {
  readonly fault: NightFault;
  readonly expected: Model['expected']['first'];
  readonly isKept: boolean;
}

async function recover(lab: Lab, place: Place, recovery: Recovery): Promise<string[]> {
  if (recovery.isKept) await keepAndRestore(place);
  return withDatabase(place, (db) => runUntilSame(lab, place, db, recovery));
}

async function runUntilSame(lab: Lab, place: Place, db: Db, { fault, expected }: Recovery) {
  await migrate(db);
  await passDay(db);
  const violations = await runNormally(lab, place, db, NIGHTS.disturbed);
  if (!fault.shiftsRun) {
    return [...violations, ...differences(await readResults(place, db), expected.tonight)];
  }
  // What a run of another day has read and stored is no fault; the later night is the same again.
  lab.github.setNow(NIGHTS.later);
  violations.push(...(await runNormally(lab, place, db, NIGHTS.later)));
  const found = withoutDays(await readResults(place, db));
  return [...violations, ...differences(found, withoutDays(expected.later))];
}

async function runNormally(lab: Lab, place: Place, db: Db, now: string): Promise<string[]> {
  const code = await runHere(lab, place, db, now);
  const ended = code === 0 ? [] : [`the normal run ended with exit code ${code}`];
  return [...ended, ...(await readLeftovers(db))];
}

/** The contributions, who made them, and the boards, without what former days say. */
function withoutDays({ tables }: Results): Results {
  const strip = (row: string) => {
    const { previous_rank: _, ...rest } = JSON.parse(row);
    return JSON.stringify(rest);
  };
  const kept = ['contribution_events', 'repository_leaderboards', 'global_leaderboard'];
  return {
    board: '',
    tables: Object.fromEntries(kept.map((name) => [name, (tables[name] ?? []).map(strip)])),
  };
}

function differences(found: Results, expected: Results): string[] {
  const tables = Object.keys(expected.tables).flatMap((name) => {
    const [rows, wanted] = [found.tables[name] ?? [], expected.tables[name] ?? []];
    const extra = rows.filter((row) => !wanted.includes(row));
    const missing = wanted.filter((row) => !rows.includes(row));
    if (extra.length + missing.length === 0 && rows.length === wanted.length) return [];
    return [
      `${name}: ${rows.length} rows, not ${wanted.length}; other: ${extra[0]}; missing: ${missing[0]}`,
    ];
  });
  return [...tables, ...(found.board === expected.board ? [] : ['another board is published'])];
}
