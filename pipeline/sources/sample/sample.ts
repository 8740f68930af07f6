import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startOfHour, type TimeWindow } from '../../domain/window.ts';
import { readArchive } from '../gharchive/read.ts';
import type { SourceBatch, SourceRequest } from '../source.ts';
import { type Written, writeHours } from './hour-files.ts';
import { FIRST_DAY } from './schedule.ts';
import { simulateCommunity } from './simulation.ts';

export { SAMPLE_REPOSITORIES, type SampleRepository } from './community.ts';

/** The seed of the sample that is shown when nothing else is said. */
export const SAMPLE_SEED = 20_260_101;
/** Calendar months of the sample, the one of `now` among them. */
export const SAMPLE_MONTHS = 7;

/** Raised when the same options give other files than before. */
const VERSION = 2;
const MANIFEST = 'manifest.json';

export interface SampleOptions {
  /** Where the hour files go. Must be new, empty, or a sample made earlier. */
  readonly folder: string;
  /** Any whole number. */
  readonly seed: number;
  /** The sample ends where the hour of this moment begins. */
  readonly now: Date;
  /** Whole number, at least 1. */
  readonly months?: number;
  /** From when on payloads are trimmed; else a calendar month's start, at or before the middle. */
  readonly trimmedFrom?: Date;
}

/** What lies in the folder, and the file that says so. */
export interface Sample extends Written {
  readonly window: TimeWindow;
  readonly trimmedFrom: Date;
}

/** The start of the month so many calendar months before (negative: after) that of the moment. */
function startOfMonthBefore(moment: Date, months: number): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() - months, 1));
}

/**
 * What the sample covers: from the start of a calendar month to the hour of now. As it starts
 * with a month, the samples of two days of a month tell the same past.
 */
export function sampleWindow(now: Date, months = SAMPLE_MONTHS): TimeWindow {
  return { from: startOfMonthBefore(now, months - 1), to: startOfHour(now) };
}

/** @draws RangeError for options that make no sample */
function planSample(options: SampleOptions): Omit<Sample, keyof Written> {
  const { now, seed, months = SAMPLE_MONTHS } = options;
  if (!Number.isSafeInteger(seed)) throw new RangeError('the seed of a sample is a whole number');
  if (!Number.isInteger(months) || months < 1) throw new RangeError('a sample has 1 month or more');
  const window = sampleWindow(now, months);
  if (!(window.from.getTime() >= FIRST_DAY))
    throw new RangeError('a sample begins in 2015 or later');
  const middle = startOfMonthBefore(window.from, -Math.floor(months / 2));
  return { window, trimmedFrom: options.trimmedFrom ?? middle };
}

/** What tells one sample from another, as text to compare. */
function describePlan({ seed }: SampleOptions, plan: Omit<Sample, keyof Written>): string {
  return JSON.stringify({ version: VERSION, seed, ...plan });
}

interface Manifest {
  readonly plan: string;
  readonly written: Written;
}

async function readManifest(folder: string): Promise<Manifest | null> {
  try {
    return JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`cannot read the manifest of the sample in ${folder}`, { cause: error });
  }
}

/** @draws Error if the folder holds files that are no sample, as they would be removed */
async function removeOldSample(folder: string, manifest: Manifest | null): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (manifest === null && names.length > 0) {
    throw new Error(`${folder} holds other files: choose a new folder for the sample`);
  }
  await rm(folder, { recursive: true, force: true });
}

const PARTIAL = '.partial-';

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes what killed processes left beside the folder. */
async function removePartials(folder: string): Promise<void> {
  const prefix = basename(folder) + PARTIAL;
  const names = await readdir(dirname(folder));
  const stale = names.filter((name) => {
    const pid = Number(name.slice(prefix.length));
    return name.startsWith(prefix) && (pid === process.pid || !isRunning(pid));
  });
  for (const name of stale) await rm(join(dirname(folder), name), { recursive: true, force: true });
}

async function writeSample(folder: string, options: SampleOptions): Promise<Sample> {
  const plan = planSample(options);
  const text = describePlan(options, plan);
  const manifest = await readManifest(folder);
  if (manifest?.plan === text) return { ...plan, ...manifest.written };
  await mkdir(dirname(folder), { recursive: true });
  await removePartials(folder);
  const partial = `${folder}${PARTIAL}${process.pid}`;
  await mkdir(partial);
  const activities = simulateCommunity(options.seed, plan.window);
  const written = writeHours(partial, activities, plan.window, plan.trimmedFrom);
  await writeFile(join(partial, MANIFEST), JSON.stringify({ plan: text, written }, null, 2));
  await removeOldSample(folder, manifest);
  await rename(partial, folder);
  return { ...plan, ...written };
}

/** Workers of one process ask for the same sample at once: they wait for each other. */
const underway = new Map<string, Promise<unknown>>();

/**
 * Writes the sample as hour files of GH Archive, or finds it written. It is written beside the
 * folder and renamed at the end, so that a killed process leaves nothing half-written.
 * @draws RangeError for options that make no sample; Error if the folder holds other files
 */
export async function generateSample(options: SampleOptions): Promise<Sample> {
  const folder = resolve(options.folder);
  const before = underway.get(folder) ?? Promise.resolve();
  const sample = before.catch(() => null).then(() => writeSample(folder, options));
  underway.set(folder, sample);
  return sample;
}

/** Makes the sample's hour files in a folder, if they are not there, and reads them as an archive. */
export async function* readSample(
  folder: string,
  request: SourceRequest,
): AsyncGenerator<SourceBatch> {
  const sample = await generateSample({ folder, seed: SAMPLE_SEED, now: request.now });
  const address = pathToFileURL(`${folder}/`).href;
  yield* readArchive(address, { ...request, window: sample.window });
}
