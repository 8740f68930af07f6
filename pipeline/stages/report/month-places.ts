import { CONTRIBUTION_KINDS } from '../../domain/contribution-kinds.ts';
import {
  type FirstPlace,
  firstBy,
  type MonthAccount,
  type MonthStanding,
  risesOf,
  standingsOf,
} from '../../domain/month-standings.ts';
import type { Month } from '../../published/documents.ts';
import { buildCoverage } from './month-coverage.ts';
import type { MonthBefore, MonthParts } from './month-document.ts';

/** The people that the document of a month names for their places. */

const RISES = 6;

export const buildPerson = ({ login, displayName }: MonthAccount) => ({
  username: login,
  display_name: displayName,
});

export const buildPlace = ({
  person,
  rank,
  score,
  contributions,
}: MonthStanding): Month['places'] =>
  rank === null ? [] : [{ ...buildPerson(person), rank, score, contributions }];

/** Nobody is called first in a month that goes on, or in a kind that is not known. */
export function buildFirst(
  parts: MonthParts,
  standings: readonly MonthStanding[],
): Pick<Month, 'first_by_kind' | 'first_by_repository'> {
  const { record, closed, accounts, names } = parts;
  if (!closed) return { first_by_kind: [], first_by_repository: [] };
  const byRepository = Map.groupBy(record.people, ({ repositoryId }) => repositoryId);
  const unknown: readonly string[] = buildCoverage(parts).unknown_kinds;
  return {
    first_by_kind: CONTRIBUTION_KINDS.filter((kind) => !unknown.includes(kind)).flatMap((kind) => {
      const first = firstBy(standings, ({ counts }) => counts[kind] ?? 0);
      return first ? [{ kind, count: first.value, ...buildTied(first) }] : [];
    }),
    first_by_repository: [...byRepository]
      .flatMap(([id, people]) => {
        const repository = names.get(id);
        const first = firstBy(standingsOf({ people }, accounts, id), ({ score }) => score);
        return repository === undefined || !first
          ? []
          : [{ repository, score: first.value, ...buildTied(first) }];
      })
      .toSorted((a, b) => b.score - a.score || (a.repository < b.repository ? -1 : 1)),
  };
}

const buildTied = ({ people }: FirstPlace) => ({
  people: people.slice(0, 3).map(buildPerson),
  tied: people.length,
});

export function buildRises(
  standings: readonly MonthStanding[],
  before: MonthBefore | null,
): Month['rises'] {
  if (!before) return null;
  return risesOf(standings, before.ranks.at(-1)?.byId ?? new Map(), RISES).map((rise) => ({
    ...buildPerson(rise.person),
    rank: rise.rank,
    previous_rank: rise.previousRank,
  }));
}
