import { archiveEventSchema } from '../domain/archive-event.ts';
import type { AccountObservation } from '../domain/contribution.ts';
import { type Account, CLAIMED_AT, type Contribution, GHOST_ID } from '../domain/contribution.ts';
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
import { BranchPushes } from './branch-pushes.ts';
import { RepositoryIds } from './repository-ids.ts';

/** Collects the events of the archive sources into batches of about the same number of contributors. */

/** The event has the name of a tracked repository and the id of another one. */
const OTHER = 'other_repository';

/** A trailer of a commit names a co-author by an address that is of no account. */
const NO_ACCOUNT = 'co_author_without_account';

/** A batch is also full at this many contributions for each contributor it may hold. */
const CONTRIBUTIONS_PER_CONTRIBUTOR = 50;

export interface BatchBuilder {
  /** Takes one event, parsed but not checked; `fileHour` is the hour it was filed under (ms). */
  addEvent(event: unknown, repository: TrackedRepository, fileHour: number | null): void;
  /** Counts a part of the input that can't be an event. */
  addFault(reason: string): void;
  /** Counts an item of the source that is not what was asked for. */
  addRefused(item: RefusedItem): void;
  /** Counts events of other repositories that have the name of a tracked one. */
  addOthers(events: number): void;
  addWarning(warning: string): void;
  addGap(gap: Gap): void;
  isFull(): boolean;
  /** Returns everything that was added since the last call. */
  take(): SourceBatch;
  keptInAll(): number;
}

export function createBatchBuilder(
  request: SourceRequest,
  ids = new RepositoryIds(request.repositories),
  coAuthors = false,
): BatchBuilder {
  const branches = new BranchPushes();
  const state: State = { request, ids, coAuthors, branches, batch: emptyBatch(), kept: 0 };
  return {
    addEvent: (event, repository, fileHour) => addEvent(state, event, repository, fileHour),
    addFault: (reason) =>
      reason === 'glued_events' ? count(state.batch.warnings, reason) : skip(state, reason),
    addRefused(item) {
      skip(state, 'constraint');
      state.batch.refused.push(item);
    },
    addOthers(events) {
      state.batch.read += events;
      count(state.batch.skipped, OTHER, events);
    },
    addWarning: (warning) => count(state.batch.warnings, warning),
    addGap: (gap) => state.batch.gaps.push(gap),
    isFull: () => isFull(state.batch, request.batchSize),
    take() {
      const { accounts: _, seenIn, keptOf, ...taken } = state.batch;
      state.batch = emptyBatch();
      return {
        ...taken,
        identity: ids.take(keptOf.keys()),
        updates: state.branches.take(),
        observations: [...merge(seenIn.values()).values()].flatMap((one) => [...one.values()]),
      };
    },
    keptInAll: () => state.kept,
  };
}

interface State {
  readonly request: SourceRequest;
  readonly ids: RepositoryIds;
  readonly coAuthors: boolean;
  readonly branches: BranchPushes;
  batch: Collected;
  kept: number;
}

function skip({ batch }: State, reason: string): void {
  batch.read++;
  count(batch.skipped, reason);
}

function addEvent(
  state: State,
  raw: unknown,
  repository: TrackedRepository,
  fileHour: number | null,
) {
  const { batch, branches, coAuthors, request } = state;
  if (!isScored((raw as { type?: unknown } | null)?.type)) return skip(state, 'type_not_scored');
  const event = archiveEventSchema.safeParse(raw);
  if (!event.success) return skip(state, 'malformed_event');
  const { created_at: createdAt, repo } = event.data;
  if (fileHour !== null && !isSameHour(createdAt, fileHour)) count(batch.warnings, 'other_hour');
  if (!isInWindow(createdAt, request.window)) return skip(state, 'outside_window');
  const verdict = state.ids.settle(repository, repo, createdAt);
  if (verdict === 'other') return skip(state, OTHER);
  if (verdict === 'replaced') takeBack(state, repository);
  // An event without a contribution still says which login its actor has at that time.
  const { id, login } = event.data.actor;
  if (id !== GHOST_ID) seeIn(batch, repository.id, { id, login, type: null }, createdAt);
  branches.note(repository, event.data);
  const context = { ...branches.contextOf(repository), coAuthors };
  const result = creditArchiveEvent(event.data, context);
  if ('skipped' in result) return skip(state, result.skipped);
  if (result.unknownCoAuthors) count(batch.warnings, NO_ACCOUNT, result.unknownCoAuthors);
  batch.read++;
  batch.kept++;
  state.kept++;
  batch.keptOf.set(repository.id, (batch.keptOf.get(repository.id) ?? 0) + 1);
  for (const contribution of result.contributions) {
    addContribution(batch, contribution, createdAt);
  }
}

/** The first and the last observation of each account under each login. */
type People = Map<number, Map<string, AccountObservation>>;

interface Collected {
  contributions: Contribution[];
  /** Events kept of each repository. */
  readonly keptOf: Map<number, number>;
  /** By repository, so that they go with its contributions. */
  readonly seenIn: Map<number, People>;
  readonly accounts: Set<number>;
  readonly gaps: Gap[];
  read: number;
  kept: number;
  readonly skipped: Record<string, number>;
  readonly warnings: Record<string, number>;
  readonly refused: RefusedItem[];
}

function isFull({ accounts, contributions }: Collected, batchSize: number): boolean {
  const isLong = contributions.length >= batchSize * CONTRIBUTIONS_PER_CONTRIBUTOR;
  return accounts.size >= batchSize || isLong;
}

function emptyBatch(): Collected {
  return {
    contributions: [],
    keptOf: new Map(),
    seenIn: new Map(),
    accounts: new Set(),
    gaps: [],
    read: 0,
    kept: 0,
    skipped: {},
    warnings: {},
    refused: [],
  };
}

/** What a repository was given before was of another one that had its name. */
function takeBack(state: State, repository: TrackedRepository): void {
  const { batch } = state;
  const { id } = repository;
  state.branches.forget(repository);
  batch.seenIn.delete(id);
  const events = batch.keptOf.get(id) ?? 0;
  if (events === 0) return;
  batch.contributions = batch.contributions.filter((one) => one.repositoryId !== id);
  batch.keptOf.delete(id);
  batch.kept -= events;
  state.kept -= events;
  count(batch.skipped, OTHER, events);
}

function addContribution(batch: Collected, contribution: Contribution, seenAt: Date): void {
  batch.contributions.push(contribution);
  const { account, repositoryId } = contribution;
  if (account) seeIn(batch, repositoryId, account, account.isClaimed ? CLAIMED_AT : seenAt);
}

function seeIn(batch: Collected, repositoryId: number, account: Account, seenAt: Date): void {
  const people: People = batch.seenIn.get(repositoryId) ?? new Map();
  batch.seenIn.set(repositoryId, people);
  batch.accounts.add(account.id);
  see(people, account, seenAt);
}

function merge(all: Iterable<People>): People {
  const merged: People = new Map();
  for (const people of all) {
    for (const one of [...people.values()].flatMap((logins) => [...logins.values()])) {
      see(merged, one, one.firstSeenAt);
      see(merged, one, one.lastSeenAt);
    }
  }
  return merged;
}

function see(people: People, { id, login, type }: Account, seenAt: Date): void {
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

function count(counts: Record<string, number>, reason: string, by = 1): void {
  counts[reason] = (counts[reason] ?? 0) + by;
}
