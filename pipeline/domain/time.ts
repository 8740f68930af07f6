/** Lengths of time, and moments as text. Everything is UTC. */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** `YYYY-MM-DDTHH:MM:SS.sssZ`; null stays null. */
export function iso(moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString();
}

/** The UTC date, `YYYY-MM-DD`. */
export function isoDate(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The UTC month, `YYYY-MM`. */
export function isoMonth(moment: Date): string {
  return moment.toISOString().slice(0, 7);
}

/** Days since 1970-01-01, a Thursday. */
const MONDAY = 4;

/** The number of a moment's week, from Monday, UTC; that of 5 January 1970 is 0. */
export const weekOf = (moment: Date): number =>
  Math.floor((moment.getTime() / DAY_MS - MONDAY) / 7);

/** The Monday on which a moment's week begins, in days since 1970-01-01. */
export const mondayOf = (moment: Date): number => 7 * weekOf(moment) + MONDAY;

/** The periods of the boards, counted back from the clock of the run. */
export const PERIODS = ['all', 'year', 'quarter', 'month', 'week'] as const;

export type Period = (typeof PERIODS)[number];

/**
 * Length of each period in days; null has no beginning.
 * Fixed lengths, so that two days' boards of one period can be compared.
 */
export const PERIOD_DAYS: Readonly<Record<Period, number | null>> = {
  all: null,
  year: 365,
  quarter: 90,
  month: 30,
  week: 7,
};

/** How many days ago the ranks are taken that a board's movement is shown from. */
export const COMPARED_DAYS: Readonly<Record<Period, number>> = {
  all: 28,
  year: 28,
  quarter: 7,
  month: 7,
  week: 7,
};

/** A newcomer is told from somebody of whom the past was not read by so much that was. */
export const KNOWN_BEFORE_MS = 91 * DAY_MS;

/** The first moment of a period; null if the period has no beginning. */
export function periodStart(period: Period, now: Date): Date | null {
  const days = PERIOD_DAYS[period];
  return days === null ? null : new Date(now.getTime() - days * DAY_MS);
}

/** `0.4 s`, `12.3 s`, `5 min 2 s` */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
