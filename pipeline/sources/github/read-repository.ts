import type { RepositoryMetadata } from '../../domain/repository.ts';
import type { SourceBatch, SourceRequest, TrackedRepository } from '../../domain/source.ts';
import { earlierOf } from '../../domain/window.ts';
import type { GithubClient } from './client.ts';
import { readIssueComments, readReviewComments } from './comments.ts';
import { readCommitComments } from './commit-comments.ts';
import { readCommits } from './commits.ts';
import {
  type Cursors,
  changedCursors,
  commitStateOf,
  type ListName,
  listStateOf,
  widened,
  withFullRead,
} from './cursors.ts';
import { creditTo, EMPTY_BATCH, toBatch } from './facts.ts';
import { readIssues } from './issues.ts';
import { fetchMetadata } from './metadata.ts';
import { type Pass, type PassPage, readInPasses } from './passes.ts';
import { readPullRequests } from './pull-requests.ts';
import { readReleases } from './releases.ts';
import type { PageSizes, StreamContext } from './stream.ts';

export interface GithubSourceSettings {
  readonly client: GithubClient;
  readonly memory: GithubMemory;
  /** Whether the co-authors of a commit are credited with it, too. */
  readonly coAuthors: boolean;
}

/** What earlier runs left: how far each list of a repository was read. */
export interface GithubMemory {
  /** By the name of the list; what was stored from `SourceBatch.cursors`. */
  readCursors(repositoryId: number): Promise<Cursors>;
  /** Event ids of GitHub's commits that are stored from a moment on. */
  readCommitIds(repositoryId: number, from: Date): Promise<string[]>;
}

type ReadPass = (context: StreamContext, pass: Pass) => AsyncIterable<PassPage>;

/** The lists, besides the commits, in the order in which they are read. */
const LISTS: Readonly<Record<ListName, ReadPass>> = {
  pull_requests: readPullRequests,
  issues: readIssues,
  releases: readReleases,
  issue_comments: readIssueComments,
  review_comments: readReviewComments,
  commit_comments: readCommitComments,
};

/** Everything of one repository, in batches that each can be stored by itself. */
export async function* readRepository(
  settings: GithubSourceSettings,
  request: SourceRequest,
  repository: TrackedRepository,
  sizes: PageSizes,
): AsyncGenerator<SourceBatch> {
  const { client, memory, coAuthors } = settings;
  const { signal } = request;
  const metadata = await fetchMetadata(client, repository, signal);
  // Stored first: what was read under another name of the repository comes with it.
  yield { ...EMPTY_BATCH, metadata: [metadata] };
  const { demand, cursors, changed } = await demandOf(memory, request, repository);
  yield { ...EMPTY_BATCH, cursors: changed };
  const { owner, name } = metadata;
  const branch = branchOf(repository, metadata);
  const credit = creditTo(repository.id);
  const context = { client, owner, name, branch, credit, demand, signal, coAuthors, sizes };
  yield* readCommitBatches(context, repository, cursors, memory);
  for (const [list, readPass] of Object.entries(LISTS) as [ListName, ReadPass][]) {
    yield* readListBatches(context, repository, cursors, list, readPass);
  }
  const window = { from: demand.window.from, to: earlierOf(demand.window.to, demand.now) };
  yield { ...EMPTY_BATCH, known: [{ repositoryId: repository.id, window }] };
}

/** What is wanted of a repository by now, with the cursors that say so. */
export async function demandOf(
  memory: GithubMemory,
  { window, now, fullJobId }: SourceRequest,
  repository: TrackedRepository,
) {
  const stored = await memory.readCursors(repository.id);
  const notBefore = repository.neverRescrapeBefore ?? null;
  const demand = { window: widened(window, stored.get('wanted'), notBefore), now };
  const cursors = withFullRead(stored, demand, fullJobId ?? null);
  return { demand, cursors, changed: changedCursors(repository.id, stored, cursors) };
}

async function* readCommitBatches(
  context: StreamContext,
  { id: repositoryId }: TrackedRepository,
  cursors: Cursors,
  memory: GithubMemory,
): AsyncGenerator<SourceBatch> {
  const readKnown = (from: Date) => memory.readCommitIds(repositoryId, from);
  for await (const page of readCommits(context, commitStateOf(cursors), readKnown)) {
    yield {
      ...toBatch(page.facts, page.window, context.demand.now),
      noticed: page.noticed,
      removed: page.removed.map((eventId) => ({ repositoryId, eventId })),
      cursors: [{ repositoryId, list: 'commits', state: page.state }],
    };
  }
}

async function* readListBatches(
  context: StreamContext,
  { id: repositoryId }: TrackedRepository,
  cursors: Cursors,
  list: ListName,
  readPass: ReadPass,
): AsyncGenerator<SourceBatch> {
  const { demand } = context;
  const before = listStateOf(cursors, list);
  for await (const page of readInPasses(before, demand, (pass) => readPass(context, pass))) {
    yield {
      ...toBatch(page.facts, page.window, demand.now),
      cursors: [{ repositoryId, list, state: page.state }],
    };
  }
}

/** The configured branch; GitHub's own default needs no name, and may be renamed. */
function branchOf(repository: TrackedRepository, metadata: RepositoryMetadata): string | null {
  const { configuredBranch = null } = repository;
  return configuredBranch === metadata.defaultBranch ? null : configuredBranch;
}
