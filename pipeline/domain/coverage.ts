import { COVERAGE_KINDS, type CoverageKind } from './coverage-kinds.ts';
import {
  type CoverageSettings,
  isCountedByNumber,
  type KnownShares,
  mapCoverageKinds,
} from './known-kinds.ts';
import {
  type Interval,
  type KnownSpan,
  type Measured,
  measure,
  type ScrapedWindow,
} from './known-spans.ts';
import { DAY_MS, HOUR_MS, isoMonth, type Period, periodStart } from './time.ts';
import { startOfHour } from './window.ts';

/**
 * How much of a repository's month is known of each kind, in per cent:
 *
 *   hours known / hours of the month until now  ×  numbers known / numbers given out
 *
 * An hour that was read counts for the share that the source can know of the kind at that time
 * (`known-kinds.ts`); of several sources, the highest. GitHub numbers the issues and pull requests
 * of a repository in one sequence: a number between two known ones is missing if it is neither an
 * issue nor a pull request, and `missing_numbers` does not explain it. Numbers concern the kinds
 * that are counted by number.
 * The coverage of the month as a whole is the mean of the hours of its kinds × its numbers.
 * Contributions whose person is not known do not lower the coverage: they are counted apart.
 */
export interface MonthCoverage {
  /** `YYYY-MM`. */
  readonly month: string;
  /** 0 to 100, rounded down to one decimal: 100 only if the month is complete. */
  readonly coverage: number;
  /** The same for each kind. */
  readonly kinds: KnownShares;
  /** Some of its hours are known only from a damaged part of the archive. */
  readonly isDamaged: boolean;
  /** Hours that no source has read. */
  readonly missingHours: number;
  readonly missingNumbers: number;
}

export interface MonthNumbers {
  readonly month: string;
  /** Issues and pull requests opened in the month. */
  readonly known: number;
  /** Numbers after a number of this month that are neither known nor explained. */
  readonly missing: number;
}

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
  spans: readonly KnownSpan[],
  numbers: readonly MonthNumbers[],
  settings: CoverageSettings,
  now: Date,
): MonthCoverage[] {
  return months.map((month) => {
    const own = numbers.filter((row) => row.month === month);
    const measured = measure(spans, monthUntil(month, now));
    const { hours, readHours, kindHours, isDamaged } = measured;
    const known = COVERAGE_KINDS.reduce((sum, kind) => sum + kindHours[kind], 0);
    const numbersKnown = shareOfNumbers(own);
    return {
      month,
      coverage: perCent((known / COVERAGE_KINDS.length / hours) * numbersKnown),
      kinds: mapCoverageKinds((kind) => perCent(shareOf(measured, kind, numbersKnown, settings))),
      isDamaged,
      missingHours: hours - readHours,
      missingNumbers: own.reduce((sum, { missing }) => sum + missing, 0),
    };
  });
}

/** A month until now in full hours, at least one. */
function monthUntil(month: string, now: Date): Interval {
  const from = Date.parse(`${month}-01T00:00:00Z`);
  const next = new Date(from);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return {
    from,
    to: Math.max(from + HOUR_MS, Math.min(next.getTime(), startOfHour(now).getTime())),
  };
}

/** What was read last may be this old before it counts as missing: the next run reads it. */
const USUAL_DELAY_MS = 2 * DAY_MS;

/** Below this share of hours or numbers, a kind is not known; a hole of the archive is above it. */
const LEAST_READ = 0.99;

/**
 * The kinds that are not known for all of a period: those that no source can know in full at some
 * time of it, and all if much of it was not read. The period begins at the first hour that was read
 * at the earliest. All kinds, if nothing of it was read.
 */
export function listUnknownKinds(
  period: Period,
  spans: readonly KnownSpan[],
  numbers: readonly MonthNumbers[],
  settings: CoverageSettings,
  now: Date,
): CoverageKind[] {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return [...COVERAGE_KINDS];
  const from = Math.max(first.from, periodStart(period, now)?.getTime() ?? first.from);
  const isCurrent = now.getTime() - last.to <= USUAL_DELAY_MS;
  const to = isCurrent ? Math.min(last.to, now.getTime()) : now.getTime();
  if (from >= to) return [...COVERAGE_KINDS];
  const measured = measure(spans, { from, to });
  const since = isoMonth(new Date(from));
  const numbersKnown = shareOfNumbers(numbers.filter(({ month }) => month >= since));
  return COVERAGE_KINDS.filter((kind) => {
    const share = shareOf(measured, kind, numbersKnown, settings);
    return measured.limited.has(kind) || share < LEAST_READ;
  });
}

/** The share that is known of a kind, 0 to 1. */
function shareOf(
  { hours, kindHours }: Measured,
  kind: CoverageKind,
  numbersKnown: number,
  settings: CoverageSettings,
): number {
  return (kindHours[kind] / hours) * (isCountedByNumber(kind, settings) ? numbersKnown : 1);
}

/** Numbers known of those given out, 0 to 1. */
function shareOfNumbers(months: readonly MonthNumbers[]): number {
  const known = months.reduce((sum, month) => sum + month.known, 0);
  const given = months.reduce((sum, { missing }) => sum + missing, known);
  return given === 0 ? 1 : known / given;
}

/** Rounded down to one decimal; the addition makes up for the error of a sum of fractions. */
const perCent = (share: number) => Math.floor(share * 1000 + 1e-9) / 10;
