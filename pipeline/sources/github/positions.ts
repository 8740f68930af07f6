import { z } from 'zod';
import { PUT_ASIDE } from '../../domain/put-aside.ts';
import type { ListPosition } from '../../domain/source.ts';
import { earlierOf, laterOf, type TimeWindow } from '../../domain/window.ts';
import { type CommitState, commitStateSchema, NO_COMMITS, withWalk } from './commits.ts';
import {
  type ListState,
  listStateSchema,
  UNREAD,
  type WantedWindow,
  withFullPass,
} from './sync.ts';

/** What is remembered of a repository between runs: one JSON value by list, and what is wanted. */

export type ListPositions = ReadonlyMap<string, unknown>;

export const LIST_NAMES = [
  'pull_requests',
  'issues',
  'releases',
  'issue_comments',
  'review_comments',
  'commit_comments',
] as const;

export type ListName = (typeof LIST_NAMES)[number];

const wantedSchema = z.object({
  /** The earliest beginning that was ever asked for. */
  from: z.iso.datetime().transform((text) => new Date(text)),
  /** The last job that wanted everything read again. */
  full_job_id: z.int().nullable(),
});

/** What an earlier version stored may have another shape: then it counts as nothing. */
export function stateOf<T extends z.ZodType>(schema: T, stored: unknown): z.infer<T> | null {
  const result = schema.safeParse(stored);
  return result.success ? result.data : null;
}

export function commitStateOf(positions: ListPositions): CommitState {
  return stateOf(commitStateSchema, positions.get('commits')) ?? NO_COMMITS;
}

export function listStateOf(positions: ListPositions, list: ListName): ListState {
  return stateOf(listStateSchema, positions.get(list)) ?? UNREAD;
}

/**
 * An earlier request that reached further back may have been stopped: it is still to be done.
 * What lies before `notBefore` is not read again.
 */
export function widened(window: TimeWindow, wanted: unknown, notBefore: Date | null): TimeWindow {
  const stored = stateOf(wantedSchema, wanted)?.from ?? window.from;
  const from = earlierOf(stored, window.from);
  return { ...window, from: notBefore ? laterOf(from, notBefore) : from };
}

/**
 * Adds what is wanted to the positions. A job that wants everything read again plans one full pass
 * over every list; if the reading is interrupted, the rest of these passes stays due.
 */
export function withFullRead(
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
    [PUT_ASIDE, stored.get(PUT_ASIDE) ?? []],
    ['commits', toJson(withWalk(commitStateOf(stored)))],
    ...LIST_NAMES.map((list): [string, unknown] => [
      list,
      toJson(withFullPass(listStateOf(stored, list), wanted)),
    ]),
  ]);
}

/** The states that are not stored like this yet. */
export function changedPositions(
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
