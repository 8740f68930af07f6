import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HOUR_MS } from '../../domain/time.ts';
import { startOfHour, type TimeWindow } from '../../domain/window.ts';
import { hourFileName } from '../gharchive/hours.ts';
import { createLineWriter } from './events.ts';
import { isLostHour, isMissingHour } from './schedule.ts';
import type { Activity } from './timelines.ts';

/** Level 4 is a little faster than the default of 6: the files are read once or twice. */
const GZIP_LEVEL = 4;

/** One in 251 events stands twice in its file, as some do in GH Archive. */
const DUPLICATE_EVERY = 251;
/** One in 307 events is filed an hour late: GH Archive files events by the time of its crawl. */
const LATE_EVERY = 307;
/** One in 97 files is two gzip members in a row, as after an interrupted crawl. */
const SPLIT_EVERY = 97;

/** Synchronous, as is the writing: for thousands of small files the thread pool costs more. */
function compress(lines: readonly string[], hour: number): Buffer {
  const isSplit = (hour / HOUR_MS) % SPLIT_EVERY === 0;
  const parts = isSplit ? [lines.slice(0, 1), lines.slice(1)] : [lines];
  const texts = parts.map((part) => part.map((line) => `${line}\n`).join(''));
  return Buffer.concat(texts.map((text) => gzipSync(text, { level: GZIP_LEVEL })));
}

const hasFile = (hour: number) => !isMissingHour(hour) && !isLostHour(hour);

/**
 * Writes a file for every hour of the window (whole hours) but the missing and lost ones. Returns how many
 * files it wrote.
 * @param activities in the order of time, all within the window
 */
export function writeHours(
  folder: string,
  activities: readonly Activity[],
  window: TimeWindow,
  trimmedFrom: Date,
): number {
  const toLine = createLineWriter(trimmedFrom);
  const end = window.to.getTime();
  const byHour = Map.groupBy(activities, ({ at }) => startOfHour(new Date(at)).getTime());
  let [files, serial] = [0, 0];
  let late: string[] = [];
  for (let hour = window.from.getTime(); hour < end; hour += HOUR_MS) {
    if (!hasFile(hour)) continue;
    const lines = late;
    late = [];
    const isNextThere = hour + HOUR_MS < end && hasFile(hour + HOUR_MS);
    for (const activity of byHour.get(hour) ?? []) {
      const line = toLine(activity);
      const file = isNextThere && serial % LATE_EVERY === 0 ? late : lines;
      file.push(line, ...(serial % DUPLICATE_EVERY === DUPLICATE_EVERY - 1 ? [line] : []));
      serial += 1;
    }
    writeFileSync(join(folder, hourFileName(new Date(hour))), compress(lines, hour));
    files += 1;
  }
  return files;
}
