import { describe, expect, it } from 'vitest';
import { type Activity, findLikelyBots } from '../../../pipeline/domain/likely-bots.ts';

const even = Array.from({ length: 24 }, () => 10);
/** Sleeps from 22 to 6 o'clock. */
const awake = even.map((_, hour) => (hour >= 6 && hour < 22 ? 15 : 0));
/** Sleeps from 12 to 20 o'clock UTC, over midnight of another time zone. */
const elsewhere = [...awake.slice(10), ...awake.slice(0, 10)];
const many = [60, 60, 60, 60];

const person: Activity = {
  id: 1,
  login: 'ada',
  contributions: 240,
  days: 80,
  hours: awake,
  kinds: many,
};

describe('likely bots', () => {
  it.each<[string, Partial<Activity>, string[]]>([
    [
      'a name and no sleep',
      { login: 'deploy-bot', hours: even },
      ['name', 'at every hour of the day'],
    ],
    ['a name and one kind', { login: 'acme-ci', kinds: [240, 0] }, ['name', 'one kind only']],
    ['a name of one word and volume', { login: 'mergebot', days: 4 }, ['name', '60 a day']],
    [
      'three signs without a name',
      { hours: even, kinds: [235, 5], days: 5 },
      ['at every hour of the day', 'one kind only', '48 a day'],
    ],
  ])('are accounts with %s', (_, parts, signs) => {
    expect(findLikelyBots([{ ...person, ...parts }], [])).toEqual([
      { id: 1, login: parts.login ?? 'ada', contributions: 240, signs },
    ]);
  });

  it.each<[string, Partial<Activity>]>([
    ['who sleeps', {}],
    ['who sleeps elsewhere', { hours: elsewhere }],
    ['with a name alone', { login: 'robot-fan' }],
    ['who only comments, much', { kinds: [240], days: 8 }],
    ['who only comments, day and night', { kinds: [240], hours: even }],
    ['of few contributions', { login: 'x-bot', contributions: 49, kinds: [49], days: 1 }],
    ['whose name has a word in it', { login: 'lucci', kinds: [240] }],
    ['called Abbot', { login: 'jane-abbot', kinds: [240] }],
  ])('are no people %s', (_, parts) => {
    expect(findLikelyBots([{ ...person, ...parts }], [])).toEqual([]);
  });

  it.each([[1], ['Deploy-Bot']])('are not those that the configuration allows (%s)', (allowed) => {
    const bot = { ...person, login: 'deploy-bot', hours: even };
    expect(findLikelyBots([bot], [allowed])).toEqual([]);
  });
});
