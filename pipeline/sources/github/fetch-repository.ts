import { LIST_NAMES, type ListName, RECHECKED_LISTS } from '../../domain/github-lists.ts';
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
import { type CommitPage, fetchBranchCommits, recheckCommits } from './commits.ts';
import { countsPosition, findDoubted } from './counts.ts';
import { fetchIssues } from './issues.ts';
import { isWhollyUnchanged, marksPosition, type Probe, probeOf, unchangedLists } from './marks.ts';
import { fetchMetadata } from './metadata.ts';
import { makeContributionFor, toBatch, updateBatch, withUpdates } from './outcome.ts';
import type { PageSizes } from './pages.ts';
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
  if (!unchanged.has('commits')) {
    const pages = fetchBranchCommits(context, commitStateOf(positions));
    yield* commitBatches(context, pages);
  }
  for (const list of LIST_NAMES) {
    if (unchanged.has(list)) continue;
    const pages = syncList(listStateOf(positions, list), wanted, readerOf(context, list));
    yield* listBatches(context, memory, list, pages);
  }
  const window = { from, to: earlierOf(wanted.window.to, wanted.now) };
  const doubted = probe ? await findDoubted(memory, positions, probe) : [];
  yield updateBatch(
    { type: 'known', repositoryId: repository.id, window },
    ...(doubted.length > 0
      ? [{ type: 'doubted', repositoryId: repository.id, lists: doubted } as const]
      : []),
    ...(probe ? [readUpTo(probe, window.to, unchanged)] : []),
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
  if (lists.includes('commits')) {
    yield* commitBatches(context, recheckCommits(context, commitStateOf(positions)));
  }
  for (const list of LIST_NAMES.filter((name) => lists.includes(name))) {
    const pages = recheckList(listStateOf(positions, list), wanted, readerOf(context, list));
    yield* listBatches(context, memory, list, pages);
  }
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
function readUpTo(probe: Probe, end: Date, unchanged: ReadonlySet<string>): RepositoryUpdate {
  const { repositoryId } = probe.metadata;
  const positions = [marksPosition(repositoryId, probe, end), countsPosition(repositoryId, probe)];
  return { type: 'read', repositoryId, positions, isUnchanged: isWhollyUnchanged(unchanged) };
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

async function* commitBatches(
  { repositoryId, wanted }: ListContext,
  pages: AsyncIterable<CommitPage>,
): AsyncGenerator<SourceBatch> {
  for await (const page of pages) {
    const batch = listBatch(repositoryId, wanted.now, 'commits', page);
    const { removed, warnings } = page;
    const gone = { type: 'removed', repositoryId, eventIds: removed } as const;
    yield { ...(removed.length > 0 ? withUpdates(batch, gone) : batch), warnings };
  }
}

async function* listBatches(
  context: ListContext,
  memory: GithubMemory,
  list: ListName,
  pages: AsyncIterable<ListPage>,
): AsyncGenerator<SourceBatch> {
  for await (const page of pages) {
    if (page.look?.type === 'ended' && NUMBERED.includes(list)) {
      yield* settleNumbers({ context, memory, list, window: page.window });
    }
    yield listBatch(context.repositoryId, context.wanted.now, list, page);
  }
}

/** A page of a list, with the position that it leads to. */
function listBatch(
  repositoryId: number,
  now: Date,
  list: string,
  {
    outcomes,
    window,
    state,
    look,
  }: Pick<ListPage, 'outcomes' | 'window' | 'look'> & {
    readonly state: unknown;
  },
): SourceBatch {
  const batch = toBatch(outcomes, window, now);
  const isDoubtful = (batch.refused?.length ?? 0) > 0;
  return withUpdates(
    batch,
    { type: 'positions', positions: [{ repositoryId, list, state }] },
    ...(isDoubtful ? [{ type: 'doubtful', repositoryId, list } as const] : []),
    ...(look ? [{ ...look, type: `look_${look.type}`, repositoryId, list } as const] : []),
  );
}

/** The configured branch; GitHub's own default needs no name, and may be renamed. */
function branchOf(repository: TrackedRepository, metadata: RepositoryMetadata): string | null {
  const { configuredBranch = null } = repository;
  return configuredBranch === metadata.defaultBranch ? null : configuredBranch;
}
