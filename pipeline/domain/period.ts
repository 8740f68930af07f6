import { DAY_MS } from './time.ts';

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

/** The first moment of a period; null if the period has no beginning. */
export function periodStart(period: Period, now: Date): Date | null {
  const days = PERIOD_DAYS[period];
  return days === null ? null : new Date(now.getTime() - days * DAY_MS);
}
