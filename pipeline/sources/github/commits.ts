import { z } from 'zod';
import { eventIds } from '../../domain/contribution.ts';
import type { DatedOutside } from '../../domain/source.ts';
import { DAY_MS } from '../../domain/time.ts';
import { laterOf } from '../../domain/window.ts';
import { type CommitItem, type CommitNode, classifyCommit } from './commit-nodes.ts';
import {
  type Comparison,
  countOlder,
  differencePages,
  fetchCommitsById,
  fetchComparison,
  fetchHead,
  fetchVanished,
  type Incomparable,
  walkPages,
} from './commit-pages.ts';
import { UnexpectedAnswerError } from './errors.ts';
import { isPutAside, readable } from './items.ts';
import type { Outcome } from './outcome.ts';
import type { ListContext, LookStep } from './sync.ts';

/**
 * Commits of the branch. The first time its history is walked; from then on it is the difference
 * between the last seen head and the new one that counts, whatever dates the commits have.
 * A walk is also a look, as in `sync.ts`: commits that are stored and that it does not meet go.
 */

const moment = z.iso.datetime().transform((text) => new Date(text));

const commitPassSchema = z.object({
  from: moment,
  base: z.string().nullable(),
  head: z.string(),
  cursor: z.string().nullable(),
  deferred: z.array(z.string()),
  /** When a walk that is a look began; null: it is no look. */
  began_at: moment.nullable().default(null),
  /** Whether every page is read: what is left of a look is to take out what it did not meet. */
  is_read: z.boolean().default(false),
});

export const commitStateSchema = z.object({
  /** Commits from here on are known; null until a walk is complete. */
  covers_from: moment.nullable(),
  /** The head up to which all is known. */
  head: z.string().nullable(),
  /** Node ids of commits that were seen, but lie beyond the window's end. */
  deferred: z.array(z.string()),
  /** What is under way: a walk from `head`, or the difference of `base` and `head`. */
  pass: commitPassSchema.nullable(),
  /** A walk for a recheck: it is under way beside the passes of each night. */
  recheck: commitPassSchema.nullable().default(null),
});

export type CommitState = z.infer<typeof commitStateSchema>;
type CommitPass = z.infer<typeof commitPassSchema>;

export const NO_COMMITS: CommitState = {
  covers_from: null,
  head: null,
  deferred: [],
  pass: null,
  recheck: null,
};

export interface CommitPage {
  readonly outcomes: readonly Outcome[];
  readonly window: { readonly from: Date; readonly to: Date };
  readonly state: CommitState;
  /** Event ids of commits that are no longer on the branch. */
  readonly removed: readonly string[];
  /** Commits that are dated outside of what is read. */
  readonly outside?: DatedOutside;
  /** Counted for the job: a rewritten branch. */
  readonly warnings: Readonly<Record<string, number>>;
  /** The pass could not be read to its end: all that is on the branch is to be walked. */
  readonly isLost: boolean;
  readonly look?: LookStep;
}

/** A clock may be a day ahead by its time zone; a commit that is further ahead never becomes due. */
const AHEAD_MS = DAY_MS;

/** Reads until the branch as it is now is known. */
export async function* fetchBranchCommits(
  context: ListContext,
  before: CommitState,
): AsyncGenerator<CommitPage> {
  const head = await fetchHead(context);
  if (head === null) return;
  const { from } = context.wanted.window;
  let state = before;
  if (state.pass !== null && state.pass.from <= from) {
    for await (const page of readPass(context, state, state.pass, 'pass')) {
      state = page.state;
      yield page;
    }
  }
  const isCovered = state.covers_from !== null && state.covers_from <= from;
  if (state.head !== null && isCovered) yield* goOn(context, state, head);
  else yield* walk(context, state, head);
}

/** The state when the whole history is to be walked again. */
export function withWalk(state: CommitState): CommitState {
  return { ...state, covers_from: null, pass: null };
}

