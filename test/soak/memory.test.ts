import { expect, it } from 'vitest';
import { grows, leastByPart } from './memory.ts';

const noise = [0, 30, 4, 0, 55, 1];
const samples = (level: (index: number) => number) =>
  Array.from({ length: 60 }, (_, index) => level(index) + (noise[index % noise.length] as number));

it.each([
  ['stays the same', samples(() => 100), [100, 100, 100, 100, 100, 100], false],
  [
    'warms up and stays',
    samples((i) => Math.min(100, 40 + i * 8)),
    [40, 100, 100, 100, 100, 100],
    false,
  ],
  ['grows all the time', samples((i) => 100 + i), [100, 111, 120, 130, 141, 150], true],
  ['was never looked at', [], [], false],
])('memory that %s', (_, given, parts, isGrowing) => {
  expect(leastByPart(given)).toEqual(parts);
  expect(grows(leastByPart(given))).toBe(isGrowing);
});
