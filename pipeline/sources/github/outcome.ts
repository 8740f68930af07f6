import type { Account, AccountObservation, Contribution } from '../../domain/contribution.ts';
import type { RepositoryUpdate, SourceBatch } from '../../domain/source.ts';
import { isStorable } from '../../domain/stored-value.ts';
import { isInWindow, type TimeWindow } from '../../domain/window.ts';

/** What became of one thing that GitHub reported: a contribution, or the reason why it does not count. */
export type Outcome = Contribution | Skipped;

export interface Skipped {
  readonly skipped: string;
}

/** Adds what all contributions of one repository have in common. */
export type MakeContribution = (
  parts: Omit<Contribution, 'repositoryId' | 'linesAdded' | 'linesDeleted'> &
    Partial<Pick<Contribution, 'linesAdded' | 'linesDeleted'>>,
) => Contribution;

export function makeContributionFor(repositoryId: number): MakeContribution {
  return (parts) => ({ repositoryId, linesAdded: null, linesDeleted: null, ...parts });
}

/** A batch of updates alone, without contributions. */
export function updateBatch(...updates: readonly RepositoryUpdate[]): SourceBatch {
  return {
    contributions: [],
    observations: [],
    gaps: [],
    read: 0,
    kept: 0,
    skipped: {},
    warnings: {},
    updates,
  };
}

/** A batch of outcomes: what lies outside the window, or can't be stored, is counted and skipped. */
export function toBatch(outcomes: readonly Outcome[], window: TimeWindow, now: Date): SourceBatch {
  const skipped: Record<string, number> = {};
  const contributions: Contribution[] = [];
  for (const outcome of outcomes) {
    const reason = reasonToSkip(outcome, window);
    if (reason === null) contributions.push(outcome as Contribution);
    else skipped[reason] = (skipped[reason] ?? 0) + 1;
  }
  return {
    contributions,
    observations: observationsOf(contributions, now),
    gaps: [],
    read: outcomes.length,
    kept: contributions.length,
    skipped,
    warnings: {},
  };
}

function reasonToSkip(outcome: Outcome, window: TimeWindow): string | null {
  if ('skipped' in outcome) return outcome.skipped;
  if (!isInWindow(outcome.occurredAt, window)) return 'outside_window';
  return isStorable(outcome) ? null : 'constraint';
}

/** GitHub shows every account under today's login, whenever the contribution was made. */
function observationsOf(contributions: readonly Contribution[], now: Date): AccountObservation[] {
  const people = new Map<number, Account>();
  for (const { account } of contributions) if (account) people.set(account.id, account);
  return [...people.values()].map((account) => ({
    ...account,
    firstSeenAt: now,
    lastSeenAt: now,
  }));
}
