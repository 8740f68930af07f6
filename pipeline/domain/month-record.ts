import type { ContributionKind } from './contribution-kinds.ts';
import type { CoverageKind } from './coverage-kinds.ts';

/** What a month of the calendar brought: counted for a month that goes on, stored of one that closed. */

/** How much was known of a repository, in per cent. */
export interface StoredMonthCoverage {
  readonly repository_id: number;
  readonly coverage: number;
  readonly kinds: Partial<Readonly<Record<CoverageKind, number>>>;
}

/** Why a closed month was counted again. */
export interface MonthCorrection {
  /** UTC date, `YYYY-MM-DD`. */
  readonly on: string;
  /** What was wrong, for readers. */
  readonly what: string;
}

/**
 * Contributions that a month names: the first of each person who had none before, the first merged
 * pull request of each who had no merged one, and all releases.
 */
export const MONTH_LISTS = ['NEWCOMER', 'FIRST_MERGED', 'RELEASE'] as const;

export type MonthList = (typeof MONTH_LISTS)[number];

export type MonthCounts = Partial<Readonly<Record<ContributionKind, number>>>;

/** Points and contributions of a person, in a repository or in all together (0). */
export interface MonthPerson {
  readonly repositoryId: number;
  readonly userId: number;
  readonly score: number;
  readonly counts: MonthCounts;
}

export interface MonthEvent {
  readonly list: MonthList;
  readonly repositoryId: number;
  readonly eventId: string;
  readonly kind: ContributionKind;
  readonly userId: number | null;
  /** Milliseconds since 1970. */
  readonly occurredAt: number;
  readonly subjectNumber: number | null;
  readonly title: string | null;
  readonly reference: string | null;
}

export interface MonthRecord {
  /** `YYYY-MM`, UTC. */
  readonly month: string;
  readonly weightsVersion: string;
  /** Enough is known of the time before it to tell whose contribution was their first. */
  readonly isPastKnown: boolean;
  readonly coverage: readonly StoredMonthCoverage[];
  /** Everybody with repository 0, and of each repository the first. */
  readonly people: readonly MonthPerson[];
  readonly events: readonly MonthEvent[];
}

/** Of each repository: as many tie for its first place at most, and may opt out of it, and a first remains. */
const FIRST_OF_REPOSITORY = 10;

/** What is stored of the people of a month: everybody together, and the first of each repository. */
export function pickPeople(people: readonly MonthPerson[]): MonthPerson[] {
  const byRepository = Map.groupBy(people, ({ repositoryId }) => repositoryId);
  return [...byRepository].flatMap(([repositoryId, own]) =>
    repositoryId === 0
      ? own
      : own
          .filter(({ score }) => score > 0)
          .toSorted((a, b) => b.score - a.score || a.userId - b.userId)
          .slice(0, FIRST_OF_REPOSITORY),
  );
}
