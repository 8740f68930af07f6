import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import { z } from 'zod';
import { openDatabase } from '../../db/client.ts';
import { checkDumpFile, openDumpFile, writeDumpFile } from '../../db/dump/dump-file.ts';
import { DamagedDumpError, NewerDumpError } from '../../db/dump/format.ts';
import { loadDump } from '../../db/dump/load-dump.ts';
import { countRows, holdsData, readTables } from '../../db/dump/tables.ts';
import { dumpDatabase } from '../../db/dump/write-dump.ts';
import { migrate } from '../../db/migrate.ts';
import { readConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { DATA_FOLDER, wallClock } from '../runtime/context.ts';
import { print } from '../util/printable.ts';
import { UsageError } from '../util/usage-error.ts';
import {
  type Artifact,
  ArtifactDamagedError,
  ArtifactGoneError,
  downloadArtifact,
  listOwnArtifacts,
} from './artifacts.ts';
import { openRepository, type RepositoryApi } from './repository-api.ts';
import { readPublishedPast, restorePublished } from './restore-published.ts';
import { unzipFile, ZipError } from './unzip.ts';

/** The embedded database from one run of the workflow to the next, as an artifact. */

/** Name of the artifact, and of the one file in it. */
const ARTIFACT = 'database';
const DUMP = 'database.dump';
/** What is uploaded, and beside it what `restore` found. */
const STATE_FOLDER = '.state';
const EMBEDDED = join(DATA_FOLDER, 'live');
/** The disk of a runner has 14 GB; a million contributions take 34 MB. */
const MOST_BYTES = 4e9;

const foundSchema = z.strictObject({
  state: z.enum(['restored', 'fresh']),
  /** Contributions that were restored. */
  contributions: z.int().nonnegative(),
});
type Found = z.infer<typeof foundSchema>;

/**
 * Makes the embedded database that of the newest artifact that is intact and not newer than this
 * version. Without one it says so, and the run starts again from GitHub. If GitHub does not answer,
 * it fails: an empty database would take the place of a good one.
 */
export async function restoreState(configFolder: string, signal: AbortSignal): Promise<void> {
  const config = readConfig(configFolder);
  await refusePresent();
  rmSync(STATE_FOLDER, { recursive: true, force: true });
  mkdirSync(STATE_FOLDER, { recursive: true });
  const api = openRepository(process.env, signal);
  const artifacts = await listOwnArtifacts(api, ARTIFACT);
  for (const artifact of artifacts) {
    const contributions = await tryArtifact(api, artifact, signal);
    if (contributions === null) continue;
    const count = contributions.toLocaleString('en-US');
    print(`Restored the database of ${artifact.createdAt}: ${count} contributions.`);
    return save({ state: 'restored', contributions });
  }
  const why = artifacts.length === 0 ? 'No earlier run has kept one' : 'None that was kept is fit';
  await startFresh(`${why}: this run reads everything again from GitHub.`, config, signal);
  save({ state: 'fresh', contributions: 0 });
}

/** Takes what the published documents still know; the first run of all has no past. */
async function startFresh(why: string, config: Config, signal: AbortSignal): Promise<void> {
  const sentences = [why];
  if (process.env.GITHUB_RUN_NUMBER !== '1') {
    const published = await readPublishedPast(config, signal);
    for (const problem of published.problems) print(problem);
    const db = await openDatabase(EMBEDDED);
    try {
      await migrate(db);
      sentences.push(...(await restorePublished(db, config, published, wallClock())));
    } finally {
      await db.destroy();
    }
  }
  core.notice(sentences.join(' '), { title: 'No database' });
}

/** A runner starts without one. */
async function refusePresent(): Promise<void> {
  if (!existsSync(EMBEDDED)) return;
  const db = await openDatabase(EMBEDDED);
  const isUsed = await holdsData(db).finally(() => db.destroy());
  if (isUsed) throw new UsageError(`${EMBEDDED} holds data already: it is not replaced`);
}

/** The number of contributions; null if the artifact can't be used, which is reported. */
async function tryArtifact(
  api: RepositoryApi,
  artifact: Artifact,
  signal: AbortSignal,
): Promise<number | null> {
  const archive = join(STATE_FOLDER, 'artifact.zip');
  const dump = join(STATE_FOLDER, 'restored.dump');
  try {
    if (artifact.bytes > MOST_BYTES) throw new ArtifactDamagedError('it is too large');
    await downloadArtifact(api, artifact, archive, signal);
    await unzipFile(archive, DUMP, dump, MOST_BYTES);
    return await loadIntoEmbedded(dump);
  } catch (error) {
    if (!UNUSABLE.some((kind) => error instanceof kind)) throw error;
    core.warning(`${artifact.createdAt}: ${(error as Error).message}. An older one is tried.`, {
      title: 'A kept database is not used',
    });
    return null;
  } finally {
    for (const file of [archive, dump]) rmSync(file, { force: true });
  }
}

const UNUSABLE = [
  ArtifactGoneError,
  ArtifactDamagedError,
  ZipError,
  DamagedDumpError,
  NewerDumpError,
] as const;

async function loadIntoEmbedded(dump: string): Promise<number> {
  await checkDumpFile(dump);
  const db = await openDatabase(EMBEDDED);
  try {
    const { tables } = await loadDump(db, await openDumpFile(dump), { fresh: true });
    return tables.find(({ name }) => name === 'contribution_events')?.rows ?? 0;
  } finally {
    await db.destroy();
  }
}

function save(found: Found): void {
  writeFileSync(join(STATE_FOLDER, 'found.json'), JSON.stringify(found));
  setOutput('state', found.state);
}

/**
 * Writes what the embedded database holds to the folder that is uploaded, without e-mail addresses:
 * an artifact of a public repository can be read by anybody with an account. Writes nothing where
 * an upload would take the place of a better one: the database of a run whose `restore` failed, or
 * that is empty.
 */
export async function keepState(): Promise<void> {
  const reason = await writeState();
  setOutput('kept', String(reason === null));
  if (reason !== null) core.notice(`${reason}.`, { title: 'The database is not kept' });
}

/** Why it was not written; null if it was. */
async function writeState(): Promise<string | null> {
  const found = readFound();
  if (!found) return 'The one of the run before was not restored, so that this one is not whole';
  if (!existsSync(EMBEDDED)) return `There is no database in ${EMBEDDED}`;
  const db = await openDatabase(EMBEDDED);
  try {
    const hasTables = (await readTables(db)).length > 0;
    const contributions = hasTables ? await countRows(db, 'contribution_events') : 0;
    if (!hasTables || (contributions === 0 && found.contributions > 0)) return 'It is empty';
    const settings = { withEmails: false, now: new Date() };
    await writeDumpFile(join(STATE_FOLDER, DUMP), dumpDatabase(db, settings));
    print(`Wrote ${contributions.toLocaleString('en-US')} contributions for the next run.`);
    return null;
  } finally {
    await db.destroy();
  }
}

function readFound(): Found | null {
  const path = join(STATE_FOLDER, 'found.json');
  return existsSync(path) ? foundSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

/** Outside of a workflow there is nothing that reads outputs. */
function setOutput(name: string, value: string): void {
  if (process.env.GITHUB_OUTPUT) core.setOutput(name, value);
}
