import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DAY_MS, HOUR_MS, type TimeWindow } from '../../domain/window.ts';
import type { Activity } from './activity.ts';
import { createLineWriter, eventTypeOf } from './events.ts';
import { isMissingHour } from './schedule.ts';

/** Activities in, hour files out, a day at a time: no more than a day's text is held. */

/** A little faster than the default of 6: the files are read once or twice and thrown away. */
const GZIP_LEVEL = 4;

/** One of so many events stands twice in its file, as some do in GH Archive. */
const DUPLICATE_EVERY = 251;
/** One of so many is filed an hour late, as events are by the time they were crawled. */
const LATE_EVERY = 307;
/** One of so many files is two gzip members in a row, as after an interrupted crawl. */
const SPLIT_EVERY = 97;

/** What was written: files, and events by type, each event once. */
export interface Written {
  readonly files: number;
  readonly events: Readonly<Record<string, number>>;
}

/** The name of an hour's file; the hour is not padded. */
export function hourFileName(hour: number): string {
  const date = new Date(hour);
  return `${date.toISOString().slice(0, 10)}-${date.getUTCHours()}.json.gz`;
}

function toBytes(lines: readonly string[]): Buffer {
  return Buffer.from(lines.length > 0 ? `${lines.join('\n')}\n` : '');
}

/** Synchronous, as is the writing: for thousands of small files the thread pool costs more. */
function compressLines(lines: readonly string[], hour: number): Buffer {
  const isSplit = (hour / HOUR_MS) % SPLIT_EVERY === 0;
  const parts = isSplit ? [lines.slice(0, 1), lines.slice(1)] : [lines];
  return Buffer.concat(parts.map((part) => gzipSync(toBytes(part), { level: GZIP_LEVEL })));
}

/** Under which hour an event is filed: its own, or the next if that has a file. */
function fileHourOf({ at }: Activity, serial: number, end: number): number {
  const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
  const next = hour + HOUR_MS;
  return serial % LATE_EVERY === 0 && next < end && !isMissingHour(next) ? next : hour;
}

/** Lines by the hour of their file; what is late stays until its day is written. */
type Files = Map<number, string[]>;

function addLine(files: Files, hour: number, line: string, isTwice: boolean): void {
  const lines = files.get(hour) ?? [];
  lines.push(line);
  if (isTwice) lines.push(line);
  files.set(hour, lines);
}

/** Writes the files of a day, which ends at `end` at the latest, and forgets their lines. */
function writeDay(folder: string, files: Files, day: number, end: number): number {
  let count = 0;
  for (let hour = day; hour < Math.min(end, day + DAY_MS); hour += HOUR_MS) {
    if (isMissingHour(hour)) continue;
    writeFileSync(join(folder, hourFileName(hour)), compressLines(files.get(hour) ?? [], hour));
    files.delete(hour);
    count += 1;
  }
  return count;
}

/**
 * Writes a file for every hour of the window (whole hours) but the missing ones.
 * @param activities in the order of time, all within the window
 */
export function writeHours(
  folder: string,
  activities: readonly Activity[],
  window: TimeWindow,
  trimmedFrom: Date,
): Written {
  const toLine = createLineWriter(trimmedFrom);
  const end = window.to.getTime();
  const pending: Files = new Map();
  const events: Record<string, number> = {};
  let day = window.from.getTime();
  let files = 0;
  for (const [serial, activity] of activities.entries()) {
    for (; activity.at >= day + DAY_MS; day += DAY_MS) {
      files += writeDay(folder, pending, day, end);
    }
    const isTwice = serial % DUPLICATE_EVERY === DUPLICATE_EVERY - 1;
    addLine(pending, fileHourOf(activity, serial, end), toLine(activity), isTwice);
    const type = eventTypeOf(activity);
    events[type] = (events[type] ?? 0) + 1;
  }
  for (; day < end; day += DAY_MS) files += writeDay(folder, pending, day, end);
  return { files, events };
}
