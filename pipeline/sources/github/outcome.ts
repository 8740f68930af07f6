import {
  type Account,
  type AccountObservation,
  CLAIMED_AT,
  type Contribution,
} from '../../domain/contribution.ts';
import type { RefusedItem, RepositoryUpdate, SourceBatch } from '../../domain/source.ts';
import { storageFault } from '../../domain/stored-value.ts';
import { isInWindow, type TimeWindow } from '../../domain/window.ts';

/** What became of one thing that GitHub reported: a contribution, or the reason why it does not count. */
export type Outcome = Contribution | Skipped;

export interface Skipped {
  readonly skipped: string;
  /** For one that can't be read or stored. */
  readonly refused?: RefusedItem;
  /** For one that is there and must not count: what may be stored of it goes. */
  readonly hidden?: Pick<Contribution, 'repositoryId' | 'eventId'>;
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

/**
 * A batch of outcomes: what lies outside the window, can't be stored or is hidden is counted and
 * skipped. All of one repository.
 */
export function toBatch(outcomes: readonly Outcome[], window: TimeWindow, now: Date): SourceBatch {
  const skipped: Record<string, number> = {};
  const contributions: Contribution[] = [];
  const refused: RefusedItem[] = [];
  for (const outcome of outcomes) {
    const judged = judge(outcome, window);
    if ('skipped' in judged) {
      skipped[judged.skipped] = (skipped[judged.skipped] ?? 0) + 1;
      if (judged.refused) refused.push(judged.refused);
    } else contributions.push(judged);
  }
  return {
    contributions,
    observations: observationsOf(contributions, now),
    gaps: [],
    read: outcomes.length,
    kept: contributions.length,
    skipped,
    warnings: {},
    refused,
    seen: outcomes.filter((outcome) => 'eventId' in outcome),
    updates: removalsOf(outcomes),
  };
}

/** The batch with further updates. */
export function withUpdates(
  batch: SourceBatch,
  ...updates: readonly RepositoryUpdate[]
): SourceBatch {
  return { ...batch, updates: [...(batch.updates ?? []), ...updates] };
}

function removalsOf(outcomes: readonly Outcome[]): RepositoryUpdate[] {
  const hidden = outcomes.flatMap((outcome) => ('hidden' in outcome ? (outcome.hidden ?? []) : []));
  const [first] = hidden;
  if (!first) return [];
  const { repositoryId } = first;
  return [{ type: 'removed', repositoryId, eventIds: hidden.map(({ eventId }) => eventId) }];
}

function judge(outcome: Outcome, window: TimeWindow): Outcome {
  if ('skipped' in outcome) return outcome;
  if (!isInWindow(outcome.occurredAt, window)) return { skipped: 'outside_window' };
  const reason = storageFault(outcome);
  if (reason === null) return outcome;
  const { eventId: event_id, kind, repositoryId: repository_id } = outcome;
  return { skipped: 'constraint', refused: { reason, item: { event_id, kind, repository_id } } };
}

/** GitHub shows every account under today's login, whenever the contribution was made. */
function observationsOf(contributions: readonly Contribution[], now: Date): AccountObservation[] {
  const people = new Map<number, Account>();
  for (const { account } of contributions) {
    if (account && !(account.isClaimed && people.has(account.id))) people.set(account.id, account);
  }
  return [...people.values()].map(({ isClaimed, ...account }) => {
    const seenAt = isClaimed ? CLAIMED_AT : now;
    return { ...account, firstSeenAt: seenAt, lastSeenAt: seenAt };
  });
}
