import { describe, expect, it } from 'vitest';
import { pickPeople } from '../../../pipeline/domain/month-record.ts';
import {
  firstBy,
  type MonthAccount,
  ranksOf,
  risesOf,
  standingsOf,
} from '../../../pipeline/domain/month-standings.ts';

const account = (personId: number, login: string): MonthAccount => ({
  personId,
  login,
  displayName: null,
});
const ada = account(1, 'ada');
const bob = account(2, 'Bob');
const cyd = account(3, 'cyd');
const accounts = new Map([
  [1, ada],
  [2, bob],
  [3, cyd],
]);
const row = (userId: number, score: number, commits: number, repositoryId = 0) => ({
  ...{ repositoryId, userId, score },
  counts: { COMMIT: commits },
});

describe('the board of a month', () => {
  it('ranks by score, shares ranks of ties and gives none for no points', () => {
    const people = [row(3, 10, 1), row(2, 20.5, 2), row(1, 20.5, 3), row(1, 99, 9, 7)];
    const standings = standingsOf({ people }, accounts, 0);
    expect(standings.map(({ person, rank }) => [person.login, rank])).toEqual([
      ['ada', 1],
      ['Bob', 1],
      ['cyd', 3],
    ]);
    expect(standingsOf({ people: [row(1, 0, 4)] }, accounts, 0)).toMatchObject([
      { rank: null, contributions: 4 },
    ]);
  });

  it('leaves out who is not known any more, and moves the others up', () => {
    const people = [row(1, 30, 3), row(2, 20, 2), row(3, 10, 1)];
    const left = new Map([...accounts].filter(([id]) => id !== 1));
    const standings = standingsOf({ people }, left, 0);
    expect(standings.map(({ person, rank }) => [person.login, rank])).toEqual([
      ['Bob', 1],
      ['cyd', 2],
    ]);
  });

  it('adds up the accounts of one person', () => {
    const people = [row(1, 0.1, 1), row(2, 0.2, 2), row(3, 0.25, 1)];
    const joined = new Map([...accounts, [2, ada] as const]);
    const standings = standingsOf({ people }, joined, 0);
    expect(standings).toMatchObject([
      { person: ada, rank: 1, score: 0.3, counts: { COMMIT: 3 }, contributions: 3 },
      { person: cyd, rank: 2 },
    ]);
  });

  it('names all who are first by something', () => {
    const standings = standingsOf(
      { people: [row(1, 30, 3), row(2, 20, 3), row(3, 10, 1)] },
      accounts,
      0,
    );
    expect(firstBy(standings, ({ counts }) => counts.COMMIT ?? 0)).toEqual({
      value: 3,
      people: [ada, bob],
    });
    expect(firstBy(standings, ({ counts }) => counts.RELEASE ?? 0)).toBeNull();
  });

  it('finds who rose by the most places', () => {
    const standings = standingsOf(
      { people: [row(1, 30, 3), row(2, 20, 2), row(3, 10, 1)] },
      accounts,
      0,
    );
    expect([...ranksOf(standings)]).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const before = new Map([
      [1, 4],
      [2, 9],
      [3, 2],
    ]);
    expect(risesOf(standings, before, 5)).toEqual([
      { person: bob, rank: 2, previousRank: 9 },
      { person: ada, rank: 1, previousRank: 4 },
    ]);
    expect(risesOf(standings, before, 1)).toHaveLength(1);
  });
});

describe('what is stored of a month', () => {
  it('is everybody, and the first ten of each repository who have points', () => {
    const all = Array.from({ length: 12 }, (_, index) => row(index + 1, 12 - index, 1));
    const own = all.map((one) => ({ ...one, repositoryId: 5 }));
    const none = { ...row(99, 0, 1), repositoryId: 6 };
    const picked = pickPeople([...own, ...all, none]);
    expect(picked.filter(({ repositoryId }) => repositoryId === 0)).toHaveLength(12);
    const stored = picked.filter(({ repositoryId }) => repositoryId !== 0);
    expect(stored.map(({ userId }) => userId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
