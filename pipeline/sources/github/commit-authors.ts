import {
  AUTHORS_QUERY,
  type CommitItem,
  type CommitNode,
  moreAuthorsSchema,
} from './commit-nodes.ts';
import { createPageGuard, isPutAside } from './items.ts';
import { fetchPage, PageSize } from './pages.ts';
import type { ListContext } from './sync.ts';

/** GitHub's longest page. */
const AUTHORS = 100;

/** Commits with all of their authors: the first page has the first ten of each. */
export async function withAllAuthors<T extends CommitItem | null>(
  context: ListContext,
  commits: readonly T[],
): Promise<T[]> {
  const all: T[] = [];
  for (const commit of commits) {
    const isWhole = commit === null || isPutAside(commit) || !commit.authors?.pageInfo.hasNextPage;
    all.push(isWhole ? commit : ({ ...commit, authors: await fetchAuthors(context, commit) } as T));
  }
  return all;
}

async function fetchAuthors({ client, signal }: ListContext, { id, authors }: CommitNode) {
  const size = new PageSize(AUTHORS);
  const guard = createPageGuard('authors of a commit');
  const nodes = [...(authors?.nodes ?? [])];
  let after = authors?.pageInfo.endCursor ?? null;
  while (after !== null) {
    guard(after);
    const variables = { id, after };
    const page = await fetchPage(client, AUTHORS_QUERY, variables, size, moreAuthorsSchema, signal);
    // GitHub may have forgotten a commit that was removed from the branch just now.
    nodes.push(...(page.data.node?.authors.nodes ?? []));
    after = page.data.node?.authors.pageInfo.endCursor ?? null;
  }
  return { nodes, pageInfo: { hasNextPage: false as const, endCursor: null } };
}
