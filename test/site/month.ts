import type { Month } from '../../site/src/lib/coverage.ts';

/** A month of which nothing matters but how much is known. */
export const month = (name: string, coverage: number, damaged = false): Month => ({
  month: name,
  coverage,
  damaged,
  contributions_by_source: {},
  missing_hours: 0,
  missing_numbers: 0,
  unattributed: 0,
});
