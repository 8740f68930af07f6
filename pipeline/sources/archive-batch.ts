import { archiveEventSchema } from '../domain/archive-event.ts';
import type { AccountObservation } from '../domain/contribution.ts';
import { type Account, type Contribution, GHOST_ID } from '../domain/contribution.ts';
import { creditArchiveEvent, isScored } from '../domain/credit-archive-event.ts';
import type { Gap } from '../domain/gaps.ts';
import type {
  RefusedItem,
  SourceBatch,
  SourceRequest,
  TrackedRepository,
} from '../domain/source.ts';
import { HOUR_MS } from '../domain/time.ts';
import { earlierOf, isInWindow, laterOf } from '../domain/window.ts';

/** Collects the events of the archive sources into batches of about the same number of contributors. */

/** A batch is also full at this many contributions for each contributor it may hold. */
const CONTRIBUTIONS_PER_CONTRIBUTOR = 50;

export interface BatchBuilder {
  /** Takes one event, parsed but not checked; `fileHour` is the hour it was filed under (ms). */
  addEvent(event: unknown, repository: TrackedRepository, fileHour: number | null): void;
  /** Counts a part of the input that can't be an event. */
  addFault(reason: string): void;
  /** Counts an item of the source that is not what was asked for. */
  addRefused(item: RefusedItem): void;
  addWarning(warning: string): void;
  addGap(gap: Gap): void;
  isFull(): boolean;
  /** Returns everything that was added since the last call. */
  take(): SourceBatch;
  keptInAll(): number;
}

export function createBatchBuilder(request: SourceRequest): BatchBuilder {
  let batch = emptyBatch();
  let kept = 0;

  const skip = (reason: string) => {
    batch.read++;
    count(batch.skipped, reason);
  };

  const addEvent = (raw: unknown, repository: TrackedRepository, fileHour: number | null) => {
    if (!isScored((raw as { type?: unknown } | null)?.type)) return skip('type_not_scored');
    const event = archiveEventSchema.safeParse(raw);
    if (!event.success) return skip('malformed_event');
    const { created_at: createdAt } = event.data;
    if (fileHour !== null && !isSameHour(createdAt, fileHour)) count(batch.warnings, 'other_hour');
    if (!isInWindow(createdAt, request.window)) return skip('outside_window');
    // An event without a contribution still says which login its actor has at that time.
    const { id, login } = event.data.actor;
    if (id !== GHOST_ID) see(batch.people, { id, login, type: null }, createdAt);
    const result = creditArchiveEvent(event.data, {
      repositoryId: repository.id,
      defaultBranch: repository.defaultBranch,
    });
    if ('skipped' in result) return skip(result.skipped);
    batch.read++;
    batch.kept++;
    kept++;
    for (const contribution of result.contributions) {
      addContribution(batch, contribution, createdAt);
    }
  };

  return {
    addEvent,
    addFault: (reason) =>
      reason === 'glued_events' ? count(batch.warnings, reason) : skip(reason),
    addRefused(item) {
      skip('constraint');
      batch.refused.push(item);
    },
    addWarning: (warning) => count(batch.warnings, warning),
    addGap: (gap) => batch.gaps.push(gap),
    isFull: () => isFull(batch, request.batchSize),
    take() {
      const { people, ...taken } = batch;
      batch = emptyBatch();
      return {
        ...taken,
        observations: [...people.values()].flatMap((logins) => [...logins.values()]),
      };
    },
    keptInAll: () => kept,
  };
}

interface Collected {
  readonly contributions: Contribution[];
  /** The first and the last observation of each account under each login. */
  readonly people: Map<number, Map<string, AccountObservation>>;
  readonly gaps: Gap[];
  read: number;
  kept: number;
  readonly skipped: Record<string, number>;
  readonly warnings: Record<string, number>;
  readonly refused: RefusedItem[];
}

function isFull({ people, contributions }: Collected, batchSize: number): boolean {
  const isLong = contributions.length >= batchSize * CONTRIBUTIONS_PER_CONTRIBUTOR;
  return people.size >= batchSize || isLong;
}

function emptyBatch(): Collected {
  return {
    contributions: [],
    people: new Map(),
    gaps: [],
    read: 0,
    kept: 0,
    skipped: {},
    warnings: {},
    refused: [],
  };
}

function addContribution(batch: Collected, contribution: Contribution, seenAt: Date): void {
  batch.contributions.push(contribution);
  if (contribution.account) see(batch.people, contribution.account, seenAt);
}

function see(people: Collected['people'], { id, login, type }: Account, seenAt: Date): void {
  const logins = people.get(id) ?? new Map<string, AccountObservation>();
  const known = logins.get(login);
  logins.set(login, {
    id,
    login,
    type: type ?? known?.type ?? null,
    firstSeenAt: earlierOf(known?.firstSeenAt ?? seenAt, seenAt),
    lastSeenAt: laterOf(known?.lastSeenAt ?? seenAt, seenAt),
  });
  people.set(id, logins);
}

function isSameHour(moment: Date, hour: number): boolean {
  const since = moment.getTime() - hour;
  return since >= 0 && since < HOUR_MS;
}

function count(counts: Record<string, number>, reason: string): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
