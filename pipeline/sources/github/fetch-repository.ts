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
import { fetchBranchCommits } from './commits.ts';
import { fetchIssues } from './issues.ts';
import { isWhollyUnchanged, marksPosition, type Probe, probeOf, unchangedLists } from './marks.ts';
import { fetchMetadata } from './metadata.ts';
import { makeContributionFor, toBatch, updateBatch } from './outcome.ts';
import type { PageSizes } from './pages.ts';
import {
  changedPositions,
  commitStateOf,
  type ListName,
  type ListPositions,
  listStateOf,
  widened,
  withFullRead,
} from './positions.ts';
import { fetchPullRequests } from './pull-requests.ts';
import { fetchReleases } from './releases.ts';
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
  if (!unchanged.has('commits')) yield* fetchCommitBatches(context, repository, positions, memory);
  for (const [list, fetchPass] of Object.entries(LISTS) as [ListName, FetchPass][]) {
    if (unchanged.has(list)) continue;
    yield* fetchListBatches(context, repository, positions, list, fetchPass);
  }
  const window = { from, to: earlierOf(wanted.window.to, wanted.now) };
  yield updateBatch(
    { type: 'known', repositoryId: repository.id, window },
    ...(probe ? [readUpTo(probe, window.to, unchanged)] : []),
  );
}

/** To be stored with the end of the job. */
function readUpTo(probe: Probe, end: Date, unchanged: ReadonlySet<string>): RepositoryUpdate {
  const position = marksPosition(probe.metadata.repositoryId, probe, end);
  return { type: 'read', position, isUnchanged: isWhollyUnchanged(unchanged) };
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

async function* fetchCommitBatches(
  context: ListContext,
  { id: repositoryId }: TrackedRepository,
  positions: ListPositions,
  memory: GithubMemory,
): AsyncGenerator<SourceBatch> {
  const readKnown = (from: Date) => memory.readCommitIds(repositoryId, from);
  for await (const page of fetchBranchCommits(context, commitStateOf(positions), readKnown)) {
    yield {
      ...toBatch(page.outcomes, page.window, context.wanted.now),
      warnings: page.warnings,
      updates: [
        { type: 'removed', repositoryId, eventIds: page.removed },
        { type: 'positions', positions: [{ repositoryId, list: 'commits', state: page.state }] },
      ],
    };
  }
}

async function* fetchListBatches(
  context: ListContext,
  { id: repositoryId }: TrackedRepository,
  positions: ListPositions,
  list: ListName,
  fetchPass: FetchPass,
): AsyncGenerator<SourceBatch> {
  const { wanted } = context;
  const before = listStateOf(positions, list);
  for await (const page of syncList(before, wanted, (pass) => fetchPass(context, pass))) {
    yield {
      ...toBatch(page.outcomes, page.window, wanted.now),
      updates: [{ type: 'positions', positions: [{ repositoryId, list, state: page.state }] }],
    };
  }
}

/** The configured branch; GitHub's own default needs no name, and may be renamed. */
function branchOf(repository: TrackedRepository, metadata: RepositoryMetadata): string | null {
  const { configuredBranch = null } = repository;
  return configuredBranch === metadata.defaultBranch ? null : configuredBranch;
}
