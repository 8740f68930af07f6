import { z } from 'zod';
import { earlierOf, laterOf, type TimeWindow } from '../../domain/window.ts';
import type { GithubClient } from './client.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import type { PageSizes } from './pages.ts';

/**
 * How a list is read again and again: a first pass over the window, then passes over what
 * changed since. A pass that was interrupted resumes at its cursor.
 *
 * A pass over all of a list is also a look: what is stored of the list since the beginning of the
 * pass and is not met goes, whichever source credits it, as GitHub's list is the authority. A look
 * ends only when each of its pages was read, so that one that failed, or was stopped by a limit,
 * takes out nothing. See `db/queries/looks.ts`.
 */

const moment = z.iso.datetime().transform((text) => new Date(text));

const syncPassSchema = z.object({
  /** Contributions from here on are kept. */
  from: moment,
  /** Items that did not change since then are skipped. */
  changed_since: moment,
  /** Every change before this is known once the pass is complete. */
  synced_to: moment,
  /** Where to resume, in the list's own form; null at the start. */
  cursor: z.string().nullable(),
  /** Whether it is a look: over all from `from` on. */
  is_look: z.boolean().default(false),
  /** Whether every page is read: what is left of a look is to take out what it did not meet. */
  is_read: z.boolean().default(false),
});

export const listStateSchema = z.object({
  /** Contributions from here on are known; null until a pass is complete. */
  covers_from: moment.nullable(),
  /** Every change before this is known. */
  synced_to: moment.nullable(),
  /** The pass that is under way. */
  pass: syncPassSchema.nullable(),
  /** A look at what is known, for a recheck: it is under way beside the passes of each night. */
  recheck: syncPassSchema.nullable().default(null),
});

export type SyncPass = z.infer<typeof syncPassSchema>;
export type ListState = z.infer<typeof listStateSchema>;

export const UNREAD: ListState = {
  covers_from: null,
  synced_to: null,
  pass: null,
  recheck: null,
};

/** The window wanted of a list, and the time of the run. */
export interface WantedWindow {
  readonly window: TimeWindow;
  readonly now: Date;
}

/** A page of a pass; the last one has no cursor. */
export interface PassPage {
  readonly outcomes: readonly Outcome[];
  readonly cursor: string | null;
}

/** The beginning and the end of a look, to be stored with the page. */
export interface LookStep {
  readonly type: 'begun' | 'ended';
  /** What is stored from here on is looked for. */
  readonly from: Date;
  /** When the look began. */
  readonly at: Date;
}

export interface ListPage {
  readonly outcomes: readonly Outcome[];
  /** Contributions in it are kept: from the beginning of what is covered to the window's end. */
  readonly window: TimeWindow;
  /** To be stored together with the outcomes. */
  readonly state: ListState;
  /** At the end of a pass over all that is wanted: when it began. */
  readonly wholeSince: Date | null;
  readonly look?: LookStep;
}

/** Reads all of a list that a pass wants. */
export interface ListReader {
  /** Every pass reads the whole list. */
  readonly isWhole: boolean;
  readonly fetchPass: (pass: SyncPass) => AsyncIterable<PassPage>;
}

/** Clocks differ, and GitHub's lists lag behind a little: this much of the last pass is read again. */
const SLACK_MS = 10 * 60_000;

/** What the next pass over a list is to do. An interrupted pass that reaches far enough back is resumed. */
function planPass(state: ListState, wanted: WantedWindow, isWhole: boolean): SyncPass {
  const { window } = wanted;
  if (state.pass && state.pass.from <= window.from) return state.pass;
  const isKnown = state.covers_from !== null && state.covers_from <= window.from;
  return isKnown && !isWhole ? passSince(state, wanted) : fullPass(state, wanted);
}

function passSince({ synced_to }: ListState, wanted: WantedWindow): SyncPass {
  const { from } = wanted.window;
  const since = new Date((synced_to ?? from).getTime() - SLACK_MS);
  return { ...look(from, wanted), changed_since: since, is_look: false };
}

/** Over all that is wanted, and what changed since it was last looked at. */
function fullPass({ synced_to }: ListState, wanted: WantedWindow): SyncPass {
  const { from } = wanted.window;
  return { ...look(from, wanted), changed_since: earlierOf(synced_to ?? from, from) };
}

