import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Db, openDatabase } from '../../db/client.ts';
import { checkDumpFile, openDumpFile, writeDumpFile } from '../../db/dump/dump-file.ts';
import { loadDump } from '../../db/dump/load-dump.ts';
import { dumpDatabase } from '../../db/dump/write-dump.ts';
import { migrate } from '../../db/migrate.ts';
import { pick, type Rng } from '../../pipeline/sources/sample/rng.ts';
import { type Fault, FAULTS as GITHUB_FAULTS } from './github/faults.ts';
import { type Lab, NIGHTS, type Place, runHere, variablesOf, withDatabase } from './night-lab.ts';
import { startCommand } from './run-command.ts';

interface Disturbed {
  /** Exit code; null: killed. */
  readonly code: number | null;
  readonly output: string;
}

/** What can happen to a night. */
export interface NightFault {
  readonly name: string;
  readonly kinds: readonly Place['kind'][];
  isPossible(lab: Lab): boolean;
  disturb(lab: Lab, place: Place, random: Rng): Promise<Disturbed>;
  /** The run has a clock of its own. */
  readonly shiftsRun?: true;
}

/** A whole number from `from` to `to`, both included. */
const pickInteger = (random: Rng, from: number, to: number) =>
  from + Math.floor(random() * (to - from + 1));

/** A run of the command that takes longer hangs. */
const LONGEST_MS = 180_000;
/** Lines that a run logs, and how far two of them are apart. */
const LINES = 34;
const GAP_MS = 150;

function start(lab: Lab, place: Place, mostKb?: number) {
  const args = ['--config', join(lab.folder, 'config'), '--out', join(place.folder, 'out')];
  return startCommand('pipeline', [...args, '--now', NIGHTS.disturbed, '--log', 'json'], {
    cwd: place.folder,
    env: variablesOf(lab, place),
    ...(mostKb !== undefined && { mostKb }),
  });
}

async function ended({ child, ended }: ReturnType<typeof start>): Promise<Disturbed> {
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  const start = performance.now();
  const end = await ended.finally(() => clearTimeout(timer));
  if (performance.now() - start >= LONGEST_MS) throw new Error(`it hangs: ${end.output}`);
  return end;
}

/** SIGKILL after one of the lines that the run logs. */
async function kill(lab: Lab, place: Place, random: Rng): Promise<Disturbed> {
  const run = start(lab, place);
  const line = pickInteger(random, 1, LINES);
  const delayMs = random() * GAP_MS;
  let seen = 0;
  run.child.stdout?.on('data', (text: Buffer) => {
    const before = seen;
    seen += text.toString().split('\n').length - 1;
    if (before < line && seen >= line) setTimeout(() => run.child.kill('SIGKILL'), delayMs);
  });
  return ended(run);
}

/** No file may grow over a size, as on a disk without room. */
function fillDisk(lab: Lab, place: Place, random: Rng): Promise<Disturbed> {
  return ended(start(lab, place, pickInteger(random, 7_000, 12_000)));
}

async function here(lab: Lab, place: Place, now: string = NIGHTS.disturbed): Promise<Disturbed> {
  try {
    return {
      code: await withDatabase(place, (db) => runHere(lab, place, db, now)),
      output: '',
    };
  } catch (error) {
    return { code: 1, output: String(error) };
  }
}

/** How long a run in this process takes about; faults come within it. */
const RUN_MS = 1_500;

/** Ends the connections that have written something and not committed it. */
async function cutTransactions(lab: Lab, place: Place, random: Rng): Promise<Disturbed> {
  const admin = await openDatabase(lab.serverUrl ?? '');
  const name = new URL(place.url).pathname.slice(1);
  let isOver = false;
  const cut = async () => {
    await sleep(random() * RUN_MS);
    while (!isOver && !(await endTransactions(admin, name))) await sleep(1);
  };
  const run = here(lab, place).finally(() => {
    isOver = true;
  });
  const [end] = await Promise.all([run, cut()]).finally(() => admin.destroy());
  return end;
}

