import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import type { TimeWindow } from '../../domain/window.ts';
import { hourFileName } from '../gharchive/hours.ts';
import type { Activity } from './activity.ts';
import { createLineWriter } from './events.ts';
import { isMissingHour } from './schedule.ts';

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

/** The hour in whose file an event is: its own, or the next one if that has a file. */
function fileHourOf({ at }: Activity, serial: number, end: number): number {
  const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
  const next = hour + HOUR_MS;
  return serial % LATE_EVERY === 0 && next < end && !isMissingHour(next) ? next : hour;
}

/** Lines by the hour of their file, from the time they are made until their day is written. */
type PendingLines = Map<number, string[]>;

/** Writes the files of a day, which ends at `end` at the latest; returns how many. */
function writeDay(folder: string, pending: PendingLines, day: number, end: number): number {
  let count = 0;
  for (let hour = day; hour < Math.min(end, day + DAY_MS); hour += HOUR_MS) {
    if (isMissingHour(hour)) continue;
    const path = join(folder, hourFileName(new Date(hour)));
    writeFileSync(path, compress(pending.get(hour) ?? [], hour));
    pending.delete(hour);
    count += 1;
  }
  return count;
}

/**
 * Writes a file for every hour of the window (whole hours) but the missing ones, a day at a time,
 * so that no more than a day's text is in memory. Returns how many files it wrote.
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
  const pending: PendingLines = new Map();
  let day = window.from.getTime();
  let files = 0;
  for (const [serial, activity] of activities.entries()) {
    for (; activity.at >= day + DAY_MS; day += DAY_MS) files += writeDay(folder, pending, day, end);
    const hour = fileHourOf(activity, serial, end);
    const line = toLine(activity);
    const isTwice = serial % DUPLICATE_EVERY === DUPLICATE_EVERY - 1;
    pending.set(hour, [...(pending.get(hour) ?? []), line, ...(isTwice ? [line] : [])]);
  }
  for (; day < end; day += DAY_MS) files += writeDay(folder, pending, day, end);
  return files;
}
