import type { z } from 'zod';
import { eventIds } from '../../domain/contribution.ts';
import { SECOND_MS } from '../../domain/time.ts';
import { withAllAuthors } from './commit-authors.ts';
import {
  byIdSchema,
  type CommitItem,
  commitsByIdQuery,
  comparisonSchema,
  HEAD_QUERY,
  HISTORY_PLACES_QUERY,
  headSchema,
  historyPlacesSchema,
  historyQuery,
  historySchema,
  OLDER_QUERY,
  olderSchema,
} from './commit-nodes.ts';
import { RepositoryUnavailableError, TooHeavyError, UnexpectedAnswerError } from './errors.ts';
import {
  contentOf,
  createPageGuard,
  isPutAside,
  type PutAside,
  putAsideFor,
  readable,
} from './items.ts';
import {
  fetchInChunks,
  fetchPage,
  fetchPartialPage,
  PageSize,
  parseAnswer,
  refuseProblems,
} from './pages.ts';
import { describeRefusal, type GraphqlProblem } from './remedies.ts';
import { type ListContext, toSeconds } from './sync.ts';

/**
 * The calls for commits: the head, a page of a history, commits by their ids, a comparison; and
 * the pages of a pass: of a walk, or of the difference of two heads.
 */

/** Why two commits can't be compared: one is forgotten, or there is too much between them. */
export type Incomparable = 'gone' | 'refused';

export type Comparison = z.infer<typeof comparisonSchema> & { readonly hasNextPage: boolean };

/** Where the branch points to; null for an empty repository. */
export async function fetchHead(context: ListContext): Promise<string | null> {
  const { client, owner, name, branch, signal } = context;
  const variables = { owner, name, branch: `refs/heads/${branch}`, isNamed: branch !== null };
  const once = new PageSize(1);
  const { data } = await fetchPage(client, HEAD_QUERY, variables, once, headSchema, signal);
  const { defaultBranchRef, ref } = data.repository;
  const head = (branch === null ? defaultBranchRef : ref)?.target?.oid ?? null;
  if (head === null && branch !== null) {
    throw new RepositoryUnavailableError(`it has no branch ${branch}`);
  }
  return head;
}

/**
 * How many commits that can be reached from a commit are dated before a moment: GitHub's list of
 * those since then leaves them out. Null where it can't count so many.
 */
export async function countOlder(
  { client, owner, name, signal }: ListContext,
  head: string,
  moment: Date,
): Promise<number | null> {
  const until = toSeconds(new Date(moment.getTime() - SECOND_MS));
  try {
    const { data } = await client.graphql(OLDER_QUERY, { owner, name, head, until }, signal);
    const { data: found } = olderSchema.safeParse(data);
    return found?.repository.object?.history.totalCount ?? null;
  } catch (error) {
    if (error instanceof TooHeavyError) return null;
    throw error;
  }
}

interface HistoryPage {
  readonly commits: readonly CommitItem[];
  /** Null at the end. */
  readonly cursor: string | null;
}

/** A page of what can be reached from a commit, newest first; null if GitHub no longer has the commit. */
async function fetchHistory(
  context: ListContext,
  head: string,
  since: Date,
  after: string | null,
): Promise<HistoryPage | null> {
  const { owner, name, sizes } = context;
  const variables = { owner, name, head, since: toSeconds(since), after };
  try {
    return await askForHistory(context, variables);
  } catch (error) {
    if (!(error instanceof TooHeavyError) || sizes.commits.value > 1) throw error;
    return stepOver(context, variables, error);
  }
}

