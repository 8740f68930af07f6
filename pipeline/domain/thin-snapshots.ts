import { DAY_MS } from './time.ts';

/** Every snapshot of so many days is kept, today among them: the month's board and some spare. */
const DAILY_DAYS = 35;
/** Of older days one a week stays; past so many days only the board of all time. */
const WEEKLY_DAYS = 400;

/** What thinning takes away; all are UTC dates, `YYYY-MM-DD`. */
export interface Thinning {
  /** Days of which nothing is kept. */
  readonly whole: readonly string[];
  /** Days of which only the period `all` is kept. */
  readonly allButAllTime: readonly string[];
}

/**
 * Which of the days that have snapshots go. The first day of each week stays (weeks begin on
 * Mondays), so thinning every day and thinning once a year leave the same.
 */
export function thinSnapshots(days: readonly string[], today: string): Thinning {
  const first = firstOfWeeks(days);
  const old = days.filter((day) => ageOf(day, today) >= DAILY_DAYS);
  return {
    whole: old.filter((day) => !first.has(day)),
    allButAllTime: old.filter((day) => first.has(day) && ageOf(day, today) > WEEKLY_DAYS),
  };
}

/** The first day of each week that has any. */
function firstOfWeeks(days: readonly string[]): Set<string> {
  const weeks = Map.groupBy(days.toSorted(), weekOf);
  return new Set([...weeks.values()].flatMap(([first]) => first ?? []));
}

/** Days between two dates; negative for a day to come. */
function ageOf(day: string, today: string): number {
  return (Date.parse(today) - Date.parse(day)) / DAY_MS;
}

/** 1970-01-01 was a Thursday: three days after the Monday that its week began with. */
function weekOf(day: string): number {
  return Math.floor((Date.parse(day) / DAY_MS + 3) / 7);
}
