import { CONTRIBUTION_KINDS, type ContributionKind } from './contribution-kinds.ts';
import type { MonthCounts, MonthPerson, MonthRecord } from './month-record.ts';
import { asciiLower } from './names.ts';

/**
 * Where everybody stands in a month of the calendar, as people are known now: a stored month names
 * accounts, of which some may have opted out since, or count for another person.
 */

/** A person as they are known now. */
export interface MonthAccount {
  readonly personId: number;
  readonly login: string;
  readonly displayName: string | null;
}

/** By id of the account; who is on no page is not in it. */
export type MonthAccounts = ReadonlyMap<number, MonthAccount>;

export interface MonthStanding {
  readonly person: MonthAccount;
  /** Ties share a rank; null: no points. */
  readonly rank: number | null;
  readonly score: number;
  readonly counts: MonthCounts;
  /** Of all kinds. */
  readonly contributions: number;
}

/** Points have at most three decimals: a sum of them is not off by more. */
const exact = (score: number) => Math.round(score * 1000) / 1000;

/** The board of the month: of a repository, or of all together (0). Those without points come last. */
export function standingsOf(
  { people }: Pick<MonthRecord, 'people'>,
  accounts: MonthAccounts,
  repositoryId: number,
): MonthStanding[] {
  const own = people.filter((one) => one.repositoryId === repositoryId);
  const byPerson = Map.groupBy(own, ({ userId }) => accounts.get(userId)?.personId ?? null);
  const standings = [...byPerson].flatMap(([id, rows]): Omit<MonthStanding, 'rank'>[] => {
    const person = accounts.get(rows[0]?.userId ?? 0);
    return id === null || !person ? [] : [{ person, ...sumOf(rows) }];
  });
  standings.sort((a, b) => b.score - a.score || compareLogins(a.person, b.person));
  return rankAll(standings);
}

function sumOf(rows: readonly MonthPerson[]) {
  const counts: Partial<Record<ContributionKind, number>> = {};
  for (const row of rows)
    for (const kind of CONTRIBUTION_KINDS) {
      const count = (counts[kind] ?? 0) + (row.counts[kind] ?? 0);
      if (count > 0) counts[kind] = count;
    }
  return {
    score: exact(rows.reduce((sum, { score }) => sum + score, 0)),
    counts,
    contributions: Object.values(counts).reduce((sum, count) => sum + count, 0),
  };
}

function compareLogins({ login: a }: MonthAccount, { login: b }: MonthAccount): number {
  const [one, other] = [asciiLower(a), asciiLower(b)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** @param standings highest first */
function rankAll(standings: readonly Omit<MonthStanding, 'rank'>[]): MonthStanding[] {
  let [rank, last] = [0, Number.NaN];
  return standings.map((standing, place) => {
    if (standing.score !== last) [rank, last] = [place + 1, standing.score];
    return { ...standing, rank: standing.score > 0 ? rank : null };
  });
}

/** Those who share the first place, and what they have. */
export interface FirstPlace {
  readonly value: number;
  readonly people: readonly MonthAccount[];
}

/** Who has most of something, by login; null: nobody has any. */
export function firstBy(
  standings: readonly MonthStanding[],
  value: (standing: MonthStanding) => number,
): FirstPlace | null {
  const most = standings.reduce((high, one) => Math.max(high, value(one)), 0);
  if (most === 0) return null;
  const first = standings.filter((one) => value(one) === most).map(({ person }) => person);
  return { value: most, people: first.toSorted(compareLogins) };
}

/** The ranks of a month by id of the person. */
export const ranksOf = (standings: readonly MonthStanding[]): ReadonlyMap<number, number> =>
  new Map(
    standings.flatMap(({ person, rank }) => (rank === null ? [] : [[person.personId, rank]])),
  );

export interface Rise {
  readonly person: MonthAccount;
  readonly rank: number;
  readonly previousRank: number;
}

/** Who rose by the most places since the month before, of the first hundred; most first. */
export function risesOf(
  standings: readonly MonthStanding[],
  before: ReadonlyMap<number, number>,
  most: number,
): Rise[] {
  return standings
    .flatMap(({ person, rank }) => {
      const previousRank = before.get(person.personId);
      if (rank === null || rank > 100 || previousRank === undefined || previousRank <= rank)
        return [];
      return [{ person, rank, previousRank }];
    })
    .toSorted((a, b) => b.previousRank - b.rank - (a.previousRank - a.rank) || a.rank - b.rank)
    .slice(0, most);
}
