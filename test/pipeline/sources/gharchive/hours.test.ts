import { describe, expect, it } from 'vitest';
import {
  hourFileName,
  hoursOf,
  tailHoursOf,
} from '../../../../pipeline/sources/gharchive/hours.ts';

const at = (text: string) => new Date(text);
const names = (hours: Date[]) => hours.map(hourFileName);

describe('hour files', () => {
  it('are named by their UTC hour, without a zero before it', () => {
    expect(hourFileName(at('2015-01-01T09:00:00Z'))).toBe('2015-01-01-9.json.gz');
    expect(hourFileName(at('2015-01-01T23:59:59Z'))).toBe('2015-01-01-23.json.gz');
  });

  it.each([
    [
      'whole hours',
      '2015-01-01T22:00Z',
      '2015-01-02T01:00Z',
      ['2015-01-01-22', '2015-01-01-23', '2015-01-02-0'],
    ],
    [
      'parts of hours',
      '2015-01-01T22:30Z',
      '2015-01-01T23:00:01Z',
      ['2015-01-01-22', '2015-01-01-23'],
    ],
    ['less than an hour', '2015-01-01T22:10Z', '2015-01-01T22:20Z', ['2015-01-01-22']],
  ])('of a window of %s', (_, from, to, expected) => {
    const window = { from: at(from), to: at(to) };
    expect(names(hoursOf(window))).toEqual(expected.map((name) => `${name}.json.gz`));
  });

  it('after a window hold its late events since files are filed by crawl time', () => {
    const window = { from: at('2025-06-01T00:00Z'), to: at('2025-06-02T00:00Z') };
    expect(tailHoursOf(window, at('2025-07-01T00:00Z'))).toHaveLength(24);
    expect(names(tailHoursOf(window, at('2025-06-02T02:30Z')))).toEqual([
      '2025-06-02-0.json.gz',
      '2025-06-02-1.json.gz',
    ]);
    expect(tailHoursOf(window, window.to)).toEqual([]);
  });

  it('were filed by the time of the event before that', () => {
    const window = { from: at('2025-01-01T00:00Z'), to: at('2025-01-02T00:00Z') };
    expect(tailHoursOf(window, at('2025-07-01T00:00Z'))).toEqual([]);
  });
});
