import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseInstant } from '../../../pipeline/runtime/instant.ts';

/** Far from UTC, so that a time read as local would be another. */
beforeAll(() => void vi.stubEnv('TZ', 'America/New_York'));
afterAll(() => void vi.unstubAllEnvs());

test.each([
  ['2025-01-31', '2025-01-31T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2025-01-31T12:00:00Z', '2025-01-31T12:00:00.000Z'],
  ['2025-01-31T12:00:00.123Z', '2025-01-31T12:00:00.123Z'],
  ['2025-01-31T12:00:00+02:00', '2025-01-31T10:00:00.000Z'],
  ['2025-01-31T12:00Z', '2025-01-31T12:00:00.000Z'],
  ['2025-01-31T12:00:00', '2025-01-31T12:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(parseInstant(text)?.toISOString()).toBe(expected);
});

test.each([
  '',
  'today',
  '2025',
  '2025-1-1',
  '2025-02-30',
  '2025-13-01',
  '31.01.2025',
  '2025-01-31 12:00',
  '2025-01-31T25:00:00Z',
  '1735689600',
  '0000-01-01',
  '1969-12-31T23:59:59Z',
])('%j is no moment', (text) => {
  expect(parseInstant(text)).toBeNull();
});

test('what a clock prints is read as the same moment', () => {
  const moment = fc.date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, (date) => {
      expect(parseInstant(date.toISOString())).toEqual(date);
    }),
  );
});
