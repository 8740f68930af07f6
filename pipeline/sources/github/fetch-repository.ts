import { nameOfItem, PartsPutAside, PUT_ASIDE } from '../../domain/put-aside.ts';
import type { RepositoryMetadata } from '../../domain/repository.ts';
import type {
  RepositoryUpdate,
  SourceBatch,
  SourceRequest,
  TrackedRepository,
} from '../../domain/source.ts';
import { earlierOf } from '../../domain/window.ts';
import type { GithubClient } from './client.ts';
import { fetchCommitComments, fetchIssueComments, fetchReviewComments } from './comments.ts';
import { type CommitPage, fetchBranchCommits } from './commits.ts';
import { RefusedError, TooHeavyError } from './errors.ts';
import { fetchIssues } from './issues.ts';
import { isWhollyUnchanged, marksPosition, type Probe, probeOf, unchangedLists } from './marks.ts';
import { fetchMetadata } from './metadata.ts';
import { makeContributionFor, toBatch, updateBatch } from './outcome.ts';
import { type PageSizes, requireAnswer } from './pages.ts';
import {
  changedPositions,
  commitStateOf,
  LIST_NAMES,
  type ListName,
  type ListPositions,
  listStateOf,
  widened,
  withFullRead,
} from './positions.ts';
import { fetchPullRequests } from './pull-requests.ts';
import { fetchReleases } from './releases.ts';
import { describeRefusal, refusalOf } from './remedies.ts';
import { type ListContext, type PassPage, type SyncPass, syncList } from './sync.ts';

export interface GithubSourceSettings {
  readonly client: GithubClient;
  readonly memory: GithubMemory;
  /** Whether the co-authors of a commit are credited with it, too. */
  readonly coAuthors: boolean;
}

/** What earlier runs left: how far each list of a repository was read. */
export interface GithubMemory {
  /** By the name of the list; what was stored from its `positions` updates. */
  readPositions(repositoryId: number): Promise<ListPositions>;
  /** Event ids of GitHub's commits that are stored from a moment on. */
  readCommitIds(repositoryId: number, from: Date): Promise<string[]>;
}

type FetchPass = (context: ListContext, pass: SyncPass) => AsyncIterable<PassPage>;

/** The lists, besides the commits, in the order in which they are read. */
const LISTS: Readonly<Record<ListName, FetchPass>> = {
  pull_requests: fetchPullRequests,
  issues: fetchIssues,
  releases: fetchReleases,
  issue_comments: fetchIssueComments,
  review_comments: fetchReviewComments,
  commit_comments: fetchCommitComments,
};

/** Everything of one repository, in batches that can be stored one by one. */
export async function* fetchRepository(
  settings: GithubSourceSettings,
  request: SourceRequest,
  repository: TrackedRepository,
  sizes: PageSizes,
): AsyncGenerator<SourceBatch> {
  const { client, memory, coAuthors } = settings;
  const { signal, fullJobId = null } = request;
  const probe = probeOf(await memory.readPositions(repository.id), request, repository);
  const metadata = probe?.metadata ?? (await fetchMetadata(client, repository, signal));
  // Stored first: what was read under another name of the repository comes with it.
  yield updateBatch({ type: 'metadata', metadata });
  const { wanted, positions, changed } = await wantedOf(memory, request, repository);
  const { from } = wanted.window;
  const unchanged = unchangedLists(positions, fullJobId === null ? probe : null, from);
  const { owner, name } = metadata;
  const branch = branchOf(repository, metadata);
  const makeContribution = makeContributionFor(repository.id);
  const context = {
    client,
    owner,
    name,
    branch,
    makeContribution,
    wanted,
    signal,
    coAuthors,
    sizes,
  };
  yield updateBatch({ type: 'positions', positions: changed });
  const aside = new PartsPutAside(positions.get(PUT_ASIDE), wanted.now);
  const reading = { context, repository, positions, memory, aside, isFull: fullJobId !== null };
  const left = new LeftLists();
  for (const list of ['commits', ...LIST_NAMES] as const) {
    if (!unchanged.has(list)) yield* readList(reading, list, left);
  }
  if (left.stopped !== null) {
    yield updateBatch({ type: 'stopped', repositoryId: repository.id, reason: left.stopped });
    return;
  }
  const window = { from, to: earlierOf(wanted.window.to, wanted.now) };
  yield updateBatch(
    { type: 'known', repositoryId: repository.id, window },
    ...(probe ? [readUpTo(probe, window.to, unchanged, left.lists)] : []),
  );
}

/** To be stored with the end of the job. */
function readUpTo(
  probe: Probe,
  end: Date,
  unchanged: ReadonlySet<string>,
  unread: ReadonlySet<string>,
): RepositoryUpdate {
  const position = marksPosition(probe.metadata.repositoryId, probe, end, unread);
  return { type: 'read', position, isUnchanged: isWhollyUnchanged(unchanged) };
}

/** What reading the lists of one repository needs. */
interface Reading {
  readonly context: ListContext;
  readonly repository: TrackedRepository;
  readonly positions: ListPositions;
  readonly memory: GithubMemory;
  readonly aside: PartsPutAside;
  /** All is read again: what is put aside again is news. */
  readonly isFull: boolean;
}

/** The lists that were not read to their end. */
class LeftLists {
  readonly lists = new Set<string>();
  /** Why one of them is to be gone on with by a later run; null if none is. */
  stopped: string | null = null;
}

