import { describe, expect, it } from 'vitest';
import {
  closesAt,
  isPastKnown,
  listDue,
  listMonths,
  listOpen,
  newCorrections,
  waitsFor,
} from '../../../pipeline/domain/month-closing.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const window = (from: string, to: string) => ({ from: day(from), to: day(to) });
const tracked = (id: number, ...windows: ReturnType<typeof window>[]) => ({
  id,
  since: null,
  windows,
});

describe('a month', () => {
  it('closes three days after its end', () => {
    expect(closesAt('2026-02')).toEqual(day('2026-03-04'));
    expect(closesAt('2025-12')).toEqual(day('2026-01-04'));
    const all = [tracked(1, window('2026-02-01', '2026-03-05'))];
    const before = new Date(day('2026-03-04').getTime() - 1);
    expect(listDue(all, new Set(), before)).toEqual([]);
    expect(listDue(all, new Set(), day('2026-03-04'))).toEqual(['2026-02']);
    expect(listDue(all, new Set(['2026-02']), day('2026-03-04'))).toEqual([]);
  });

  it('waits for each repository that was not read for all of it', () => {
    const whole = tracked(
      1,
      window('2025-01-01', '2026-02-11'),
      window('2026-02-10', '2026-03-01'),
    );
    const short = tracked(2, window('2026-02-01', '2026-02-28'));
    const torn = tracked(3, window('2026-01-01', '2026-02-10'), window('2026-02-11', '2026-04-01'));
    const unread = tracked(4);
    expect(waitsFor('2026-02', [whole, short, torn, unread])).toEqual([2, 3, 4]);
  });

  it('does not wait for what the configuration does not let be read', () => {
    const windows = [window('2026-02-10', '2026-03-01')];
    expect(waitsFor('2026-02', [{ id: 1, since: day('2026-02-10'), windows }])).toEqual([]);
    expect(waitsFor('2026-02', [{ id: 1, since: day('2026-02-09'), windows }])).toEqual([1]);
    expect(waitsFor('2026-02', [{ id: 1, since: day('2026-03-01'), windows: [] }])).toEqual([]);
  });

  it('is listed if anything was read from its start', () => {
    const now = day('2026-03-15');
    expect(listMonths([], now)).toEqual([]);
    expect(listMonths([tracked(1)], now)).toEqual([]);
    expect(listMonths([tracked(1, window('2026-01-01', '2026-03-01'))], now)).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
    ]);
    expect(listMonths([tracked(1, window('2026-01-02', '2026-03-01'))], now)).toEqual([
      '2026-02',
      '2026-03',
    ]);
  });

  it('is open for twelve months at most', () => {
    const all = [tracked(1, window('2024-01-01', '2026-03-01'))];
    const open = listOpen(all, new Set(['2026-02']), day('2026-03-15'));
    expect(open[0]).toBe('2025-04');
    expect(open.at(-1)).toBe('2026-03');
    expect(open).toHaveLength(11);
  });

  it('has newcomers only if three months before it were read of every repository', () => {
    const since = (from: string) => tracked(1, window(from, '2026-03-01'));
    expect(isPastKnown('2026-02', [since('2025-11-02')])).toBe(true);
    expect(isPastKnown('2026-02', [since('2025-11-03')])).toBe(false);
    expect(isPastKnown('2026-02', [since('2024-01-01'), tracked(2)])).toBe(false);
  });

  it('takes each correction once', () => {
    const had = { on: '2026-03-10', what: 'A' };
    const configured = [
      { month: '2026-02', on: '2026-03-12', what: 'B' },
      { month: '2026-01', on: '2026-03-11', what: 'other' },
      { month: '2026-02', ...had },
      { month: '2026-02', on: '2026-03-11', what: 'A' },
    ];
    expect(newCorrections({ month: '2026-02', corrections: [had] }, configured)).toEqual([
      { on: '2026-03-11', what: 'A' },
      { on: '2026-03-12', what: 'B' },
    ]);
  });
});
