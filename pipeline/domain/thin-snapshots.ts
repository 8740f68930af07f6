import { DAY_MS, weekOf } from './time.ts';

/** Newest days, with today, whose snapshots are all kept: enough for the board of a month. */
const DAILY_DAYS = 35;
/** Age in days up to which one day a week is kept; of older days, only the board of all time. */
const WEEKLY_DAYS = 400;

/** The snapshots to delete; all are UTC dates, `YYYY-MM-DD`. */
export interface Thinning {
  /** Days of which nothing is kept. */
  readonly whole: readonly string[];
  /** Days of which only the period `all` is kept. */
  readonly allButAllTime: readonly string[];
}

/**
 * Chooses the days whose snapshots are deleted. The first day of each week stays (weeks begin on
 * Mondays), so thinning every day and thinning once a year give the same result.
 */
export function thinSnapshots(days: readonly string[], today: string): Thinning {
  const first = firstOfWeeks(days);
  const old = days.filter((day) => ageOf(day, today) >= DAILY_DAYS);
  return {
    whole: old.filter((day) => !first.has(day)),
    allButAllTime: old.filter((day) => first.has(day) && ageOf(day, today) > WEEKLY_DAYS),
  };
}

/** The first day of each week that has a snapshot. */
function firstOfWeeks(days: readonly string[]): Set<string> {
  const weeks = Map.groupBy(days.toSorted(), (day) => weekOf(new Date(day)));
  return new Set([...weeks.values()].flatMap(([first]) => first ?? []));
}

/** Days between two dates; negative for a day in the future. */
function ageOf(day: string, today: string): number {
  return (Date.parse(today) - Date.parse(day)) / DAY_MS;
}

/** The first day with a snapshot of each of the last weeks, oldest first; today may be one. */
export function weeklyDays(days: readonly string[], today: string, weeks: number): string[] {
  const past = days.filter((day) => day <= today);
  return [...firstOfWeeks(past)].toSorted().slice(-weeks);
}
