import { z } from 'zod';
import type { GraphqlProblem } from './client.ts';
import { type CommitNode, commitFields, commitSchema } from './commit-nodes.ts';
import { RepositoryUnavailableError } from './errors.ts';
import {
  type ListContext,
  pageInfoFields,
  pageInfoSchema,
  rateLimitFields,
  toSeconds,
} from './list-context.ts';
import {
  fetchInChunks,
  fetchPage,
  fetchPartialPage,
  PageSize,
  parseAnswer,
  refuseProblems,
} from './page-size.ts';

/** The calls for commits: the head, a page of a history, commits by their ids, a comparison. */

export const HEAD_QUERY = `
query head($owner: String!, $name: String!, $branch: String!, $isNamed: Boolean!) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    defaultBranchRef @skip(if: $isNamed) { target { oid } }
    ref(qualifiedName: $branch) @include(if: $isNamed) { target { oid } }
  }
}`;

/** From a fixed commit, so that the pages stay where they are while the branch moves on. */
export const historyQuery = (coAuthors: boolean) => `
query history($owner: String!, $name: String!, $head: GitObjectID!, $since: GitTimestamp!,
  $size: Int!, $after: String, $lines: Boolean!) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    object(oid: $head) {
      ... on Commit {
        history(first: $size, after: $after, since: $since) {
          nodes { ${commitFields(coAuthors)} }
          ${pageInfoFields}
        }
      }
    }
  }
}`;

export const commitsByIdQuery = (coAuthors: boolean) => `
query commitsById($ids: [ID!]!, $lines: Boolean!) {
  ${rateLimitFields}
  nodes(ids: $ids) { ... on Commit { ${commitFields(coAuthors)} } }
}`;

const refSchema = z.object({ target: z.object({ oid: z.string() }).nullable() }).nullish();

const headSchema = z.object({
  repository: z.object({ defaultBranchRef: refSchema, ref: refSchema }),
});

const historySchema = z.object({
  repository: z.object({
    object: z
      .object({
        history: z.object({ nodes: z.array(commitSchema.nullable()), pageInfo: pageInfoSchema }),
      })
      .nullable(),
  }),
});

const byIdSchema = z.object({ nodes: z.array(commitSchema.nullable()) });

const comparisonSchema = z.object({
  status: z.enum(['diverged', 'ahead', 'behind', 'identical']),
  commits: z.array(
    z.object({ sha: z.string(), node_id: z.string(), parents: z.array(z.object({})) }),
  ),
});

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

export interface HistoryPage {
  readonly commits: readonly CommitNode[];
  /** Null at the end. */
  readonly cursor: string | null;
}

/** A page of what can be reached from a commit, newest first; null if GitHub no longer has the commit. */
export async function fetchHistory(
  context: ListContext,
  head: string,
  since: Date,
  after: string | null,
): Promise<HistoryPage | null> {
  const { client, owner, name, sizes, signal, coAuthors } = context;
  const query = historyQuery(coAuthors);
  const variables = { owner, name, head, since: toSeconds(since), after };
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
  return { commits, cursor: pageInfo.hasNextPage ? pageInfo.endCursor : null };
}

/** Commits by their node ids; those that GitHub has forgotten are left out. */
export async function fetchCommitsById(
  context: ListContext,
  ids: readonly string[],
): Promise<CommitNode[]> {
  const { client, sizes, signal, coAuthors } = context;
  const query = commitsByIdQuery(coAuthors);
  const answers = await fetchInChunks(client, ids, sizes.commits, signal, async (chunk) => {
    const ask = async (lines: boolean) => {
      const { data, problems } = await client.graphql(query, { ids: chunk, lines }, signal);
      const { nodes } = parseAnswer(byIdSchema, data);
      return { nodes, problems: problems.filter((problem) => !isForgotten(problem)) };
    };
    const { nodes, problems } = await ask(true);
    return completed(nodes, problems, async () => {
      const again = await ask(false);
      refuseProblems(again.problems);
      return again.nodes;
    });
  });
  return answers.flat();
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
    if (status === 404) return 'gone';
    if (REFUSALS.includes(status)) return 'refused';
    throw error;
  }
}

/** An id that GitHub says it does not know. */
function isForgotten({ type, path }: GraphqlProblem): boolean {
  return type === 'NOT_FOUND' && path?.length === 2 && path[0] === 'nodes';
}

/** A commit whose lines GitHub can't count is missing from a page: it is asked for without them. */
async function completed(
  nodes: readonly (CommitNode | null)[],
  problems: readonly GraphqlProblem[],
  askWithoutLines: () => Promise<readonly (CommitNode | null)[]>,
): Promise<CommitNode[]> {
  const known = nodes.filter((node) => node !== null);
  if (problems.length === 0) return known;
  if (known.length === nodes.length) refuseProblems(problems);
  const byOid = new Map(known.map((node) => [node.oid, node]));
  const all = (await askWithoutLines()).filter((node) => node !== null);
  return all.map((node) => byOid.get(node.oid) ?? node);
}
