import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY_MS } from '../../../pipeline/domain/time.ts';
import { mergeWindows, subtractWindows, type TimeWindow } from '../../../pipeline/domain/window.ts';

const day = fc.integer({ min: 0, max: 40 });
const toWindow = ([a, b]: [number, number]) => ({
  from: new Date(Math.min(a, b) * DAY_MS),
  to: new Date((Math.max(a, b) + 1) * DAY_MS),
});
const holdsAt = (at: number) => (window: TimeWindow) =>
  window.from.getTime() <= at && at < window.to.getTime();

it('the subtracted and the remaining parts make up the window, without overlap', () => {
  fc.assert(
    fc.property(fc.tuple(day, day), fc.array(fc.tuple(day, day)), (whole, taken) => {
      const window = toWindow(whole);
      const others = taken.map(toWindow);
      const left = subtractWindows(window, others);
      for (let at = window.from.getTime(); at < window.to.getTime(); at += DAY_MS) {
        const holds = holdsAt(at);
        expect(left.filter(holds).length).toBe(others.some(holds) ? 0 : 1);
      }
      expect(left.every(({ from, to }) => from >= window.from && to <= window.to)).toBe(true);
    }),
  );
});

it('merged windows cover the same time, and neither overlap nor adjoin', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(day, day)), (days) => {
      const windows = days.map(toWindow);
      const merged = mergeWindows(windows);
      for (let at = 0; at < 45 * DAY_MS; at += DAY_MS) {
        expect(merged.filter(holdsAt(at)).length).toBe(windows.some(holdsAt(at)) ? 1 : 0);
      }
      const ends = merged.flatMap(({ from, to }) => [from.getTime(), to.getTime()]);
      expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
    }),
  );
});
