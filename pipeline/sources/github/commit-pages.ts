import { eventIds } from '../../domain/contribution.ts';
import type { CommitNode } from './commit-nodes.ts';
import {
  type Comparison,
  fetchCommitsById,
  fetchComparison,
  fetchHistory,
  type Incomparable,
} from './commit-queries.ts';
import { UnexpectedAnswerError } from './errors.ts';
import type { ListContext } from './list-context.ts';

/** The pages of a pass over commits: a walk, the difference of two heads, or vanished commits. */

export interface CommitChunk {
  /** Why the pass can't go on although it is not complete. */
  readonly lost?: Incomparable;
  readonly commits: readonly CommitNode[];
  /** Merge commits that were not even asked for. */
  readonly skipped: number;
  readonly cursor: string | null;
}

/** Everything that can be reached from a head, newest first. */
export async function* walkPages(
  context: ListContext,
  pass: { readonly head: string; readonly from: Date; readonly cursor: string | null },
): AsyncGenerator<CommitChunk> {
  let cursor = pass.cursor;
  do {
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
  for (let page = Number(pass.cursor); ; page++) {
    const comparison =
      page === 1 && first ? first : await fetchComparison(context, pass.base, pass.head, page);
    if (typeof comparison === 'string') return yield lost(comparison);
    const all = comparison.commits;
    const single = all.filter((commit) => commit.parents.length < 2);
    const commits = await fetchCommitsById(
      context,
      single.map((commit) => commit.node_id),
    );
    if (commits.length < single.length) {
      throw new UnexpectedAnswerError('GitHub compares commits that it does not find by their ids');
    }
    const cursor = comparison.hasNextPage ? String(page + 1) : null;
    yield { commits, skipped: all.length - single.length, cursor };
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
  for (let page = 1; ; page++) {
    const reverse = await fetchComparison(context, head, base, page);
    if (typeof reverse === 'string') return reverse;
    for (const { sha } of reverse.commits) vanished.add(eventIds.commit(sha));
    if (!reverse.hasNextPage) return vanished;
  }
}
