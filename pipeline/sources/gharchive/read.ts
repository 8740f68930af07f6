import { ARCHIVE_BEGINS } from '../../domain/archive-eras.ts';
import type { Gap } from '../../domain/gaps.ts';
import { HOUR_MS, laterOf } from '../../domain/window.ts';
import { type BatchBuilder, createBatchBuilder } from '../archive-batch.ts';
import { createMatcher } from '../match-repository.ts';
import type { SourceBatch, SourceRequest } from '../source.ts';
import { httpIo } from './download.ts';
import { Gunzip, type GzipFault } from './gunzip.ts';
import { hourFileName, hoursOf, tailHoursOf } from './hours.ts';
import { openArchive, UnreadableFileError } from './open-hour.ts';
import { parseEvent } from './parse-event.ts';
import { createLineScanner, type LineScanner } from './scan-lines.ts';

/** Reads GH Archive's hour files of the window from an address, oldest first. */
export async function* readArchive(
  address: string,
  request: SourceRequest,
): AsyncGenerator<SourceBatch> {
  const openHour = await openArchive(address, httpIo(request.signal));
  const batch = createBatchBuilder(request);
  let fileHour = 0;
  const scanner = createLineScanner(createMatcher(request.repositories), {
    onEvent: (text, repository) => {
      const parsed = parseEvent(text);
      if ('skipped' in parsed) batch.addFault(parsed.skipped);
      else batch.addEvent(parsed.event, repository, fileHour);
    },
    onFault: (fault) => batch.addFault(fault),
  });

  const { from, to } = request.window;
  const hours = hoursOf({ from: laterOf(from, ARCHIVE_BEGINS), to });
  if (from < ARCHIVE_BEGINS) batch.addGap({ from, to: ARCHIVE_BEGINS, reason: 'before_2015' });
  const files = [...hours, ...tailHoursOf(request.window, request.now)];
  let bytes = 0;
  for (const [index, hour] of files.entries()) {
    request.signal.throwIfAborted();
    fileHour = hour.getTime();
    const file = await openHour(hourFileName(hour));
    if (file) bytes += yield* readFile(file, hour, scanner, batch);
    else if (index < hours.length && isOver(hour, request.now))
      batch.addGap(gapOf(hour, 'missing'));
    request.onProgress({
      unit: 'files',
      done: index + 1,
      total: files.length,
      bytes,
      kept: batch.keptInAll(),
    });
  }
  yield batch.take();
}

/** Reads one hour file, as far as it goes, and returns its raw bytes. */
async function* readFile(
  file: AsyncIterable<Buffer>,
  hour: Date,
  scanner: LineScanner,
  batch: BatchBuilder,
): AsyncGenerator<SourceBatch, number> {
  const gunzip = new Gunzip();
  let fault: GzipFault | 'unreadable' | undefined;
  try {
    for await (const bytes of gunzip.unpack(file)) {
      scanner.push(bytes);
      if (batch.isFull()) yield batch.take();
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    fault = 'unreadable';
  }
  fault ??= gunzip.fault;
  scanner.finish();
  if (fault) batch.addGap(gapOf(hour, fault));
  if (fault) batch.notice(fault);
  else if (gunzip.hasSeveralMembers) batch.notice('several_gzip_members');
  if (batch.isFull()) yield batch.take();
  return gunzip.rawBytes;
}

/** The file of an hour that is not over can't be there yet. */
function isOver(hour: Date, now: Date): boolean {
  return hour.getTime() + HOUR_MS <= now.getTime();
}

function gapOf(hour: Date, reason: string): Gap {
  return { from: hour, to: new Date(hour.getTime() + HOUR_MS), reason };
}
