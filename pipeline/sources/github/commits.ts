import { z } from 'zod';
import { eventIds } from '../../domain/contribution.ts';
import type { DatedOutside } from '../../domain/source.ts';
import { DAY_MS } from '../../domain/time.ts';
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
import type { ListContext } from './sync.ts';

/**
 * Commits of the branch. The first time its history is walked; from then on it is the difference
 * between the last seen head and the new one that counts, whatever dates the commits have.
 */

const moment = z.iso.datetime().transform((text) => new Date(text));

export const commitStateSchema = z.object({
  /** Commits from here on are known; null until a walk is complete. */
  covers_from: moment.nullable(),
  /** The head up to which all is known. */
  head: z.string().nullable(),
  /** Node ids of commits that were seen, but lie beyond the window's end. */
  deferred: z.array(z.string()),
  /** What is under way: a walk from `head`, or the difference of `base` and `head`. */
  pass: z
    .object({
      from: moment,
      base: z.string().nullable(),
      head: z.string(),
      cursor: z.string().nullable(),
      deferred: z.array(z.string()),
    })
    .nullable(),
});

export type CommitState = z.infer<typeof commitStateSchema>;
type CommitPass = NonNullable<CommitState['pass']>;

export const NO_COMMITS: CommitState = { covers_from: null, head: null, deferred: [], pass: null };

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
}

/** A clock may be a day ahead by its time zone; a commit that is further ahead never becomes due. */
const AHEAD_MS = DAY_MS;

/** Gives the event ids of the commits that are stored from a moment on. */
export type ReadKnownCommits = (from: Date) => Promise<string[]>;

/** Reads until the branch as it is now is known. */
export async function* fetchBranchCommits(
  context: ListContext,
  before: CommitState,
  readKnown: ReadKnownCommits,
): AsyncGenerator<CommitPage> {
  const head = await fetchHead(context);
  if (head === null) return;
  const { from } = context.wanted.window;
  let state = before;
  if (state.pass !== null && state.pass.from <= from) {
    for await (const page of finishPass(context, state, state.pass, null)) {
      state = page.state;
      yield page;
    }
  }
  const isCovered = state.covers_from !== null && state.covers_from <= from;
  if (state.head !== null && isCovered) yield* goOn(context, state, head, readKnown);
  else yield* walk(context, state, head, readKnown);
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

/** The whole history from the beginning of what is wanted. */
async function* walk(
  context: ListContext,
  state: CommitState,
  head: string,
  readKnown: ReadKnownCommits,
): AsyncGenerator<CommitPage> {
  const { from } = context.wanted.window;
  const pass = { from, base: null, head, cursor: null, deferred: [] };
  const before = await countOlder(context, head, from);
  const outside = { before, after: 0, isWhole: true };
  yield { ...pageOf(context, from, [], state), outside };
  // What was known before and is not met on the walk has vanished from the branch.
  const stored = await readKnown(from);
  const known = stored.length > 0 ? new Set(stored) : null;
  for await (const page of finishPass(context, state, pass, known)) {
    yield page;
    // The next attempt asks for the head anew.
    if (page.isLost) throw new UnexpectedAnswerError(`GitHub does not know the commit ${head}`);
  }
}

/** From the last seen head to the present one, and the commits deferred by the last run. */
async function* goOn(
  context: ListContext,
  state: CommitState,
  head: string,
  readKnown: ReadKnownCommits,
): AsyncGenerator<CommitPage> {
  const base = state.head as string;
  const { from } = context.wanted.window;
  const difference = await fetchDifference(context, base, head);
  if (typeof difference === 'string') {
    const page = pageOf(context, from, [], { ...state, pass: null });
    yield { ...page, warnings: { [WARNINGS[difference]]: 1 } };
    yield* walk(context, { ...state, pass: null }, head, readKnown);
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
    const page = pageOf(context, from, [], state);
    // Those of co-authors, too, whose ids begin with the commit's.
    const isVanished = (id: string) => vanished.has(id.split(':', 2).join(':'));
    const removed = (await readKnown(from)).filter(isVanished);
    yield { ...page, removed, warnings: { rewritten_branch: 1 } };
  }
  const pass = { from, base, head, cursor: '1', deferred: [] };
  for await (const page of finishPass(context, state, pass, null, comparison)) {
    yield page;
    if (page.isLost) yield* walk(context, page.state, head, readKnown);
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

/** Reads a pass to its end. `known` loses what is met; what is left then is removed. */
async function* finishPass(
  context: ListContext,
  before: CommitState,
  pass: CommitPass,
  known: Set<string> | null,
  first?: Comparison,
): AsyncGenerator<CommitPage> {
  const { base } = pass;
  const pages =
    base === null ? walkPages(context, pass) : differencePages(context, { ...pass, base }, first);
  let deferred = pass.deferred;
  for await (const { commits, skipped, cursor, lost } of pages) {
    if (lost) {
      const state = { ...before, covers_from: null, pass: null };
      const page = pageOf(context, pass.from, [], state);
      yield { ...page, warnings: { [WARNINGS[lost]]: 1 }, isLost: true };
      return;
    }
    const later = readable(commits).filter((commit) => isBeyond(commit, context));
    // Nothing is removed because of a commit that could not be read.
    if (commits.some(isPutAside)) known?.clear();
    deferred = [...deferred, ...later.map((commit) => commit.id)];
    const state: CommitState =
      cursor === null
        ? finished(before, pass, deferred)
        : // A walk that looks for what has vanished must see all in one go.
          { ...before, pass: known === null ? { ...pass, cursor, deferred } : null };
    const page = pageOf(context, pass.from, commits, state, skipped);
    for (const outcome of page.outcomes) if ('eventId' in outcome) known?.delete(outcome.eventId);
    yield {
      ...page,
      outside: outsideOf(commits, context),
      removed: cursor === null ? [...(known ?? [])] : [],
    };
  }
}

function finished(before: CommitState, pass: CommitPass, deferred: string[]): CommitState {
  const kept = isWalk(pass) ? [] : before.deferred;
  return {
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
