import { z } from 'zod';
import { LIST_NAMES, type ListName } from '../../domain/github-lists.ts';
import {
  type ListPosition,
  type SourceRequest,
  statedId,
  type TrackedRepository,
} from '../../domain/source.ts';
import { earlierOf } from '../../domain/window.ts';
import { commitStateOf, type ListPositions, listStateOf, stateOf } from './positions.ts';

/** What a probe saw of a repository, and which of its lists need no reading because of it. */

/** The names under which both are stored beside the positions of the lists. */
export const PROBE = 'probe';
const MARKS = 'marks';

const moment = z.iso.datetime().transform((text) => new Date(text));

const markSchema = z.object({
  /** Another text after every change that GitHub shows. */
  text: z.string(),
  /** The newest change in it, by GitHub's clock; null: there was none. */
  changed_at: moment.nullable(),
  /** How many items the list has, as GitHub counts them. */
  count: z.int(),
});

export type Mark = z.infer<typeof markSchema>;

/** Of the last read, by list: the text of the mark, or null if it could not be trusted. */
const marksSchema = z.record(z.string(), z.string().nullable());

const probeSchema = z.object({
  /** By our clock, before GitHub was asked: every change before it is in the marks. */
  probed_at: moment,
  /** The same moment by GitHub's clock. */
  shown_at: moment,
  metadata: z.object({
    repositoryId: z.int(),
    githubId: z.int(),
    owner: z.string(),
    name: z.string(),
    defaultBranch: z.string(),
    description: z.string().nullable(),
    stars: z.int(),
    forks: z.int(),
    language: z.string().nullable(),
    topics: z.array(z.string()).readonly(),
    license: z.string().nullable(),
    isArchived: z.boolean(),
  }),
  /** The commit that the branch points to. */
  head: z.string(),
  /** By GitHub's clock: what changed later may change again without another mark. */
  settled_before: moment,
  marks: z.record(z.enum(LIST_NAMES), markSchema),
});

export type Probe = z.infer<typeof probeSchema>;

/**
 * The probe of a repository, if it was made after the end of the window and is of this repository:
 * then what it does not show has not happened in the window.
 */
export function probeOf(
  positions: ListPositions,
  { window, now }: Pick<SourceRequest, 'window' | 'now'>,
  repository: TrackedRepository,
): Probe | null {
  const probe = stateOf(probeSchema, positions.get(PROBE));
  if (probe === null || probe.probed_at < earlierOf(window.to, now)) return null;
  const { metadata } = probe;
  const isOurs =
    metadata.repositoryId === repository.id &&
    (statedId(repository) ?? metadata.githubId) === metadata.githubId;
  return isOurs ? probe : null;
}

/** The lists and `commits`, of which nothing is to be read: they are known from `from` on. */
export function unchangedLists(
  positions: ListPositions,
  probe: Probe | null,
  from: Date,
): ReadonlySet<ListName | 'commits'> {
  const unchanged = new Set<ListName | 'commits'>();
  const marks = stateOf(marksSchema, positions.get(MARKS));
  const isRead = (state: { pass: unknown; covers_from: Date | null }) =>
    state.pass === null && state.covers_from !== null && state.covers_from <= from;
  const commits = commitStateOf(positions);
  // Commits that were deferred may be due by now.
  if (isRead(commits) && commits.head === probe?.head && commits.deferred.length === 0) {
    unchanged.add('commits');
  }
  for (const list of LIST_NAMES) {
    const mark = probe?.marks[list].text;
    const isSame = mark !== undefined && mark === marks?.[list];
    if (isSame && isRead(listStateOf(positions, list))) unchanged.add(list);
  }
  return unchanged;
}

/** Whether nothing at all of a repository is to be read. */
export const isWhollyUnchanged = (unchanged: ReadonlySet<string>) =>
  unchanged.size === LIST_NAMES.length + 1;

/**
 * The marks to store once everything before `end` is read, but for the `unread` lists. What changed
 * later was not all kept, so that a mark with such a change stands for nothing: the list is read again.
 */
export function marksPosition(
  repositoryId: number,
  probe: Probe,
  end: Date,
  unread: ReadonlySet<string>,
): ListPosition {
  const limit = earlierOf(end, probe.settled_before);
  const marks = LIST_NAMES.map((list) => {
    const { text, changed_at: changedAt } = probe.marks[list];
    const isSettled = changedAt === null || changedAt < limit;
    return [list, isSettled && !unread.has(list) ? text : null];
  });
  return { repositoryId, list: MARKS, state: Object.fromEntries(marks) };
}