async function endTransactions(admin: Db, database: string): Promise<boolean> {
  const { rows } = await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = ${database} AND backend_xid IS NOT NULL`.execute(admin);
  return rows.length > 0;
}

const MOST_AWAY_MS = 1_000;

async function restart(lab: Lab, place: Place, random: Rng): Promise<Disturbed> {
  const how = pick(random, ['fast', 'crash'] as const);
  const restarted = async () => {
    await sleep(random() * RUN_MS);
    await lab.restart?.(how, random() * MOST_AWAY_MS);
  };
  const [end] = await Promise.all([here(lab, place), restarted()]);
  return end;
}

const GITHUB: readonly Fault[] = [
  GITHUB_FAULTS.badGateway,
  GITHUB_FAULTS.serverError,
  GITHUB_FAULTS.droppedSocket,
  GITHUB_FAULTS.cutBody,
];

/** Both sources fail for some requests, one after the other; sometimes for as many as fail a job. */
async function failSources(lab: Lab, place: Place, random: Rng): Promise<Disturbed> {
  const first = pickInteger(random, 0, 25);
  const most = random() < 0.15 ? pickInteger(random, 4, 8) : pickInteger(random, 1, 3);
  const fault = pick(random, GITHUB);
  let [seen, failed] = [0, 0];
  lab.github.setFault(() => {
    seen += 1;
    if (seen <= first || failed >= most) return undefined;
    failed += 1;
    return fault;
  });
  const raw = { status: pick(random, [500, 502, 503]), body: '<html>Server Error</html>' };
  const skipped = pickInteger(random, 0, 12);
  let asked = 0;
  lab.bigquery.faults.push({
    ...pick(random, [{ raw }, { drop: 'before' as const }, { drop: 'after' as const }]),
    when: () => ++asked > skipped,
    times: most,
  });
  return here(lab, place).finally(() => {
    lab.github.setFault(() => undefined);
    lab.bigquery.faults.length = 0;
  });
}

const DAY_MS = 86_400_000;
/** Either way. */
const MOST_DAYS = 40;

const shiftOf = (random: Rng) =>
  (random() < 0.5 ? -1 : 1) * Math.ceil(random() ** 2 * MOST_DAYS * DAY_MS);

/** The clock of the machine is set in the middle of the run, whose own clock is given. */
async function setClock(lab: Lab, place: Place, random: Rng): Promise<Disturbed> {
  const shift = shiftOf(random);
  const run = here(lab, place);
  await Promise.race([sleep(random() * RUN_MS), run]);
  const Real = Date;
  const now = () => Real.now() + shift;
  // A proxy, so that moments from before are still dates.
  globalThis.Date = new Proxy(Real, {
    construct: (_, given) => Reflect.construct(Real, given.length === 0 ? [now()] : given),
    get: (_, name) => (name === 'now' ? now : Reflect.get(Real, name)),
  });
  return run.finally(() => {
    globalThis.Date = Real;
  });
}

/** The run begins with a clock that is wrong by days. */
function mistakeClock(lab: Lab, place: Place, random: Rng): Promise<Disturbed> {
  const now = new Date(Date.parse(NIGHTS.disturbed) + shiftOf(random));
  return here(lab, place, now.toISOString());
}

const BOTH = ['embedded', 'server'] as const;
const always = () => true;

export const FAULTS: readonly NightFault[] = [
  { name: 'killed', kinds: BOTH, isPossible: always, disturb: kill },
  {
    name: 'disk full',
    kinds: ['embedded'],
    isPossible: () => process.platform !== 'win32',
    disturb: fillDisk,
  },
  {
    name: 'transaction cut',
    kinds: ['server'],
    isPossible: always,
    disturb: cutTransactions,
  },
  {
    name: 'server restarted',
    kinds: ['server'],
    isPossible: (lab) => lab.restart !== null,
    disturb: restart,
  },
  { name: 'sources failing', kinds: BOTH, isPossible: always, disturb: failSources },
  { name: 'clock set', kinds: BOTH, isPossible: always, disturb: setClock },
  { name: 'clock wrong', kinds: BOTH, isPossible: always, disturb: mistakeClock, shiftsRun: true },
];

/** The database as a workflow keeps it from one run to the next. */
export async function keepAndRestore(place: Place): Promise<void> {
  const dump = join(place.folder, 'database.dump');
  await withDatabase(place, async (db) => {
    await migrate(db);
    await writeDumpFile(dump, dumpDatabase(db, { withEmails: false, now: new Date() }));
  });
  await checkDumpFile(dump);
  await withDatabase(place, async (db) => loadDump(db, await openDumpFile(dump), { fresh: true }));
}
