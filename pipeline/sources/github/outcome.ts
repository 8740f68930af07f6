import type { Sighting } from '../../domain/account-observation.ts';
import type { Account, Contribution } from '../../domain/contribution.ts';
import type { SourceBatch } from '../../domain/source.ts';
import { isInWindow, type TimeWindow } from '../../domain/window.ts';

/** One thing that GitHub told: a contribution, or why it is none. */
export type Fact = Contribution | { readonly skipped: string };

/** Makes the contributions of one repository. */
export type Credit = (
  fact: Omit<Contribution, 'repositoryId' | 'linesAdded' | 'linesDeleted'> &
    Partial<Pick<Contribution, 'linesAdded' | 'linesDeleted'>>,
) => Contribution;

export function creditTo(repositoryId: number): Credit {
  return (fact) => ({ repositoryId, linesAdded: null, linesDeleted: null, ...fact });
}

/** A batch that brings nothing by itself. */
export const EMPTY_BATCH: SourceBatch = {
  contributions: [],
  sightings: [],
  gaps: [],
  read: 0,
  kept: 0,
  skipped: {},
  noticed: {},
};

/** A batch of what was told: what lies outside the window is counted and passed over. */
export function toBatch(facts: readonly Fact[], window: TimeWindow, now: Date): SourceBatch {
  const skipped: Record<string, number> = {};
  const contributions: Contribution[] = [];
  for (const fact of facts) {
    const reason = reasonToSkip(fact, window);
    if (reason === null) contributions.push(fact as Contribution);
    else skipped[reason] = (skipped[reason] ?? 0) + 1;
  }
  return {
    contributions,
    sightings: sightingsOf(contributions, now),
    gaps: [],
    read: facts.length,
    kept: contributions.length,
    skipped,
    noticed: {},
  };
}

function reasonToSkip(fact: Fact, window: TimeWindow): string | null {
  if ('skipped' in fact) return fact.skipped;
  return isInWindow(fact.occurredAt, window) ? null : 'outside_window';
}

/** GitHub shows everybody under today's login, whenever the fact was. */
function sightingsOf(contributions: readonly Contribution[], now: Date): Sighting[] {
  const people = new Map<number, Account>();
  for (const { account } of contributions) if (account) people.set(account.id, account);
  return [...people.values()].map((account) => ({
    ...account,
    firstSeenAt: now,
    lastSeenAt: now,
  }));
}
