import { fileURLToPath } from 'node:url';
import { ARCHIVE_BEGINS } from '../../domain/archive-event.ts';
import type { Gap } from '../../domain/gaps.ts';
import type { SourceBatch, SourceRequest } from '../../domain/source.ts';
import { HOUR_MS } from '../../domain/time.ts';
import { laterOf, startOfHour } from '../../domain/window.ts';
import { UsageError } from '../../util/usage-error.ts';
import { type BatchBuilder, createBatchBuilder } from '../archive-batch.ts';
import { createMatcher } from '../match-repository.ts';
import { RepositoryIds } from '../repository-ids.ts';
import type { Source } from '../source.ts';
import { httpIo } from './download.ts';
import { Gunzip } from './gunzip.ts';
import { hourFileName, hoursOf, type OpenHour, openArchive, tailHoursOf } from './hours.ts';
import { HOUR_LIMITS, requireSize, UnreadableFileError } from './limits.ts';
import { hoursOfFolder, noHours } from './no-hours.ts';
import { parseEvent } from './parse-event.ts';
import { createLineScanner, type LineScanner } from './scan-lines.ts';

/** The hour files of GH Archive, by HTTP or from a folder. */
export const gharchive: Source = {
  open:
    ({ environment, config }) =>
    (request) =>
      fetchArchive(environment.gharchiveUrl, request, {
        coAuthors: config.pipeline.github.co_authors,
      }),
  check: ({ environment }) => checkArchive(environment.gharchiveUrl, 'GHARCHIVE_URL'),
  refuseStart: refuseOldFormat,
};

/**
 * Checks an address of hour files: a folder must hold some; an address over HTTP shows at the first
 * file. `variable` names the environment variable that a maintainer is to correct.
 */
export async function checkArchive(address: string, variable: string): Promise<string> {
  const url = new URL(address);
  if (url.protocol !== 'file:') return `hour files from ${url.host}`;
  const hours = await hoursOfFolder(fileURLToPath(url)).catch(() => null);
  if (hours === null) {
    throw new Error(`there is no such folder: set ${variable} to one of hour files`);
  }
  if (hours.length === 0) {
    throw new Error(`the folder of ${variable} holds no hour file (YYYY-MM-DD-H.json.gz)`);
  }
  return `${hours.length} hour files`;
}

/** A start that was asked for by hand is a mistake before 2015; a planned one is 2015 at the least. */
function refuseOldFormat(from: Date): void {
  if (from >= ARCHIVE_BEGINS) return;
  throw new UsageError(
    `--from ${from.toISOString()}: before 2015-01-01 GH Archive has another format, ` +
      'which is not read; give --from 2015-01-01 or later',
  );
}

/** One unreadable file is a gap; this many in a row mean that the archive can't be reached. */
const MOST_UNREADABLE_IN_A_ROW = 3;

/**
 * Reads GH Archive's hour files of the window from an address, oldest first.
 * @throws NoHoursError if hours of the window are over and none of them is there
 */
