import { LIST_NAMES, type ListName, RECHECKED_LISTS } from '../../domain/github-lists.ts';
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
import { fetchBranchCommits, recheckCommits } from './commits.ts';
import { countsPosition, findDoubted } from './counts.ts';
import { RefusedError, TooHeavyError } from './errors.ts';
import { fetchIssues } from './issues.ts';
import { isWhollyUnchanged, marksPosition, type Probe, probeOf, unchangedLists } from './marks.ts';
import { fetchMetadata } from './metadata.ts';
import { makeContributionFor, toBatch, updateBatch, withUpdates } from './outcome.ts';
import { type PageSizes, requireAnswer } from './pages.ts';
import {
  changedPositions,
  commitStateOf,
  type ListPositions,
  listStateOf,
  widened,
  withFullRead,
} from './positions.ts';
import { fetchPullRequests } from './pull-requests.ts';
import { fetchReleases } from './releases.ts';
import { describeRefusal, refusalOf } from './remedies.ts';
import { settleNumbers } from './settle-numbers.ts';
import {
  type ListContext,
  type ListPage,
  type ListReader,
  type PassPage,
  recheckList,
  type SyncPass,
  syncList,
} from './sync.ts';

export interface GithubSourceSettings {
  readonly client: GithubClient;
  readonly memory: GithubMemory;
  /** Whether the co-authors of a commit are credited with it, too. */
  readonly coAuthors: boolean;
  /** Whether what was hidden as spam or abuse counts. */
  readonly countHidden: boolean;
}