async function askForHistory(context: ListContext, variables: object): Promise<HistoryPage | null> {
  const { client, sizes, signal, coAuthors } = context;
  const query = historyQuery(coAuthors);
  const ask = (fetch: typeof fetchPage, lines: boolean) =>
    fetch(client, query, { ...variables, lines }, sizes.commits, historySchema, signal);
  const page = await ask(fetchPartialPage, true);
  const history = page.data.repository.object?.history;
  if (!history) {
    refuseProblems(page.problems.filter(({ type }) => type !== 'NOT_FOUND'));
    return null;
  }
  let { pageInfo } = history;
  const commits = await completed(history.nodes, page.problems, async () => {
    const again = await ask(fetchPage, false);
    // It may be shorter than the first: what comes after it is what follows.
    pageInfo = again.data.repository.object?.history.pageInfo ?? pageInfo;
    return again.data.repository.object?.history.nodes ?? [];
  });
  const whole = await withAllAuthors(context, commits);
  return { commits: whole.map((commit) => commit ?? NO_COMMIT), cursor: pageInfo.endCursor };
}

/** The page of the one commit that GitHub can't show, with or without its lines: it is put aside. */
async function stepOver(
  { client, signal }: ListContext,
  variables: object,
  failure: TooHeavyError,
): Promise<HistoryPage> {
  const one = { ...variables, size: 1 };
  const { data } = await client
    .graphql(HISTORY_PLACES_QUERY, one, signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof TooHeavyError ? failure : error;
    });
  const { nodes, pageInfo } = parseAnswer(historyPlacesSchema, data).repository.object.history;
  const item = { list: 'commits', ...nodes[0] };
  return {
    commits: [putAsideFor(describeRefusal(failure.message), item)],
    cursor: pageInfo.endCursor,
  };
}

/** A commit that GitHub leaves out without an error. */
const NO_COMMIT: PutAside = {
  skipped: 'constraint',
  refused: { reason: "GitHub's list has nothing in the place of a commit", item: {} },
};

/** Commits by their node ids; those that GitHub has forgotten are left out. */
export async function fetchCommitsById(
  context: ListContext,
  ids: readonly string[],
): Promise<CommitItem[]> {
  const { client, sizes, signal, coAuthors } = context;
  const query = commitsByIdQuery(coAuthors);
  const fetchChunk = async (chunk: readonly string[]): Promise<Commits> => {
    const ask = async (lines: boolean) => {
      const { data, problems } = await client.graphql(query, { ids: chunk, lines }, signal);
      const { nodes } = parseAnswer(byIdSchema, data);
      if (nodes.length !== chunk.length) {
        throw new UnexpectedAnswerError('GitHub answers with more or fewer commits than asked for');
      }
      return { nodes, problems: problems.filter((problem) => !isForgotten(problem)) };
    };
    const { nodes, problems } = await ask(true);
    return completed(nodes, problems, async () => {
      const again = await ask(false);
      refuseProblems(again.problems);
      return again.nodes;
    });
  };
  const setAside = (id: string, { message }: Error) => [
    putAsideFor(describeRefusal(message), { list: 'commits', id }),
  ];
  const answers = await fetchInChunks<string, Commits>(
    client,
    ids,
    sizes.commits,
    signal,
    fetchChunk,
    setAside,
  );
  return withAllAuthors(
    context,
    answers.flat().filter((commit) => commit !== null),
  );
}

/** What GitHub answers, after some tries, to a comparison that is too much for it. */
const REFUSALS: readonly unknown[] = [422, 500, 502, 503, 504];

/** `git log base..head`, oldest first; or why GitHub can't compare them (any more). */
export async function fetchComparison(
  context: ListContext,
  base: string,
  head: string,
  page: number,
): Promise<Comparison | Incomparable> {
  const { client, owner, name: repo, signal } = context;
  const parameters = { owner, repo, basehead: `${base}...${head}`, page, per_page: 100 };
  try {
    const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
    const { data, hasNextPage } = await client.rest(route, parameters, signal);
    return { ...parseAnswer(comparisonSchema, data), hasNextPage };
  } catch (error) {
    const { status } = error as { status?: number };
    // 409: all commits are gone.
    if (status === 404 || status === 409) return 'gone';
    if (REFUSALS.includes(status)) return 'refused';
    throw error;
  }
}

