import { z } from 'zod';
import type { ListPosition } from '../../domain/source.ts';
import type { GithubMemory } from './fetch-repository.ts';
import type { Probe } from './marks.ts';
import { type ListPositions, stateOf } from './positions.ts';

/**
 * Whether something came to a list or left it without a trace in what changed: a deleted issue is
 * in no list of changes, and a transferred one keeps its times. So the number of items that GitHub
 * states must be that of the night before and what was made since.
 */

/** The name under which the counts of the last night are stored. */
const COUNTS = 'counts';

/** Lists that are read by their changes and whose items GitHub counts. */
const COUNTED = ['issues', 'pull_requests', 'commit_comments'] as const;

/** The comments on an issue come with it. */
const ARRIVING: Readonly<Record<string, readonly string[]>> = {
  issues: ['issues', 'issue_comments'],
};

const countsSchema = z.object({
  /** By GitHub's clock. */
  at: z.iso.datetime().transform((text) => new Date(text)),
  counts: z.record(z.enum(COUNTED), z.int()),
});

/** The counts of tonight, to compare with those of the next night. */
export function countsPosition(repositoryId: number, { shown_at, marks }: Probe): ListPosition {
  const counts = Object.fromEntries(COUNTED.map((list) => [list, marks[list].count]));
  return { repositoryId, list: COUNTS, state: { at: shown_at, counts } };
}

/** The lists that are to be looked at again because of their counts. */
export async function findDoubted(
  memory: GithubMemory,
  positions: ListPositions,
  { shown_at: to, marks, metadata }: Probe,
): Promise<string[]> {
  const before = stateOf(countsSchema, positions.get(COUNTS));
  if (before === null) return [];
  const doubted: string[] = [];
  for (const list of COUNTED) {
    const made = await memory.countMade(metadata.repositoryId, list, before.at, to);
    const surplus = marks[list].count - before.counts[list] - made;
    if (surplus < 0) doubted.push(list);
    if (surplus > 0) doubted.push(...(ARRIVING[list] ?? [list]));
  }
  return doubted;
}
