import { ARCHIVE_DAMAGED_SINCE } from '../../domain/archive-event.ts';
import { DAY_MS, HOUR_MS, isoDate } from '../../domain/time.ts';
import { startOfHour, type TimeWindow } from '../../domain/window.ts';

/** GH Archive's hour files: which ones hold a window. */

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
