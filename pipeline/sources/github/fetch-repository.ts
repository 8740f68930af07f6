import { z } from 'zod';
import type { RepositoryMetadata } from '../../domain/repository.ts';
import type {
  ListPosition,
  SourceBatch,
  SourceRequest,
  TrackedRepository,
} from '../../domain/source.ts';
import { earlierOf, laterOf, type TimeWindow } from '../../domain/window.ts';
import type { GithubClient } from './client.ts';
import { fetchCommitComments, fetchIssueComments, fetchReviewComments } from './comments.ts';
import {
  type CommitState,
  commitStateSchema,
  fetchBranchCommits,
  NO_COMMITS,
  withWalk,
} from './commits.ts';
import { fetchIssues } from './issues.ts';
import { fetchMetadata } from './metadata.ts';
import { makeContributionFor, toBatch, updateBatch } from './outcome.ts';
import type { PageSizes } from './pages.ts';
import { fetchPullRequests } from './pull-requests.ts';
import { fetchReleases } from './releases.ts';
import {
  type ListContext,
  type ListState,
  listStateSchema,
  type PassPage,
  type SyncPass,
  syncList,
  UNREAD,
  type WantedWindow,
  withFullPass,
} from './sync.ts';

export interface GithubSourceSettings {
  readonly client: GithubClient;
  readonly memory: GithubMemory;
  /** Whether the co-authors of a commit are credited with it, too. */
  readonly coAuthors: boolean;
}

/** What is remembered of a repository between runs: one JSON value by list, and what is wanted. */
type ListPositions = ReadonlyMap<string, unknown>;

/** What earlier runs left: how far each list of a repository was read. */
export interface GithubMemory {
  /** By the name of the list; what was stored from its `positions` updates. */
  readPositions(repositoryId: number): Promise<ListPositions>;
  /** Event ids of GitHub's commits that are stored from a moment on. */
  readCommitIds(repositoryId: number, from: Date): Promise<string[]>;
}

type FetchPass = (context: ListContext, pass: SyncPass) => AsyncIterable<PassPage>;

/** The lists, besides the commits, in the order in which they are read. */
const LISTS = {
  pull_requests: fetchPullRequests,
  issues: fetchIssues,
  releases: fetchReleases,
  issue_comments: fetchIssueComments,
  review_comments: fetchReviewComments,
  commit_comments: fetchCommitComments,
} satisfies Record<string, FetchPass>;

type ListName = keyof typeof LISTS;
const LIST_NAMES = Object.keys(LISTS) as ListName[];

/** Everything of one repository, in batches that can be stored one by one. */
export async function* fetchRepository(
  settings: GithubSourceSettings,
  request: SourceRequest,
  repository: TrackedRepository,
  sizes: PageSizes,
): AsyncGenerator<SourceBatch> {
  const { client, memory, coAuthors } = settings;
  const { signal } = request;
  const metadata = await fetchMetadata(client, repository, signal);
  // Stored first: what was read under another name of the repository comes with it.
  yield updateBatch({ type: 'metadata', metadata });
  const { wanted, positions, changed } = await wantedOf(memory, request, repository);
  yield updateBatch({ type: 'positions', positions: changed });
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
  yield* fetchCommitBatches(context, repository, positions, memory);
  for (const list of LIST_NAMES) yield* fetchListBatches(context, repository, positions, list);
  const window = { from: wanted.window.from, to: earlierOf(wanted.window.to, wanted.now) };
  yield updateBatch({ type: 'known', repositoryId: repository.id, window });
}

/** The window wanted of a repository, earlier requests included, and the positions to store for it. */
export async function wantedOf(
  memory: GithubMemory,
  { window, now, fullJobId }: SourceRequest,
  repository: TrackedRepository,
) {
  const stored = await memory.readPositions(repository.id);
  const notBefore = repository.neverRescrapeBefore ?? null;
  const wanted = { window: widened(window, stored.get('wanted'), notBefore), now };
  const positions = withFullRead(stored, wanted, fullJobId ?? null);
  return { wanted, positions, changed: changedPositions(repository.id, stored, positions) };
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
): AsyncGenerator<SourceBatch> {
  const { wanted } = context;
  const before = listStateOf(positions, list);
  for await (const page of syncList(before, wanted, (pass) => LISTS[list](context, pass))) {
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

const wantedSchema = z.object({
  /** The earliest beginning that was ever asked for. */
  from: z.iso.datetime().transform((text) => new Date(text)),
  /** The last job that wanted everything read again. */
  full_job_id: z.int().nullable(),
});

/** What an earlier version stored may have another shape: then it counts as nothing. */
function stateOf<T extends z.ZodType>(schema: T, stored: unknown): z.infer<T> | null {
  const result = schema.safeParse(stored);
  return result.success ? result.data : null;
}

function commitStateOf(positions: ListPositions): CommitState {
  return stateOf(commitStateSchema, positions.get('commits')) ?? NO_COMMITS;
}

function listStateOf(positions: ListPositions, list: ListName): ListState {
  return stateOf(listStateSchema, positions.get(list)) ?? UNREAD;
}

/**
 * An earlier request that reached further back may have been stopped: it is still to be done.
 * What lies before `notBefore` is not read again.
 */
function widened(window: TimeWindow, wanted: unknown, notBefore: Date | null): TimeWindow {
  const stored = stateOf(wantedSchema, wanted)?.from ?? window.from;
  const from = earlierOf(stored, window.from);
  return { ...window, from: notBefore ? laterOf(from, notBefore) : from };
}

/**
 * Adds what is wanted to the positions. A job that wants everything read again plans one full pass
 * over every list; if the reading is interrupted, the rest of these passes stays due.
 */
function withFullRead(
  stored: ListPositions,
  wanted: WantedWindow,
  fullJobId: number | null,
): ListPositions {
  const noted = stateOf(wantedSchema, stored.get('wanted'))?.full_job_id ?? null;
  const { from } = wanted.window;
  const wantedEntry = [
    'wanted',
    { from: from.toISOString(), full_job_id: fullJobId ?? noted },
  ] as const;
  if (fullJobId === null || fullJobId === noted) return new Map([...stored, wantedEntry]);
  return new Map<string, unknown>([
    wantedEntry,
    ['commits', toJson(withWalk(commitStateOf(stored)))],
    ...LIST_NAMES.map((list): [string, unknown] => [
      list,
      toJson(withFullPass(listStateOf(stored, list), wanted)),
    ]),
  ]);
}

/** The states that are not stored like this yet. */
function changedPositions(
  repositoryId: number,
  stored: ListPositions,
  positions: ListPositions,
): ListPosition[] {
  return [...positions]
    .filter(([list, state]) => JSON.stringify(stored.get(list)) !== JSON.stringify(state))
    .map(([list, state]) => ({ repositoryId, list, state }));
}

/** As it comes back from the database. */
function toJson(state: object): unknown {
  return JSON.parse(JSON.stringify(state));
}