/** An id that GitHub says it does not know. */
function isForgotten({ type, path }: GraphqlProblem): boolean {
  return type === 'NOT_FOUND' && path?.length === 2 && path[0] === 'nodes';
}

type Commits = readonly (CommitItem | null)[];

/**
 * A commit whose lines GitHub can't count is missing from a page: it is asked for without them.
 * What is null then is not there at all.
 */
async function completed(
  nodes: Commits,
  problems: readonly GraphqlProblem[],
  askWithoutLines: () => Promise<Commits>,
): Promise<Commits> {
  if (problems.length === 0) return nodes;
  const known = nodes.filter((node) => node !== null);
  if (known.length === nodes.length) refuseProblems(problems);
  const byOid = new Map(readable(known).map((node) => [node.oid, node]));
  const all = await askWithoutLines();
  return all.map((node) =>
    node === null || isPutAside(node) ? node : (byOid.get(node.oid) ?? node),
  );
}

interface CommitChunk {
  /** Why the pass can't go on although it is not complete. */
  readonly lost?: Incomparable;
  readonly commits: readonly CommitItem[];
  /** Merge commits that were not even asked for. */
  readonly skipped: number;
  readonly cursor: string | null;
}

/** Everything that can be reached from a head, newest first. */
export async function* walkPages(
  context: ListContext,
  pass: { readonly head: string; readonly from: Date; readonly cursor: string | null },
): AsyncGenerator<CommitChunk> {
  const guard = createPageGuard('commits');
  let cursor = pass.cursor;
  do {
    guard(cursor);
    const page = await fetchHistory(context, pass.head, pass.from, cursor);
    if (page === null) return yield lost('gone');
    cursor = page.cursor;
    yield { commits: page.commits, skipped: 0, cursor };
  } while (cursor !== null);
}

/** Pages of a comparison; merge commits are known by their parents and never asked for. */
export async function* differencePages(
  context: ListContext,
  pass: { readonly base: string; readonly head: string; readonly cursor: string | null },
  first?: Comparison,
): AsyncGenerator<CommitChunk> {
  const guard = createPageGuard('new commits');
  for (let page = Number(pass.cursor); ; page++) {
    const comparison =
      page === 1 && first ? first : await fetchComparison(context, pass.base, pass.head, page);
    if (typeof comparison === 'string') return yield lost(comparison);
    const all = readable(comparison.commits);
    guard(contentOf(all.map(({ sha }) => sha)));
    const single = all.filter((commit) => commit.parents.length < 2);
    const commits = await fetchCommitsById(
      context,
      single.map((commit) => commit.node_id),
    );
    if (commits.length < single.length) {
      throw new UnexpectedAnswerError('GitHub compares commits that it does not find by their ids');
    }
    const cursor = comparison.hasNextPage ? String(page + 1) : null;
    const putAside = comparison.commits.filter(isPutAside);
    yield { commits: [...commits, ...putAside], skipped: all.length - single.length, cursor };
    if (cursor === null) return;
  }
}

const lost = (why: Incomparable): CommitChunk => ({
  commits: [],
  skipped: 0,
  cursor: null,
  lost: why,
});

/** What a rewritten branch lost, by comparing the other way; or why GitHub can't compare them any more. */
export async function fetchVanished(
  context: ListContext,
  comparison: Comparison,
  base: string,
  head: string,
): Promise<Set<string> | Incomparable> {
  const vanished = new Set<string>();
  const { status } = comparison;
  if (status === 'ahead' || status === 'identical') return vanished;
  const guard = createPageGuard('vanished commits');
  for (let page = 1; ; page++) {
    const reverse = await fetchComparison(context, head, base, page);
    if (typeof reverse === 'string') return reverse;
    const commits = readable(reverse.commits);
    // A walk over the whole branch finds what has vanished without their names.
    if (commits.length < reverse.commits.length) return 'refused';
    guard(contentOf(commits.map(({ sha }) => sha)));
    for (const { sha } of commits) vanished.add(eventIds.commit(sha));
    if (!reverse.hasNextPage) return vanished;
  }
}
