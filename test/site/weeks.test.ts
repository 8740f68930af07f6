import { describe, expect, it } from 'vitest';
import { describeActivity, lastWeeks, spanOf, type Week } from '../../site/src/lib/weeks.ts';

/** A Thursday. */
const UNTIL = '2025-11-20T02:00:00.000Z';

const week = (monday: string, total = 1): Week => ({
  week: monday,
  total,
  counts: { COMMIT: total },
});

describe('the weeks of an activity', () => {
  it('begin with the first contribution, so that what is not known is no idle time', () => {
    expect(spanOf([week('2025-06-02'), week('2025-11-17')], UNTIL)).toBe(25);
  });

  it('are enough to compare, and no more than there is room for', () => {
    expect(spanOf([week('2025-11-17')], UNTIL)).toBe(12);
    expect(spanOf([week('2019-01-07')], UNTIL)).toBe(104);
    expect(spanOf([], UNTIL)).toBe(104);
  });

  it('are whole weeks up to that of the end of the data', () => {
    const weeks = [week('2025-11-03', 4), week('2025-11-10', 9), week('2025-11-17', 2)];
    expect(lastWeeks(weeks, 2, UNTIL)).toEqual(weeks.slice(1));
    expect(lastWeeks(weeks, spanOf(weeks, UNTIL), UNTIL)).toEqual(weeks);
    expect(describeActivity(weeks, 12)).toBe(
      '15 contributions in 3 of the last 12 weeks. ' +
        'The busiest week began on 10 Nov 2025, with 9.',
    );
  });
});
