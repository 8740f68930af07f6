import { ARCHIVE_DAMAGED_SINCE } from './archive-eras.ts';
import { HOUR_MS, startOfHour, type TimeWindow } from './window.ts';

/**
 * How much of a repository's month is known, in per cent:
 *
 *   hours known / hours of the month until now  ×  numbers known / numbers given out
 *
 * An hour that GitHub's API was read for is known whole, and so is one of the archive before it
 * was damaged. A damaged hour of the archive counts for the share of events that it was measured
 * to hold. Issues and pull requests of a repository are numbered in one row: a number between two
 * known ones that is neither an issue, a pull request nor explained is missing.
 * Contributions whose person is not known are counted beside it: they are known.
 */
export interface MonthCoverage {
  /** `YYYY-MM`. */
  readonly month: string;
  /** 0 to 100, rounded down to one decimal: only what is whole is called whole. */
  readonly coverage: number;
  /** Some of its hours are known from a damaged part of the archive alone. */
  readonly isDamaged: boolean;
  /** Hours that no source was read for. */
  readonly missingHours: number;
  readonly missingNumbers: number;
}

/** What a source was read for. */
export interface ReadStretch {
  readonly source: string;
  readonly window: TimeWindow;
  /** Where it could not be read. */
  readonly gaps: readonly TimeWindow[];
  /** Share of the window that was read, 0 to 1; it counts where no gap says which part was not. */
  readonly completeness: number;
}

export interface MonthNumbers {
  readonly month: string;
  /** Issues and pull requests opened in the month. */
  readonly known: number;
  readonly missing: number;
}

/**
 * Shares of events that the archive holds since it was damaged, the lowest that was measured.
 * Sources: igrigorik/gharchive.org issues 310, 312, 320, 323; cncf/devstatscode on its gaps.
 */
const ARCHIVE_SHARES: readonly { readonly since: Date; readonly share: number }[] = [
  { since: new Date('2025-10-14T00:00:00Z'), share: 0.02 },
  { since: new Date('2025-10-08T00:00:00Z'), share: 0 },
  { since: ARCHIVE_DAMAGED_SINCE, share: 0.42 },
];

const ARCHIVE_SOURCES: readonly string[] = ['gharchive', 'bigquery'];

/** Every month that was read for or has a contribution, oldest first. */
export function monthsBetween(
  stretches: readonly ReadStretch[],
  counts: readonly { readonly month: string }[],
): string[] {
  const months = new Set(counts.map(({ month }) => month));
  for (const { window } of stretches) {
    const { from, to } = window;
    const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1));
    for (; month < to; month.setUTCMonth(month.getUTCMonth() + 1)) {
      months.add(month.toISOString().slice(0, 7));
    }
  }
  return [...months].sort();
}

/** The coverage of some months, in their order. */
export function coverMonths(
  months: readonly string[],
  stretches: readonly ReadStretch[],
  numbers: readonly MonthNumbers[],
  now: Date,
): MonthCoverage[] {
  return months.map((month) => {
    const own = numbers.find((row) => row.month === month);
    return coverMonth(month, stretches, own, now);
  });
}

function coverMonth(
  month: string,
  stretches: readonly ReadStretch[],
  numbers: MonthNumbers | undefined,
  now: Date,
): MonthCoverage {
  const all = hoursOf(month, now);
  const touching = stretches.filter(({ window }) => touches(all, window));
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

/** The hours of a month that have begun by now; one at least. */
function hoursOf(month: string, now: Date): number[] {
  const from = Date.parse(`${month}-01T00:00:00Z`);
  const next = new Date(from);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const to = Math.max(from + HOUR_MS, Math.min(next.getTime(), startOfHour(now).getTime()));
  return Array.from({ length: Math.round((to - from) / HOUR_MS) }, (_, i) => from + i * HOUR_MS);
}

interface HourShare {
  /** Null if no source was read for the hour. */
  readonly share: number | null;
  readonly isDamaged: boolean;
}

/** The best that any source knows of an hour. */
function shareOfHour(hour: number, stretches: readonly ReadStretch[]): HourShare {
  const reading = stretches.filter((stretch) => wasRead(hour, stretch));
  if (reading.length === 0) return { share: null, isDamaged: false };
  const shares = reading.map((stretch) => shareOf(stretch, hour));
  const isDamaged = reading.every(({ source }) => isDamagedAt(source, hour));
  return { share: Math.max(...shares), isDamaged };
}

function shareOf({ source, gaps, completeness }: ReadStretch, hour: number): number {
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
function wasRead(hour: number, { window, gaps }: ReadStretch): boolean {
  const covers = ({ from, to }: TimeWindow) =>
    from.getTime() < hour + HOUR_MS && to.getTime() > hour;
  return covers(window) && !gaps.some(covers);
}