const isWalk = (pass: CommitPass) => pass.base === null;

/** The warning when GitHub can't give the difference of two heads. */
const WARNINGS: Record<Incomparable, string> = {
  gone: 'rewritten_branch',
  refused: 'comparison_refused',
};

function walkFrom(context: ListContext, head: string, from: Date): CommitPass {
  const began_at = context.wanted.now;
  return { from, base: null, head, cursor: null, deferred: [], began_at, is_read: false };
}

/** The whole history from the beginning of what is wanted. */
async function* walk(
  context: ListContext,
  state: CommitState,
  head: string,
): AsyncGenerator<CommitPage> {
  const { from } = context.wanted.window;
  const before = await countOlder(context, head, from);
  yield { ...pageOf(context, from, [], state), outside: { before, after: 0, isWhole: true } };
  const pass = walkFrom(context, head, from);
  // There is one note of what a look has not met: that of the walk.
  for await (const page of readPass(context, { ...state, recheck: null }, pass, 'pass')) {
    yield page;
    // The next attempt asks for the head anew.
    if (page.isLost) throw new UnexpectedAnswerError(`GitHub does not know the commit ${head}`);
  }
}

/**
 * Looks again at the commits that are known, from the head up to which they are known. What was
 * pushed since is read by the next night, which gives up the look if the branch was rewritten.
 */
export async function* recheckCommits(
  context: ListContext,
  before: CommitState,
): AsyncGenerator<CommitPage> {
  const { covers_from, head, pass, recheck } = before;
  if (covers_from === null || head === null || pass !== null) return;
  const from = laterOf(covers_from, context.wanted.window.from);
  const place = recheck !== null && recheck.from <= from ? recheck : walkFrom(context, head, from);
  yield* readPass(context, before, place, 'recheck');
}

/** From the last seen head to the present one, and the commits deferred by the last run. */
async function* goOn(
  context: ListContext,
  state: CommitState,
  head: string,
): AsyncGenerator<CommitPage> {
  const base = state.head as string;
  const { from } = context.wanted.window;
  const difference = await fetchDifference(context, base, head);
  if (typeof difference === 'string') {
    const page = pageOf(context, from, [], { ...state, pass: null });
    yield { ...page, warnings: { [WARNINGS[difference]]: 1 } };
    yield* walk(context, { ...state, pass: null }, head);
    return;
  }
  const { comparison, vanished } = difference;
  const hadDeferred = state.deferred.length > 0;
  const due = await fetchDue(context, state, vanished);
  state = { ...state, deferred: due.later.map((commit) => commit.id) };
  const outside = { before: null, after: countAhead(due.later, context), isWhole: true };
  if (hadDeferred) yield { ...pageOf(context, from, due.commits, state), outside };
  if (comparison === null) return;
  if (vanished.size > 0) {
    // What a look would meet from the former head on is not all on the branch any more.
    state = { ...state, recheck: null };
    const page = pageOf(context, from, [], state);
    yield { ...page, removed: [...vanished], warnings: { rewritten_branch: 1 } };
  }
  const pass = { ...walkFrom(context, head, from), base, cursor: '1', began_at: null };
  for await (const page of readPass(context, state, pass, 'pass', comparison)) {
    yield page;
    if (page.isLost) yield* walk(context, page.state, head);
  }
}

/** What one head has and the other has not, both ways; no comparison where they are the same. */
async function fetchDifference(context: ListContext, base: string, head: string) {
  if (base === head) return { comparison: null, vanished: new Set<string>() };
  const comparison = await fetchComparison(context, base, head, 1);
  if (typeof comparison === 'string') return comparison;
  const vanished = await fetchVanished(context, comparison, base, head);
  return typeof vanished === 'string' ? vanished : { comparison, vanished };
}

