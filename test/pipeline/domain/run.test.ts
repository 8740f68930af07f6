import { describe, expect, it } from 'vitest';
import { expectNextRun } from '../../../pipeline/domain/run.ts';

const at = (...starts: string[]) => starts.map((start) => new Date(`2026-11-${start}:00Z`));

describe('when the next run is expected', () => {
  it.each([
    [
      'a day after the last of the nights',
      ['26T02:10', '25T02:12', '24T02:09', '23T02:10'],
      '27T02:09',
    ],
    [
      'not by runs started by hand',
      ['26T02:10', '25T14:00', '25T02:10', '24T02:10', '23T02:10', '22T02:10'],
      '27T02:10',
    ],
  ])('%s', (_, starts, expected) => {
    expect(expectNextRun(at(...starts))).toEqual(at(expected)[0]);
  });

  it('nobody knows after fewer than four', () => {
    expect(expectNextRun(at('26T02:10', '25T02:12', '24T02:09'))).toBeNull();
    expect(expectNextRun([])).toBeNull();
  });
});
