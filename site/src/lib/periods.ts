import type { Scoring } from '../../../pipeline/published/documents.ts';
import type { Period } from './site.ts';

const LABELS: Readonly<Record<Period, string>> = {
  all: 'All time',
  year: 'Year',
  quarter: 'Quarter',
  month: 'Month',
  week: 'Week',
};

export const periodLabel = (period: Period) => LABELS[period];

/** "the last 30 days": the length that the pipeline counted with. */
export function periodSpan({ periods }: Pick<Scoring, 'periods'>, period: Period): string {
  const days = periods[period];
  return days === null ? 'all time' : `the last ${days} days`;
}