export async function* fetchArchive(
  address: string,
  request: SourceRequest,
  { limits = HOUR_LIMITS, coAuthors = false } = {},
): AsyncGenerator<SourceBatch> {
  const openHour = await openArchive(address, httpIo(request.signal, limits));
  const { from, to } = request.window;
  const resumeAt = request.resumeAt ?? from;
  const ids = new RepositoryIds(request.repositories, resumeAt > from);
  const batch = createBatchBuilder(request, ids, coAuthors);
  let fileHour = 0;
  const scanner = createLineScanner(createMatcher(request.repositories, ids), {
    onEvent: (text, repository) => {
      const parsed = parseEvent(text);
      if (parsed === null) return false;
      if ('skipped' in parsed) batch.addFault(parsed.skipped);
      else batch.addEvent(parsed.event, repository, fileHour);
      return true;
    },
    onFault: (fault) => batch.addFault(fault),
  });

  const hours = hoursOf({ from: laterOf(from, ARCHIVE_BEGINS), to });
  const files = [...hours, ...tailHoursOf(request.window, request.now)];
  if (from < ARCHIVE_BEGINS && resumeAt <= from)
    batch.addGap({ from, to: ARCHIVE_BEGINS, reason: 'before_2015' });
  let bytes = 0;
  let bytesAtCheckpoint = 0;
  let unreadableInARow = 0;
  let found = 0;
  for (const [index, hour] of files.entries()) {
    if (hour < startOfHour(resumeAt)) continue;
    request.signal.throwIfAborted();
    fileHour = hour.getTime();
    const file = yield* readHour(openHour, hour, scanner, batch, limits.rawBytes);
    if (file !== null && hour < to) found++;
    if (file === null && hour < to && isOver(hour, request.now))
      batch.addGap(gapOf(hour, 'missing'));
    bytes += file?.rawBytes ?? 0;
    unreadableInARow = file?.failure ? unreadableInARow + 1 : 0;
    if (file?.failure && unreadableInARow === MOST_UNREADABLE_IN_A_ROW) throw file.failure;
    const [done, total, kept] = [index + 1, files.length, batch.keptInAll()];
    request.onProgress({ unit: 'files', done, total, bytes, kept });
    if (isLastOfDay(hour) && bytes > bytesAtCheckpoint) {
      bytesAtCheckpoint = bytes;
      yield { ...batch.take(), resumeAt: endOf(hour) };
    }
  }
  // Where an earlier attempt has read a part, it has found some.
  if (found === 0 && resumeAt <= from) await refuseNothing(address, hours, request.now);
  yield batch.take();
}

/** @throws NoHoursError if any of the hours, none of which is there, is over */
async function refuseNothing(address: string, hours: readonly Date[], now: Date): Promise<void> {
  const asked = hours.filter((hour) => isOver(hour, now));
  if (asked.length > 0) throw await noHours(address, asked);
}

/** A checkpoint a day: little is read twice after a failure, and saving it costs next to nothing. */
function isLastOfDay(hour: Date): boolean {
  return hour.getUTCHours() === 23;
}

interface HourRead {
  readonly rawBytes: number;
  /** Why it could not be read to its end; null if it could, or if its compression is at fault. */
  readonly failure: UnreadableFileError | null;
}

/** Reads one hour file as far as it can be read; null if there is no such file. */
async function* readHour(
  openHour: OpenHour,
  hour: Date,
  scanner: LineScanner,
  batch: BatchBuilder,
  mostRawBytes: number,
): AsyncGenerator<SourceBatch, HourRead | null> {
  const name = hourFileName(hour);
  let gunzip: Gunzip | null = null;
  let failure: UnreadableFileError | null = null;
  try {
    const file = await openHour(name);
    if (file === null) return null;
    gunzip = new Gunzip();
    for await (const bytes of gunzip.unpack(file)) {
      scanner.push(bytes);
      requireSize(name, 'unpacked', gunzip.rawBytes, mostRawBytes);
      if (batch.isFull()) yield batch.take();
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    failure = error;
  }
  scanner.finish();
  const fault = failure ? 'unreadable' : gunzip?.fault;
  if (fault) batch.addGap(gapOf(hour, fault));
  if (fault) batch.addWarning(fault);
  else if (gunzip?.hasSeveralMembers) batch.addWarning('several_gzip_members');
  if (batch.isFull()) yield batch.take();
  return { rawBytes: gunzip?.rawBytes ?? 0, failure };
}

/** The file of an hour that is not over can't exist yet. */
function isOver(hour: Date, now: Date): boolean {
  return endOf(hour) <= now;
}

function gapOf(hour: Date, reason: string): Gap {
  return { from: hour, to: endOf(hour), reason };
}

function endOf(hour: Date): Date {
  return new Date(hour.getTime() + HOUR_MS);
}
