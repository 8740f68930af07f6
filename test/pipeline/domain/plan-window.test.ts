import { describe, expect, it } from 'vitest';
import {
  hasFutureMark,
  planWindow,
  type WindowRules,
  withoutFutureMarks,
} from '../../../pipeline/domain/plan-window.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const facts = { lastWindowEnd: null, dataUntil: null, neverRescrapeBefore: null };
const rules: WindowRules = {
  windowYears: 2,
  overlapDays: 1,
  jobType: null,
  from: null,
  to: null,
  now: day('2026-06-15'),
};

describe('the window of a repository', () => {
  it.each([
    ['never read: the last years', {}, {}, 'full 2024-06-15 2026-06-15'],
    [
      'read before: from its end less the overlap',
      { lastWindowEnd: day('2026-06-10') },
      {},
      'incremental 2026-06-09 2026-06-15',
    ],
    [
      'read by another source: from the latest data',
      { dataUntil: day('2026-06-01') },
      {},
      'incremental 2026-05-31 2026-06-15',
    ],
    [
      'its own end before the latest data',
      { lastWindowEnd: day('2026-05-01'), dataUntil: day('2026-06-01') },
      {},
      'incremental 2026-04-30 2026-06-15',
    ],
    [
      'full when requested',
      { lastWindowEnd: day('2026-06-10') },
      { jobType: 'full' },
      'full 2024-06-15 2026-06-15',
    ],
    [
      'never before the configured date',
      { neverRescrapeBefore: day('2025-01-01') },
      {},
      'full 2025-01-01 2026-06-15',
    ],
    [
      'not before it when requested by hand either',
      { neverRescrapeBefore: day('2025-01-01') },
      { from: day('2020-01-01') },
      'full 2025-01-01 2026-06-15',
    ],
    [
      'as requested by hand',
      {},
      { from: day('2025-02-01'), to: day('2025-03-01') },
      'full 2025-02-01 2025-03-01',
    ],
    [
      'never into the future',
      {},
      { from: day('2026-06-01'), to: day('2027-06-01') },
      'full 2026-06-01 2026-06-15',
    ],
  ] as const)('%s', (_, known, asked, expected) => {
    const plan = planWindow({ ...facts, ...known }, { ...rules, ...asked });
    const date = (moment: Date | undefined) => moment?.toISOString().slice(0, 10);
    expect(`${plan?.jobType} ${date(plan?.window.from)} ${date(plan?.window.to)}`).toBe(expected);
  });

  it.each([
    ['nothing may be read again', { neverRescrapeBefore: day('2026-07-01') }, {}],
    ['it lies in the future', {}, { from: day('2026-07-01') }],
    ['it is empty', {}, { from: day('2026-06-15') }],
  ])('is null if %s', (_, known, asked) => {
    expect(planWindow({ ...facts, ...known }, { ...rules, ...asked })).toBeNull();
  });
});

describe('a mark of a repository', () => {
  const now = day('2026-06-15');
  const minutesOn = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

  it.each([
    ['of the past', minutesOn(-1), true],
    ['of this moment', now, true],
    ['of a clock that differs by a little', minutesOn(4), true],
    ['of a clock ahead', minutesOn(6), false],
    ['of another year', day('2030-01-01'), false],
  ])('%s is believed or not', (_, mark, isBelieved) => {
    for (const name of ['lastScrapedAt', 'dataUntil'] as const) {
      const none = { lastScrapedAt: null, dataUntil: null, hasFutureWindow: false };
      const marks = { ...none, [name]: mark };
      expect(withoutFutureMarks(marks, now)[name]).toEqual(isBelieved ? mark : null);
      expect(hasFutureMark(marks, now)).toBe(!isBelieved);
      expect(hasFutureMark({ ...marks, hasFutureWindow: true }, now)).toBe(true);
    }
  });
});
