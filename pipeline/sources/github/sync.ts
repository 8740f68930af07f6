import { z } from 'zod';
import { earlierOf, type TimeWindow } from '../../domain/window.ts';
import type { GithubClient } from './client.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import type { PageSizes } from './pages.ts';

/**
 * How a list is read again and again: a first pass over the window, then passes over what
 * changed since. A pass that was interrupted resumes at its cursor.
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
});

export const listStateSchema = z.object({
  /** Contributions from here on are known; null until a pass is complete. */
  covers_from: moment.nullable(),
  /** Every change before this is known. */
  synced_to: moment.nullable(),
  /** The pass that is under way. */
  pass: syncPassSchema.nullable(),
});

export type SyncPass = z.infer<typeof syncPassSchema>;
export type ListState = z.infer<typeof listStateSchema>;

export const UNREAD: ListState = { covers_from: null, synced_to: null, pass: null };

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

interface ListPage {
  readonly outcomes: readonly Outcome[];
  /** Contributions in it are kept: from the beginning of what is covered to the window's end. */
  readonly window: TimeWindow;
  /** To be stored together with the outcomes. */
  readonly state: ListState;
  /** At the end of a pass over all that is wanted: when it began. */
  readonly wholeSince: Date | null;
}

/** Clocks differ, and GitHub's lists lag behind a little: this much of the last pass is read again. */
const SLACK_MS = 10 * 60_000;

/** What the next pass over a list is to do. An interrupted pass that reaches far enough back is resumed. */
function planPass(state: ListState, wanted: WantedWindow): SyncPass {
  const { window } = wanted;
  if (state.pass && state.pass.from <= window.from) return state.pass;
  const isKnown = state.covers_from !== null && state.covers_from <= window.from;
  return isKnown ? passSince(state, wanted) : fullPass(state, wanted);
}

function passSince({ synced_to }: ListState, wanted: WantedWindow): SyncPass {
  const { from } = wanted.window;
  const since = new Date((synced_to ?? from).getTime() - SLACK_MS);
  return { from, changed_since: since, synced_to: endOf(wanted), cursor: null };
}

/** Over all that is wanted, and what changed since it was last looked at. */
function fullPass({ synced_to }: ListState, wanted: WantedWindow): SyncPass {
  const { from } = wanted.window;
  return {
    from,
    changed_since: earlierOf(synced_to ?? from, from),
    synced_to: endOf(wanted),
    cursor: null,
  };
}

/** The state of a list of which all is to be read again. */
export function withFullPass(state: ListState, wanted: WantedWindow): ListState {
  return { ...state, pass: fullPass(state, wanted) };
}

/** Reads in passes until all changes up to now are known. */
export async function* syncList(
  before: ListState,
  wanted: WantedWindow,
  fetchPass: (pass: SyncPass) => AsyncIterable<PassPage>,
): AsyncGenerator<ListPage> {
  let state = before;
  while (isDue(state, wanted)) {
    const pass = planPass(state, wanted);
    const window = { from: pass.from, to: wanted.window.to };
    for await (const { outcomes, cursor } of fetchPass(pass)) {
      state = cursor === null ? finished(pass) : { ...state, pass: { ...pass, cursor } };
      const isWhole = cursor === null && pass.changed_since <= pass.from;
      yield { outcomes, window, state, wholeSince: isWhole ? pass.synced_to : null };
    }
  }
}

/** Whether there is something to read: a retry finds most lists read already. */
function isDue({ pass, covers_from, synced_to }: ListState, wanted: WantedWindow): boolean {
  if (pass !== null || covers_from === null || synced_to === null) return true;
  return covers_from > wanted.window.from || synced_to < endOf(wanted);
}

function finished(pass: SyncPass): ListState {
  return { covers_from: pass.from, synced_to: pass.synced_to, pass: null };
}

/** The end of what can be known at the time of the run; later runs read later changes. */
function endOf({ window, now }: WantedWindow): Date {
  return earlierOf(window.to, now);
}

/** What reading one list of one repository needs. */
export interface ListContext {
  readonly client: GithubClient;
  readonly owner: string;
  readonly name: string;
  /** The branch whose commits count; null: the repository's default branch. */
  readonly branch: string | null;
  readonly makeContribution: MakeContribution;
  readonly wanted: WantedWindow;
  readonly signal: AbortSignal;
  readonly coAuthors: boolean;
  readonly sizes: PageSizes;
}

/** GitHub's own form of a time, without milliseconds. */
export function toSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
