import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ARCHIVE_DAMAGED_SINCE } from '../../domain/archive-event.ts';
import { DAY_MS, HOUR_MS, isoDate } from '../../domain/time.ts';
import { startOfHour, type TimeWindow } from '../../domain/window.ts';
import { download, type HttpIo } from './download.ts';
import { requireSize, UnreadableFileError } from './limits.ts';

/** GH Archive's hour files: which ones hold a window, and how to open one. */

const CRAWL_DELAY_MS = DAY_MS;

/** `YYYY-MM-DD-H.json.gz`: the hour is not padded with zeros. */
export function hourFileName(hour: Date): string {
  return `${isoDate(hour)}-${hour.getUTCHours()}.json.gz`;
}

/** The start of every hour that overlaps the window, oldest first. */
export function hoursOf({ from, to }: TimeWindow): Date[] {
  const hours: Date[] = [];
  const first = startOfHour(from).getTime();
  for (let hour = first; hour < to.getTime(); hour += HOUR_MS) hours.push(new Date(hour));
  return hours;
}

/**
 * The hours after a window that may still hold events of it: where files are
 * filed by crawl time, one more day, as far as files can exist by now.
 */
export function tailHoursOf({ to }: TimeWindow, now: Date): Date[] {
  if (to <= ARCHIVE_DAMAGED_SINCE) return [];
  const end = Math.min(to.getTime() + CRAWL_DELAY_MS, startOfHour(now).getTime());
  return hoursOf({ from: nextFullHour(to), to: new Date(end) });
}

function nextFullHour(moment: Date): Date {
  return new Date(Math.ceil(moment.getTime() / HOUR_MS) * HOUR_MS);
}

/** Compressed bytes in chunks, or null where there is no such file. */
export type OpenHour = (fileName: string) => Promise<AsyncIterable<Buffer> | null>;

/** Small enough that a hostile chunk, which may unpack to 1,000 times its size, fits in memory. */
const CHUNK_BYTES = 128 * 1024;

/** How to open a file of an archive at an address: `https://…`, `http://…` or `file:///…` of a folder. */
export async function openArchive(address: string, io: HttpIo): Promise<OpenHour> {
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  if (base.protocol !== 'file:') return (name) => download(new URL(name, base), io);
  await requireFolder(fileURLToPath(base));
  return (name) => openFile(fileURLToPath(new URL(name, base)), io.limits.packedBytes);
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) {
    throw new Error(
      'there is no such folder: GHARCHIVE_URL must name a folder of hour files ' +
        '(YYYY-MM-DD-H.json.gz) or an http(s) address',
    );
  }
}

async function openFile(path: string, mostBytes: number): Promise<AsyncIterable<Buffer> | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? chunksOf(path, mostBytes, found.size) : null;
  } catch (error) {
    // Any other fault shows when the file is read, just as a fault half-way through does.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : chunksOf(path, mostBytes);
  }
}

async function* chunksOf(
  path: string,
  mostBytes: number,
  size = CHUNK_BYTES,
): AsyncGenerator<Buffer> {
  try {
    const file = await open(path);
    try {
      const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(size, 1)));
      for (let read = 0; ; ) {
        const { bytesRead } = await file.read(buffer);
        if (bytesRead === 0) return;
        read += bytesRead;
        requireSize(basename(path), 'packed', read, mostBytes);
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    throw new UnreadableFileError(`${basename(path)} can't be read`, { cause: error });
  }
}
