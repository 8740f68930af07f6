import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createCommunity,
  SAMPLE_REPOSITORIES,
} from '../../../../pipeline/sources/sample/community.ts';
import { createRng, pickCount, pickSha } from '../../../../pipeline/sources/sample/rng.ts';
import {
  afterOutage,
  dayOf,
  isAwake,
  isLostHour,
  isMissingHour,
  paceOn,
  pickTimes,
  whenAwake,
} from '../../../../pipeline/sources/sample/schedule.ts';

const times = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });

test('generators with equal keys draw equal numbers, each of them in [0, 1)', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 5 }), (keys) => {
      const [one, two] = [createRng(...keys), createRng(...keys)];
      for (let draws = 0; draws < 50; draws += 1) {
        const value = one();
        expect(two()).toBe(value);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }
      expect(pickSha(one)).toMatch(/^[0-9a-f]{40}$/);
    }),
  );
});

test('counts have the mean asked for', () => {
  const rng = createRng(1);
  const counts = Array.from({ length: 20_000 }, () => pickCount(rng, 2.5));
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  expect(mean).toBeGreaterThan(2.45);
  expect(mean).toBeLessThan(2.55);
});

test('a person acts while awake, or as soon as an outage is over', () => {
  const { people } = createCommunity(1);
  fc.assert(
    fc.property(times, fc.constantFrom(...people), fc.integer(), (at, person, key) => {
      const later = whenAwake(createRng(key), person, at);
      expect(later).toBeGreaterThanOrEqual(at);
      expect(later - at).toBeLessThan(13 * 3_600_000);
      expect(isMissingHour(later)).toBe(false);
      expect(isAwake(person, later) || later === afterOutage(later - 1)).toBe(true);
    }),
  );
});

test('weekends are quiet, and years bring more', () => {
  const repository = SAMPLE_REPOSITORIES[0];
  if (!repository) throw new Error('the sample has no repository');
  const pace = (date: string) => paceOn(repository, dayOf(Date.parse(date)));
  expect(pace('2026-06-07')).toBeLessThan(pace('2026-06-08') / 2);
  const year = (from: number) =>
    Array.from({ length: 364 }, (_, day) => paceOn(repository, from + day)).reduce((a, b) => a + b);
  const [first, second] = [dayOf(Date.UTC(2026, 0, 1)), dayOf(Date.UTC(2028, 0, 1))];
  expect(year(second)).toBeGreaterThan(year(first));
});

test('each of the 24 repositories has its own name, and all that discovery stores', () => {
  const names = SAMPLE_REPOSITORIES.map(({ owner, name }) => `${owner}/${name}`);
  expect(new Set(names).size).toBe(24);
  for (const { stars, pace, topics, description, githubId } of SAMPLE_REPOSITORIES) {
    expect(Math.min(stars, pace, topics.length, description.length)).toBeGreaterThan(0);
    expect(githubId).toBeGreaterThanOrEqual(9_000_000_000);
  }
});

test('a day is lost from a missing hour on, and what begins in it begins after it', () => {
  const hour = (text: string) => Date.parse(`2026-${text}:00:00Z`);
  const lost = ['09-13T05', '09-13T23', '09-14T00', '09-14T03', '01-13T05'];
  const there = ['09-13T03', '09-13T04', '09-14T04', '09-14T05', '10-13T05'];
  expect(lost.map((text) => isLostHour(hour(text)))).toEqual(lost.map(() => true));
  expect(there.map((text) => isLostHour(hour(text)))).toEqual(there.map(() => false));
  const times = pickTimes(createRng(3), dayOf(hour('09-13T00')), 200);
  expect(new Set(times.filter((at) => at >= hour('09-13T04')))).toEqual(
    new Set([hour('09-14T04')]),
  );
});
