import { DAY_MS, MINUTE_MS } from './time.ts';
import { earlierOf, laterOf, type TimeWindow, yearsBefore } from './window.ts';

/** Decides which window of a repository is to be read. */

export const JOB_TYPES = ['full', 'incremental'] as const;

export type JobType = (typeof JOB_TYPES)[number];

/** `recheck` looks at what is known again, and is only planned, never asked for. */
export const STORED_JOB_TYPES = [...JOB_TYPES, 'recheck'] as const;

export type StoredJobType = (typeof STORED_JOB_TYPES)[number];

export interface WindowFacts {
  /** End of the last window that this source has read; null if it has read none. */
  readonly lastWindowEnd: Date | null;
  /** Latest moment for which any source has data; null without data. */
  readonly dataUntil: Date | null;
  /** Nothing before it is ever read again. */
  readonly neverRescrapeBefore: Date | null;
}

export interface WindowRules {
  readonly windowYears: number;
  readonly overlapDays: number;
  /** Null: incremental if there is earlier data, else full. */
  readonly jobType: JobType | null;
  /** The start and end given by the options; null: planned. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly now: Date;
}

export interface PlannedWindow {
  readonly jobType: JobType;
  readonly window: TimeWindow;
}

/** How far the clocks of two machines may differ without a word. */
const CLOCK_SLACK_MS = 5 * MINUTE_MS;

/** The latest end of a read window that is believed: what is later was stored by a wrong clock. */
export const latestMark = (now: Date) => new Date(now.getTime() + CLOCK_SLACK_MS);

interface Marks {
  readonly lastScrapedAt: Date | null;
  readonly dataUntil: Date | null;
  readonly hasFutureWindow: boolean;
}

/** Whether a run whose clock was ahead has left a mark, which would hide all that comes until then. */
export const hasFutureMark = ({ lastScrapedAt, dataUntil, hasFutureWindow }: Marks, now: Date) =>
  hasFutureWindow ||
  [lastScrapedAt, dataUntil].some((mark) => mark !== null && mark > latestMark(now));

/** The same, with marks of the future taken for none. */
export function withoutFutureMarks<T extends Marks>(repository: T, now: Date): T {
  const believed = (mark: Date | null) => (mark && mark <= latestMark(now) ? mark : null);
  const { lastScrapedAt, dataUntil } = repository;
  return { ...repository, lastScrapedAt: believed(lastScrapedAt), dataUntil: believed(dataUntil) };
}

/**
 * Full: the last years. Incremental: from the last window's end, else from the latest data,
 * each less the overlap; else full. Null: there is nothing to read.
 */
export function planWindow(facts: WindowFacts, rules: WindowRules): PlannedWindow | null {
  // A window must not end in the future: events until then would count as read.
  const to = earlierOf(rules.to ?? rules.now, rules.now);
  const start = startOf(facts, rules);
  const from = laterOf(start.from, facts.neverRescrapeBefore ?? start.from);
  return from < to ? { jobType: start.jobType, window: { from, to } } : null;
}

function startOf(facts: WindowFacts, rules: WindowRules): { jobType: JobType; from: Date } {
  if (rules.from) return { jobType: rules.jobType ?? 'full', from: rules.from };
  const known = facts.lastWindowEnd ?? facts.dataUntil;
  if (rules.jobType === 'full' || known === null) {
    return { jobType: 'full', from: fullStart(rules) };
  }
  return {
    jobType: 'incremental',
    from: new Date(known.getTime() - rules.overlapDays * DAY_MS),
  };
}

/** Where a full window begins. */
export function fullStart({ now, windowYears }: Pick<WindowRules, 'now' | 'windowYears'>): Date {
  return yearsBefore(now, windowYears);
}
