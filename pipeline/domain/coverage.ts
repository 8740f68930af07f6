import { ARCHIVE_DAMAGED_SINCE } from './archive-event.ts';
import { SOURCE_NAMES, SOURCE_TRAITS } from './source.ts';
import { HOUR_MS, isoMonth } from './time.ts';
import { startOfHour, type TimeWindow } from './window.ts';

/**
 * How much of a repository's month is known, in per cent:
 *
 *   hours known / hours of the month until now  ×  numbers known / numbers given out
 *
 * An hour that was read from GitHub's API is complete, and so is an hour of the archive from
 * before it was damaged. A damaged hour of the archive counts for the measured share of events
 * that the archive holds. GitHub numbers the issues and pull requests of a repository in one
 * sequence: a number between two known ones is missing if it is neither an issue nor a pull
 * request, and `missing_numbers` does not explain it.
 * Contributions whose person is not known do not lower the coverage: they are counted apart.
 */
export interface MonthCoverage {
  /** `YYYY-MM`. */
  readonly month: string;
  /** 0 to 100, rounded down to one decimal: 100 only if the month is complete. */
  readonly coverage: number;
  /** Some of its hours are known only from a damaged part of the archive. */
  readonly isDamaged: boolean;
  /** Hours that no source has read. */
  readonly missingHours: number;
  readonly missingNumbers: number;
}

/** A window that was read from a source. */
export interface ScrapedWindow {
  readonly source: string;
  readonly window: TimeWindow;
  /** The parts of the window that could not be read. */
  readonly gaps: readonly TimeWindow[];
  /** Share of the window that was read, 0 to 1. Used only if no gap shows which part is missing. */
  readonly completeness: number;
}

export interface MonthNumbers {
  readonly month: string;
  /** Issues and pull requests opened in the month. */
  readonly known: number;
  /** Numbers after a number of this month that are neither known nor explained. */
  readonly missing: number;
}

/**
 * The lowest measured share of events that the archive holds since it was damaged.
 * Sources: igrigorik/gharchive.org issues 310, 312, 320, 323; cncf/devstatscode on its gaps.
 */
const ARCHIVE_SHARES: readonly { readonly since: Date; readonly share: number }[] = [
  { since: new Date('2025-10-14T00:00:00Z'), share: 0.02 },
  { since: new Date('2025-10-08T00:00:00Z'), share: 0 },
  { since: ARCHIVE_DAMAGED_SINCE, share: 0.42 },
];

const ARCHIVE_SOURCES: readonly string[] = SOURCE_NAMES.filter(
  (name) => SOURCE_TRAITS[name].isArchive,
);

/** Every month that a window touches or that has a contribution, oldest first. */
export function monthsBetween(
  windows: readonly ScrapedWindow[],
  counts: readonly { readonly month: string }[],
): string[] {
  const months = new Set(counts.map(({ month }) => month));
  for (const { window } of windows) {
    const { from, to } = window;
    const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1));
    for (; month < to; month.setUTCMonth(month.getUTCMonth() + 1)) {
      months.add(isoMonth(month));
    }
  }
  return [...months].sort();
}

/** The coverage of the given months, in their order. */
export function coverMonths(
  months: readonly string[],
  windows: readonly ScrapedWindow[],
  numbers: readonly MonthNumbers[],
  now: Date,
): MonthCoverage[] {
  return months.map((month) => {
    const own = numbers.find((row) => row.month === month);
    return coverMonth(month, windows, own, now);
  });
}

function coverMonth(
  month: string,
  windows: readonly ScrapedWindow[],
  numbers: MonthNumbers | undefined,
  now: Date,
): MonthCoverage {
  const all = hoursOf(month, now);
  const touching = windows.filter(({ window }) => touches(all, window));
  const hours = all.map((hour) => shareOfHour(hour, touching));
  const read = hours.filter((hour) => hour.share !== null);
  const known = read.reduce((sum, hour) => sum + (hour.share ?? 0), 0);
  const missingNumbers = numbers?.missing ?? 0;
  const given = (numbers?.known ?? 0) + missingNumbers;
  const share = (known / hours.length) * (given === 0 ? 1 : (given - missingNumbers) / given);
  return {
    month,
    coverage: Math.floor(share * 1000 + 1e-9) / 10,
    isDamaged: read.some((hour) => hour.isDamaged),
    missingHours: hours.length - read.length,
    missingNumbers,
  };
}

/** The full hours of a month before `now`, as times of their beginning; at least one. */
function hoursOf(month: string, now: Date): number[] {
  const from = Date.parse(`${month}-01T00:00:00Z`);
  const next = new Date(from);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const to = Math.max(from + HOUR_MS, Math.min(next.getTime(), startOfHour(now).getTime()));
  return Array.from({ length: Math.round((to - from) / HOUR_MS) }, (_, i) => from + i * HOUR_MS);
}

interface HourShare {
  /** Null if no source has read the hour. */
  readonly share: number | null;
  readonly isDamaged: boolean;
}

/** The highest share that any source holds of an hour. */
function shareOfHour(hour: number, windows: readonly ScrapedWindow[]): HourShare {
  const covering = windows.filter((window) => wasRead(hour, window));
  if (covering.length === 0) return { share: null, isDamaged: false };
  const shares = covering.map((window) => shareOf(window, hour));
  const isDamaged = covering.every(({ source }) => isDamagedAt(source, hour));
  return { share: Math.max(...shares), isDamaged };
}

function shareOf({ source, gaps, completeness }: ScrapedWindow, hour: number): number {
  const read = gaps.length === 0 ? completeness : 1;
  if (!ARCHIVE_SOURCES.includes(source)) return read;
  const held = ARCHIVE_SHARES.find(({ since }) => hour >= since.getTime())?.share ?? 1;
  return held * read;
}

function isDamagedAt(source: string, hour: number): boolean {
  return ARCHIVE_SOURCES.includes(source) && hour >= ARCHIVE_DAMAGED_SINCE.getTime();
}

function touches(hours: readonly number[], { from, to }: TimeWindow): boolean {
  const [first = 0] = hours;
  return from.getTime() < (hours.at(-1) ?? first) + HOUR_MS && to.getTime() > first;
}

/** Whether an hour, or as much of it as the window has, was read. */
function wasRead(hour: number, { window, gaps }: ScrapedWindow): boolean {
  const covers = ({ from, to }: TimeWindow) =>
    from.getTime() < hour + HOUR_MS && to.getTime() > hour;
  return covers(window) && !gaps.some(covers);
}