/** One list. If GitHub refuses it, or can't show it while it answers otherwise, the others are read. */
async function* readList(
  reading: Reading,
  list: ListName | 'commits',
  left: LeftLists,
): AsyncGenerator<SourceBatch> {
  try {
    if (list === 'commits') yield* fetchCommitBatches(reading);
    else yield* fetchListBatches(reading, list);
  } catch (error) {
    const reason = await reasonToLeave(reading.context, error);
    left.lists.add(list);
    if (error instanceof TooHeavyError) left.stopped = `${list}: ${reason}`;
    yield listPutAside(reading, list, reason);
  }
}

/** Why a list is put aside. Throws the error if it is of the repository, or of GitHub as a whole. */
async function reasonToLeave({ client, signal }: ListContext, error: unknown): Promise<string> {
  if (error instanceof RefusedError) return error.message;
  const reason = refusalOf(error);
  if (reason !== null) return reason;
  if (!(error instanceof TooHeavyError)) throw error;
  await requireAnswer(client, error, signal);
  return describeRefusal(error.message);
}

function listPutAside(
  { repository, aside, isFull }: Reading,
  list: string,
  reason: string,
): SourceBatch {
  const item = { repository_id: repository.id, list };
  const isNews = aside.add(list, null, reason) || isFull;
  return {
    ...updateBatch(...changesOf(repository, aside)),
    warnings: { lists_put_aside: 1 },
    refused: isNews ? [{ reason, item, errorClass: 'refused' }] : [],
  };
}

/** The update that stores the parts put aside, if they changed. */
function changesOf({ id }: TrackedRepository, aside: PartsPutAside): RepositoryUpdate[] {
  if (!aside.isChanged) return [];
  const position = { repositoryId: id, list: PUT_ASIDE, state: aside.state };
  return [{ type: 'positions', positions: [position] }];
}

/** The window wanted of a repository, earlier requests included, and the positions to store for it. */
export async function wantedOf(
  memory: GithubMemory,
  { window, now, fullJobId }: Pick<SourceRequest, 'window' | 'now' | 'fullJobId'>,
  repository: TrackedRepository,
) {
  const stored = await memory.readPositions(repository.id);
  const notBefore = repository.neverRescrapeBefore ?? null;
  const wanted = { window: widened(window, stored.get('wanted'), notBefore), now };
  const positions = withFullRead(stored, wanted, fullJobId ?? null);
  return { wanted, positions, changed: changedPositions(repository.id, stored, positions) };
}

/** Whether an incremental request would read nothing of a repository, by its last probe. */
export async function hasNothingNew(
  memory: GithubMemory,
  request: Pick<SourceRequest, 'window' | 'now'>,
  repository: TrackedRepository,
): Promise<boolean> {
  const { wanted, positions } = await wantedOf(memory, request, repository);
  const probe = probeOf(positions, request, repository);
  return isWhollyUnchanged(unchangedLists(positions, probe, wanted.window.from));
}

async function* fetchCommitBatches(reading: Reading): AsyncGenerator<SourceBatch> {
  const { context, repository, positions, memory } = reading;
  const { id: repositoryId } = repository;
  const readKnown = (from: Date) => memory.readCommitIds(repositoryId, from);
  const before = commitStateOf(positions);
  for await (const page of fetchBranchCommits(context, before, readKnown)) {
    const { state } = page;
    const isWalked = state.pass === null && state.covers_from !== null;
    const batch = batchOf(reading, 'commits', page);
    if (reading.isFull && before.pass === null && isWalked)
      reading.aside.noteWhole('commits', null);
    yield {
      ...batch,
      warnings: page.warnings,
      updates: [
        { type: 'removed', repositoryId, eventIds: page.removed },
        { type: 'positions', positions: [{ repositoryId, list: 'commits', state }] },
        ...(page.outside
          ? [{ type: 'dated_outside', repositoryId, ...page.outside } as const]
          : []),
        ...changesOf(repository, reading.aside),
      ],
    };
  }
}

async function* fetchListBatches(reading: Reading, list: ListName): AsyncGenerator<SourceBatch> {
  const { context, repository, positions } = reading;
  const { id: repositoryId } = repository;
  const before = listStateOf(positions, list);
  const fetchPass = LISTS[list];
  for await (const page of syncList(before, context.wanted, (pass) => fetchPass(context, pass))) {
    const batch = batchOf(reading, list, page);
    const isOfThisRun = !before.pass?.cursor;
    if (page.wholeSince) reading.aside.noteWhole(list, isOfThisRun ? null : page.wholeSince);
    yield {
      ...batch,
      updates: [
        { type: 'positions', positions: [{ repositoryId, list, state: page.state }] },
        ...changesOf(repository, reading.aside),
      ],
    };
  }
}

/** A page as a batch, with what of the list is put aside, and what no longer is. */
function batchOf(
  { context, repository, aside, isFull }: Reading,
  list: string,
  page: Pick<CommitPage, 'outcomes' | 'window'>,
): SourceBatch {
  const batch = toBatch(page.outcomes, page.window, context.wanted.now);
  const numbers = batch.contributions.map(({ subjectNumber }) => `#${subjectNumber}`);
  aside.noteRead(list, new Set(numbers));
  const news = (batch.refused ?? []).filter(
    ({ reason, item }) => aside.add(list, nameOfItem(item), reason) || isFull,
  );
  const refused = news.map((one) => ({
    ...one,
    item: { ...one.item, repository_id: repository.id },
  }));
  return { ...batch, refused };
}

/** The configured branch; GitHub's own default needs no name, and may be renamed. */
function branchOf(repository: TrackedRepository, metadata: RepositoryMetadata): string | null {
  const { configuredBranch = null } = repository;
  return configuredBranch === metadata.defaultBranch ? null : configuredBranch;
}