/** A look at all from a moment on. */
function look(from: Date, wanted: WantedWindow): SyncPass {
  const synced_to = endOf(wanted);
  return { from, changed_since: from, synced_to, cursor: null, is_look: true, is_read: false };
}

/** The state of a list of which all is to be read again. */
export function withFullPass(state: ListState, wanted: WantedWindow): ListState {
  return { ...state, pass: fullPass(state, wanted) };
}

/** Reads in passes until all changes up to now are known. */
export async function* syncList(
  before: ListState,
  wanted: WantedWindow,
  reader: ListReader,
): AsyncGenerator<ListPage> {
  let state = before;
  while (isDue(state, wanted)) {
    const pass = planPass(state, wanted, reader.isWhole);
    // There is one note of what a look has not met: that of the pass.
    const recheck = pass.is_look ? null : state.recheck;
    const stateAt = (at: SyncPass | null): ListState =>
      at === null ? finished(pass, recheck) : { ...state, pass: at, recheck };
    for await (const page of readPass(pass, wanted, reader, stateAt)) {
      state = page.state;
      yield page;
    }
  }
}

/** Looks again at what is known of a list; not where it is not known yet, or is just being read. */
export async function* recheckList(
  state: ListState,
  wanted: WantedWindow,
  reader: ListReader,
): AsyncGenerator<ListPage> {
  if (state.covers_from === null || state.pass !== null) return;
  const from = laterOf(state.covers_from, wanted.window.from);
  const { recheck } = state;
  const pass = recheck !== null && recheck.from <= from ? recheck : look(from, wanted);
  yield* readPass(pass, wanted, reader, (place) => ({ ...state, recheck: place }));
}

/** Reads a pass to its end. `stateAt` gives the state of the list at a place of it; null: the end. */
async function* readPass(
  pass: SyncPass,
  { window: { to } }: WantedWindow,
  { fetchPass }: ListReader,
  stateAt: (pass: SyncPass | null) => ListState,
): AsyncGenerator<ListPage> {
  const window = { from: pass.from, to };
  const empty = { outcomes: [], window, wholeSince: null };
  const step = { from: pass.from, at: pass.synced_to };
  const isBegun = pass.cursor !== null || pass.is_read;
  if (pass.is_look && !isBegun) {
    yield { ...empty, state: stateAt(pass), look: { type: 'begun', ...step } };
  }
  if (!pass.is_read) {
    for await (const { outcomes, cursor } of fetchPass(pass)) {
      const isEnd = cursor === null && !pass.is_look;
      const place = { ...pass, cursor, is_read: cursor === null };
      const isWhole = isEnd && pass.changed_since <= pass.from;
      const wholeSince = isWhole ? pass.synced_to : null;
      yield { outcomes, window, state: stateAt(isEnd ? null : place), wholeSince };
    }
  }
  if (!pass.is_look) return;
  const end = { ...empty, wholeSince: pass.synced_to };
  yield { ...end, state: stateAt(null), look: { type: 'ended', ...step } };
}

/** Whether there is something to read: a retry finds most lists read already. */
function isDue({ pass, covers_from, synced_to }: ListState, wanted: WantedWindow): boolean {
  if (pass !== null || covers_from === null || synced_to === null) return true;
  return covers_from > wanted.window.from || synced_to < endOf(wanted);
}

function finished(pass: SyncPass, recheck: SyncPass | null): ListState {
  return { covers_from: pass.from, synced_to: pass.synced_to, pass: null, recheck };
}

/** The end of what can be known at the time of the run; later runs read later changes. */
function endOf({ window, now }: WantedWindow): Date {
  return earlierOf(window.to, now);
}

/** What reading one list of one repository needs. */
export interface ListContext {
  /** Our id of the repository. */
  readonly repositoryId: number;
  readonly client: GithubClient;
  readonly owner: string;
  readonly name: string;
  /** The branch whose commits count; null: the repository's default branch. */
  readonly branch: string | null;
  readonly makeContribution: MakeContribution;
  readonly wanted: WantedWindow;
  readonly signal: AbortSignal;
  readonly coAuthors: boolean;
  /** Whether what was hidden as spam or abuse counts. */
  readonly countHidden: boolean;
  readonly sizes: PageSizes;
}

/** GitHub's own form of a time, without milliseconds. */
export function toSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
