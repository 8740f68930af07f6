import type { Stats, Trends } from '../../../pipeline/published/documents.ts';
import { DAY_MS, plural } from './format.ts';

/** Whether the numbers of the site are kept up to date, as its documents say it. */
export interface Health {
  readonly level: 'good' | 'behind' | 'failed';
  /** In a few words. */
  readonly words: string;
  /** Runs since the last one that failed. */
  readonly goodInARow: number;
  /** How much older the data is than the documents, in ms; null: nothing was read yet. */
  readonly behindMs: number | null;
}

export type HealthDocuments = Pick<Stats, 'generated_at' | 'data_until' | 'runs'> &
  Partial<Pick<Trends, 'breakers'>>;

/** Data that is older has missed a night. */
const USUAL_MS = 2 * DAY_MS;

export function judgeHealth(documents: HealthDocuments): Health {
  const { runs, generated_at, data_until } = documents;
  const ended = runs.filter(({ status }) => status !== 'RUNNING');
  const goodInARow = countUntil(ended, 'FAILED');
  const behindMs =
    data_until === null ? null : Math.max(0, Date.parse(generated_at) - Date.parse(data_until));
  return { ...sayHealth(documents, ended, behindMs), goodInARow, behindMs };
}

function sayHealth(
  { breakers = [] }: HealthDocuments,
  ended: Stats['runs'],
  behindMs: number | null,
): Pick<Health, 'level' | 'words'> {
  const failed = countUntil(ended, 'COMPLETED');
  if (failed > 0) {
    const words = failed === 1 ? 'The last run failed' : `The last ${failed} runs failed`;
    return { level: 'failed', words };
  }
  if (behindMs === null) return { level: 'behind', words: 'Nothing has been read yet' };
  if (behindMs > USUAL_MS)
    return { level: 'behind', words: `Behind by ${plural(Math.floor(behindMs / DAY_MS), 'day')}` };
  const open = breakers.filter(({ state }) => state === 'OPEN').map(({ source }) => source);
  if (open.length > 0) return { level: 'behind', words: `Waits for ${open.join(', ')}` };
  return { level: 'good', words: 'Healthy' };
}

/** Runs, newest first, before the first of a status. */
function countUntil(runs: Stats['runs'], status: 'COMPLETED' | 'FAILED'): number {
  const place = runs.findIndex((run) => run.status === status);
  return place === -1 ? runs.length : place;
}

/** The middle of some numbers; null if there is none. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