/** Deferred commits that are now inside the window, requested by id; vanished ones are left out. */
async function fetchDue(context: ListContext, state: CommitState, vanished: ReadonlySet<string>) {
  const found = await fetchCommitsById(context, state.deferred);
  const all = readable(found).filter(({ oid }) => !vanished.has(eventIds.commit(oid)));
  const commits = all.filter((commit) => !isBeyond(commit, context));
  const later = all.filter((commit) => isBeyond(commit, context));
  return { commits: [...commits, ...found.filter(isPutAside)], later };
}

/** Where in the state of a branch a pass is kept. */
type Slot = 'pass' | 'recheck';

/** Reads a pass to its end. */
async function* readPass(
  context: ListContext,
  before: CommitState,
  pass: CommitPass,
  slot: Slot,
  first?: Comparison,
): AsyncGenerator<CommitPage> {
  const { base, from, began_at: at } = pass;
  let { deferred } = pass;
  const empty = (state: CommitState) => pageOf(context, from, [], state);
  const isBegun = pass.cursor !== null || pass.is_read;
  if (at && !isBegun) {
    yield { ...empty({ ...before, [slot]: pass }), look: { type: 'begun', from, at } };
  }
  const pages =
    base === null ? walkPages(context, pass) : differencePages(context, { ...pass, base }, first);
  for await (const { commits, skipped, cursor, lost } of pass.is_read ? [] : pages) {
    if (lost) {
      const state = slot === 'pass' ? withWalk(before) : { ...before, recheck: null };
      yield { ...empty(state), warnings: { [WARNINGS[lost]]: 1 }, isLost: true };
      return;
    }
    const later = readable(commits).filter((commit) => isBeyond(commit, context));
    deferred = [...deferred, ...later.map((commit) => commit.id)];
    const place = { ...pass, cursor, deferred, is_read: cursor === null };
    const isEnd = cursor === null && at === null;
    const state = isEnd ? finished(before, pass, slot, deferred) : { ...before, [slot]: place };
    const page = pageOf(context, from, commits, state, skipped);
    // A recheck meets those that the walk before it has counted.
    yield slot === 'pass' ? { ...page, outside: outsideOf(commits, context) } : page;
  }
  if (!at) return;
  const state = finished(before, pass, slot, deferred);
  yield { ...empty(state), look: { type: 'ended', from, at } };
}

function finished(
  before: CommitState,
  pass: CommitPass,
  slot: Slot,
  deferred: string[],
): CommitState {
  if (slot === 'recheck') return { ...before, recheck: null };
  const kept = isWalk(pass) ? [] : before.deferred;
  return {
    ...before,
    covers_from: pass.from,
    head: pass.head,
    deferred: [...new Set([...kept, ...deferred])],
    pass: null,
  };
}

function pageOf(
  context: ListContext,
  from: Date,
  commits: readonly CommitItem[],
  state: CommitState,
  merges = 0,
): CommitPage {
  const outcomes = commits.flatMap((commit) =>
    isPutAside(commit) ? commit : classifyCommit(commit, context.makeContribution),
  );
  const skipped = Array.from({ length: merges }, () => ({ skipped: 'merge_commit' }));
  return {
    outcomes: [...outcomes, ...skipped],
    window: { from, to: context.wanted.window.to },
    state,
    removed: [],
    warnings: {},
    isLost: false,
  };
}

/** The commits of a page that lie outside; a walk is not given those before it. */
function outsideOf(commits: readonly CommitItem[], context: ListContext): DatedOutside {
  const all = readable(commits);
  const { from } = context.wanted.window;
  const before = all.filter(({ committedDate }) => committedDate < from).length;
  return { before, after: countAhead(all, context), isWhole: false };
}

function countAhead(commits: readonly CommitNode[], { wanted }: ListContext): number {
  const ahead = wanted.now.getTime() + AHEAD_MS;
  return commits.filter(({ committedDate }) => committedDate.getTime() >= ahead).length;
}

function isBeyond(commit: CommitNode, { wanted }: ListContext): boolean {
  return commit.committedDate >= wanted.window.to;
}