/** What earlier runs left: how far each list of a repository was read. */
export interface GithubMemory {
  /** By the name of the list; what was stored from its `positions` updates. */
  readPositions(repositoryId: number): Promise<ListPositions>;
  /** The numbers of issues or pull requests of which a look has not met something. */
  readUnseenNumbers(repositoryId: number, list: string): Promise<number[]>;
  /** How many items of a list are stored that were made in a time. */
  countMade(repositoryId: number, list: string, from: Date, to: Date): Promise<number>;
  /** The tracked repository of a name; null: it is not tracked. */
  findTracked(owner: string, name: string): Promise<TrackedRepository | null>;
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

/** Lists of which each pass reads everything. */
const WHOLE: readonly ListName[] = ['releases'];
/** Lists whose items are asked for by number before they are taken out. */
const NUMBERED: readonly string[] = ['issues', 'pull_requests'];

/** Everything of one repository, in batches that can be stored one by one. */
export async function* fetchRepository(
  settings: GithubSourceSettings,
  request: SourceRequest,
  repository: TrackedRepository,
  sizes: PageSizes,
): AsyncGenerator<SourceBatch> {
  const { memory } = settings;
  const { fullJobId = null } = request;
  const { probe, metadata } = await findMetadata(settings, request, repository);
  // Stored first: what was read under another name of the repository comes with it.
  yield updateBatch({ type: 'metadata', metadata });
  const { wanted, positions, changed } = await wantedOf(memory, request, repository);
  const { from } = wanted.window;
  const unchanged = unchangedLists(positions, fullJobId === null ? probe : null, from);
  const context = contextOf(settings, request, repository, { metadata, wanted, sizes });
  yield updateBatch({ type: 'positions', positions: changed });
  const reading = openReading(context, memory, positions, fullJobId !== null);
  const left = new LeftLists();
  for (const list of ['commits', ...LIST_NAMES] as const) {
    if (!unchanged.has(list)) yield* readList(reading, list, left);
  }
  if (left.stopped !== null) {
    yield updateBatch({ type: 'stopped', repositoryId: repository.id, reason: left.stopped });
    return;
  }
  const window = { from, to: earlierOf(wanted.window.to, wanted.now) };
  const doubted = probe ? await findDoubted(memory, positions, probe) : [];
  yield updateBatch(
    { type: 'known', repositoryId: repository.id, window },
    ...(doubted.length > 0
      ? [{ type: 'doubted', repositoryId: repository.id, lists: doubted } as const]
      : []),
    ...(probe ? [readUpTo(probe, window.to, unchanged, left.lists)] : []),
  );
}

/**
 * Looks again at what is known of one repository: at all of each wanted list. What is new is left
 * to the passes of each night.
 */
export async function* recheckRepository(
  settings: GithubSourceSettings,
  request: SourceRequest,
  repository: TrackedRepository,
  sizes: PageSizes,
): AsyncGenerator<SourceBatch> {
  const { memory } = settings;
  const lists = request.recheck?.lists ?? RECHECKED_LISTS;
  const { metadata } = await findMetadata(settings, request, repository);
  yield updateBatch({ type: 'metadata', metadata });
  const positions = await memory.readPositions(repository.id);
  const from = repository.neverRescrapeBefore ?? new Date(0);
  const wanted = { window: { from, to: request.window.to }, now: request.now };
  const context = contextOf(settings, request, repository, { metadata, wanted, sizes });
  const reading = { ...openReading(context, memory, positions, false), isRecheck: true };
  const left = new LeftLists();
  for (const list of ['commits', ...LIST_NAMES] as const) {
    if (lists.includes(list)) yield* readList(reading, list, left);
  }
  const { stopped: reason } = left;
  if (reason) yield updateBatch({ type: 'stopped', repositoryId: repository.id, reason });
}

async function findMetadata(
  { client, memory }: GithubSourceSettings,
  request: SourceRequest,
  repository: TrackedRepository,
) {
  const probe = probeOf(await memory.readPositions(repository.id), request, repository);
  const metadata = probe?.metadata ?? (await fetchMetadata(client, repository, request.signal));
  return { probe, metadata };
}

function contextOf(
  { client, coAuthors, countHidden }: GithubSourceSettings,
  { signal }: SourceRequest,
  repository: TrackedRepository,
  {
    metadata,
    wanted,
    sizes,
  }: Pick<ListContext, 'wanted' | 'sizes'> & {
    readonly metadata: RepositoryMetadata;
  },
): ListContext {
  const { owner, name } = metadata;
  const branch = branchOf(repository, metadata);
  const makeContribution = makeContributionFor(repository.id);
  const common = { client, coAuthors, countHidden, signal, wanted, sizes };
  return { ...common, repositoryId: repository.id, owner, name, branch, makeContribution };
}

function readerOf(context: ListContext, list: ListName): ListReader {
  return {
    isWhole: WHOLE.includes(list),
    fetchPass: (pass) => LISTS[list](context, pass),
  };
}

/** To be stored with the end of the job. */
function readUpTo(
  probe: Probe,
  end: Date,
  unchanged: ReadonlySet<string>,
  unread: ReadonlySet<string>,
): RepositoryUpdate {
  const { repositoryId } = probe.metadata;
  const marks = marksPosition(repositoryId, probe, end, unread);
  const positions = [marks, countsPosition(repositoryId, probe)];
  return { type: 'read', repositoryId, positions, isUnchanged: isWhollyUnchanged(unchanged) };
}

/** What reading the lists of one repository needs. */
interface Reading {
  readonly context: ListContext;
  readonly positions: ListPositions;
  readonly memory: GithubMemory;
  readonly aside: PartsPutAside;
  /** All is read again: what is put aside again is news. */
  readonly isFull: boolean;
  /** What is known is looked at again; what is new is not read. */
  readonly isRecheck: boolean;
}

function openReading(
  context: ListContext,
  memory: GithubMemory,
  positions: ListPositions,
  isFull: boolean,
): Reading {
  const aside = new PartsPutAside(positions.get(PUT_ASIDE), context.wanted.now);
  return { context, positions, memory, aside, isFull, isRecheck: false };
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
    if (list === 'commits') yield* commitBatches(reading);
    else yield* listBatches(reading, list);
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
  { context: { repositoryId }, aside, isFull }: Reading,
  list: string,
  reason: string,
): SourceBatch {
  const item = { repository_id: repositoryId, list };
  const isNews = aside.add(list, null, reason) || isFull;
  return {
    // What is stored of it stays.
    ...updateBatch({ type: 'doubtful', repositoryId, list }, ...changesOf(repositoryId, aside)),
    warnings: { lists_put_aside: 1 },
    refused: isNews ? [{ reason, item, errorClass: 'refused' }] : [],
  };
}

/** The update that stores the parts put aside, if they changed. */
function changesOf(repositoryId: number, aside: PartsPutAside): RepositoryUpdate[] {
  if (!aside.isChanged) return [];
  const position = { repositoryId, list: PUT_ASIDE, state: aside.state };
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

async function* commitBatches(reading: Reading): AsyncGenerator<SourceBatch> {
  const { context, positions, isFull, isRecheck, aside } = reading;
  const { repositoryId } = context;
  const before = commitStateOf(positions);
  const read = isRecheck ? recheckCommits : fetchBranchCommits;
  for await (const page of read(context, before)) {
    const { removed, warnings, state } = page;
    const isWalked = state.pass === null && state.covers_from !== null;
    const batch = batchOf(reading, 'commits', page, () => {
      if (isFull && before.pass === null && isWalked) aside.noteWhole('commits', null);
    });
    const updates: RepositoryUpdate[] = [];
    if (removed.length > 0) updates.push({ type: 'removed', repositoryId, eventIds: removed });
    if (page.outside) updates.push({ type: 'dated_outside', repositoryId, ...page.outside });
    yield { ...withUpdates(batch, ...updates), warnings };
  }
}

async function* listBatches(reading: Reading, list: ListName): AsyncGenerator<SourceBatch> {
  const { context, positions, memory, isRecheck, aside } = reading;
  const before = listStateOf(positions, list);
  const read = isRecheck ? recheckList : syncList;
  for await (const page of read(before, context.wanted, readerOf(context, list))) {
    if (page.look?.type === 'ended' && NUMBERED.includes(list)) {
      yield* settleNumbers({ context, memory, list, window: page.window });
    }
    const isOfThisRun = !(isRecheck ? before.recheck : before.pass)?.cursor;
    yield batchOf(reading, list, page, () => {
      if (page.wholeSince) aside.noteWhole(list, isOfThisRun ? null : page.wholeSince);
    });
  }
}

/** A page as a batch: its position, what of the list is put aside, and what no longer is. */
function batchOf(
  { context, aside, isFull }: Reading,
  list: string,
  page: Pick<ListPage, 'outcomes' | 'window' | 'look'> & { readonly state: unknown },
  noteWhole: () => void,
): SourceBatch {
  const { repositoryId, wanted } = context;
  const { look, state } = page;
  const batch = toBatch(page.outcomes, page.window, wanted.now);
  aside.noteRead(list, new Set(batch.contributions.map((one) => `#${one.subjectNumber}`)));
  const unread = batch.refused ?? [];
  const news = unread.filter(
    ({ reason, item }) => aside.add(list, nameOfItem(item), reason) || isFull,
  );
  noteWhole();
  const refused = news.map((one) => ({
    ...one,
    item: { ...one.item, repository_id: repositoryId },
  }));
  return withUpdates(
    { ...batch, refused },
    { type: 'positions', positions: [{ repositoryId, list, state }] },
    ...(unread.length > 0 ? [{ type: 'doubtful', repositoryId, list } as const] : []),
    ...(look ? [{ ...look, type: `look_${look.type}`, repositoryId, list } as const] : []),
    ...changesOf(repositoryId, aside),
  );
}

/** The configured branch; GitHub's own default needs no name, and may be renamed. */
function branchOf(repository: TrackedRepository, metadata: RepositoryMetadata): string | null {
  const { configuredBranch = null } = repository;
  return configuredBranch === metadata.defaultBranch ? null : configuredBranch;
}
