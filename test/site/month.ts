import type { Month } from '../../site/src/lib/coverage.ts';

/** A month of which nothing matters but how much is known. */
export const month = (
  name: string,
  coverage: number,
  damaged = false,
  kinds: Month['kinds'] = {},
): Month => ({
  month: name,
  coverage,
  kinds,
  damaged,
  contributions_by_source: {},
  missing_hours: 0,
  missing_numbers: 0,
  unattributed: 0,
});
