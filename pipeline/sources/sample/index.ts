import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sampleTrimmedFrom } from '../../domain/known-kinds.ts';
import { startOfHour, type TimeWindow } from '../../domain/window.ts';
import { createFolderDraft } from '../../util/atomic-folder.ts';
import { fetchArchive } from '../gharchive/index.ts';
import type { Source } from '../source.ts';
import { SAMPLE_REPOSITORIES } from './community.ts';
import { writeHours } from './hour-files.ts';
import { FIRST_DAY } from './schedule.ts';
import { simulateCommunity } from './simulation.ts';

/** An invented community: hour files that are made here, and read like those of the archive. */
export const sample: Source = {
  open: ({ dataFolder }) =>
    async function* (request) {
      const folder = join(dataFolder, 'sample-hours');
      const { now } = request;
      const trimmedFrom = sampleTrimmedFrom(sampleWindow(now).from);
      const { window } = await generateSample({ folder, seed: SAMPLE_SEED, now, trimmedFrom });
      yield* fetchArchive(pathToFileURL(`${folder}/`).href, { ...request, window });
    },
  inventRepositories(now) {
    // Before the sample begins there is nothing to read.
    const { from } = sampleWindow(now);
    return SAMPLE_REPOSITORIES.map((repository) => ({ ...repository, neverRescrapeBefore: from }));
  },
};

/** The seed of the sample that a pipeline run reads. */
export const SAMPLE_SEED = 20_260_101;
/** Calendar months of the sample, the one of `now` among them. */
const SAMPLE_MONTHS = 7;

/** Raised when the same options give other files than before. */
const VERSION = 6;
/** The file that says which sample a folder holds. */
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
  /** When payloads begin to be trimmed; by default a month's start, at or before the middle. */
  readonly trimmedFrom?: Date;
}

/** A sample that is in its folder, and how many hour files it has. */
export interface Sample {
  readonly window: TimeWindow;
  readonly trimmedFrom: Date;
  readonly files: number;
}

/** The start of the month that is this many calendar months after that of the moment. */
function startOfMonthAfter(moment: Date, months: number): Date {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months, 1));
}

/**
 * What the sample covers: from the start of a calendar month to the hour of now. As it starts
 * with a month, the samples of two days of a month have the same past.
 */
export function sampleWindow(now: Date, months = SAMPLE_MONTHS): TimeWindow {
  return { from: startOfMonthAfter(now, 1 - months), to: startOfHour(now) };
}

/** @throws RangeError if a sample cannot have these options */
function planSample({ now, seed, months = SAMPLE_MONTHS, trimmedFrom }: SampleOptions) {
  if (!Number.isSafeInteger(seed)) throw new RangeError('the seed of a sample is a whole number');
  if (!Number.isInteger(months) || months < 1) throw new RangeError('a sample has 1 month or more');
  const window = sampleWindow(now, months);
  if (!(window.from.getTime() >= FIRST_DAY))
    throw new RangeError('a sample begins in 2015 or later');
  const middle = startOfMonthAfter(window.from, Math.floor(months / 2));
  return { window, trimmedFrom: trimmedFrom ?? middle };
}

/**
 * Writes the sample as hour files of GH Archive, unless its folder holds it already. Nothing of it
 * waits, so that of two callers in one process the second finds what the first has written.
 * @throws RangeError if a sample cannot have these options; Error if the folder holds other files
 */
export async function generateSample(options: SampleOptions): Promise<Sample> {
  const { window, trimmedFrom } = planSample(options);
  const folder = resolve(options.folder);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const isSample = names.includes(MANIFEST);
  if (names.length > 0 && !isSample) {
    throw new Error(`${folder} holds other files: choose a new folder for the sample`);
  }
  const plan = JSON.stringify({ version: VERSION, seed: options.seed, window, trimmedFrom });
  if (isSample && readFileSync(join(folder, MANIFEST), 'utf8') === plan) {
    return { window, trimmedFrom, files: names.length - 1 };
  }
  const draft = createFolderDraft(folder);
  const activities = simulateCommunity(options.seed, window);
  const files = writeHours(draft.path, activities, window, trimmedFrom);
  writeFileSync(join(draft.path, MANIFEST), plan);
  draft.publish();
  return { window, trimmedFrom, files };
}
