import { describe, expect, it } from 'vitest';
import {
  cutNewestDays,
  daysFor,
  daysIn,
  daysInAny,
  groupByMissing,
  missingWindows,
  monthsNewestFirst,
  undamagedPart,
} from '../../../pipeline/domain/backfill.ts';
import type { TimeWindow } from '../../../pipeline/domain/window.ts';

const span = (from: string, to: string): TimeWindow => ({ from: new Date(from), to: new Date(to) });
const rules = { isForced: false, includeDamaged: false, overlapDays: 1 };

describe('undamagedPart', () => {
  it('ends on 24 May 2025, since when the archive has lost most events', () => {
    expect(undamagedPart(span('2025-05-01', '2025-09-01'))).toEqual(
      span('2025-05-01', '2025-05-24'),
    );
    expect(undamagedPart(span('2025-05-24', '2025-09-01'))).toBeNull();
    expect(undamagedPart(span('2024-01-01', '2024-02-01'))).toEqual(
      span('2024-01-01', '2024-02-01'),
    );
  });
});

describe('monthsNewestFirst', () => {
  it('cuts at the beginnings of months', () => {
    expect(monthsNewestFirst(span('2024-12-30', '2025-02-02'))).toEqual([
      span('2025-02-01', '2025-02-02'),
      span('2025-01-01', '2025-02-01'),
      span('2024-12-30', '2025-01-01'),
    ]);
  });
});

describe('cutNewestDays', () => {
  it('leaves complete days (UTC), and at least one', () => {
    const month = span('2025-01-01', '2025-02-01');
    expect(cutNewestDays(month, 3)).toEqual([
      span('2025-01-01', '2025-01-29'),
      span('2025-01-29', '2025-02-01'),
    ]);
    expect(cutNewestDays(month, 0)[1]).toEqual(span('2025-01-31', '2025-02-01'));
    expect(cutNewestDays(month, 99)).toEqual([null, month]);
  });

  it('counts an incomplete day', () => {
    expect(daysIn(span('2025-01-01T23:00:00Z', '2025-01-02T01:00:00Z'))).toBe(2);
  });

  it('counts a day of several windows once', () => {
    const nights = [
      span('2025-01-02T02:00:00Z', '2025-01-04T02:00:00Z'),
      span('2025-01-01', '2025-01-03T02:00:00Z'),
      span('2025-01-04T05:00:00Z', '2025-01-04T06:00:00Z'),
      span('2025-01-09', '2025-01-10'),
    ];
    expect(daysInAny(nights)).toBe(4 + 1);
    expect(daysInAny([])).toBe(0);
  });

  it('includes the price of one more table than days', () => {
    expect(daysFor(1000, 3200, span('2025-01-01', '2025-02-01'))).toBe(9);
    expect(daysFor(150, 3200, span('2025-01-01', '2025-02-01'))).toBe(0);
  });
});

describe('missingWindows', () => {
  const whole = span('2024-01-01', '2024-04-01');

  it('is the complete window if nothing was read, and empty if all was read', () => {
    expect(missingWindows(whole, [], rules)).toEqual([whole]);
    expect(missingWindows(whole, [whole], rules)).toEqual([]);
  });

  it('is the part before the read windows: the backfill goes on', () => {
    expect(missingWindows(whole, [span('2024-03-01', '2024-04-01')], rules)).toEqual([
      span('2024-01-01', '2024-03-01'),
    ]);
  });

  it('reads the newest day again only if the window goes on after it', () => {
    const read = [span('2024-01-01', '2024-03-20')];
    expect(missingWindows(whole, read, rules)).toEqual([span('2024-03-19', '2024-04-01')]);
  });

  it('does not read the last undamaged day again every night', () => {
    const present = span('2024-06-01', '2026-06-01');
    expect(missingWindows(present, [span('2024-06-01', '2025-05-24')], rules)).toEqual([]);
    const all = { ...rules, includeDamaged: true };
    expect(missingWindows(present, [span('2024-06-01', '2025-05-24')], all)).toEqual([
      span('2025-05-23', '2026-06-01'),
    ]);
  });

  it('is the complete window if it was requested by hand', () => {
    expect(missingWindows(whole, [whole], { ...rules, isForced: true })).toEqual([whole]);
  });
});

it('repositories with the same missing windows share a query', () => {
  const a = [span('2024-01-01', '2024-02-01')];
  const groups = groupByMissing(
    new Map([
      [1, a],
      [2, [span('2024-01-01', '2024-02-01')]],
      [3, []],
    ]),
  );
  expect(groups).toEqual([{ repositoryIds: [1, 2], missing: a }]);
});
