import type { NewJob } from '../../../db/queries/job-queue.ts';
import { HOUR_MS } from '../../domain/time.ts';
import type { BackfillPlan, BackfillQuery } from './plan-backfill.ts';

/** Most waiting queries that are listed; one line sums up the others. */
const LATER_SHOWN = 6;

/**
 * The text of a plan for `--dry-run`: each job with window, repositories, bytes and US dollars,
 * and the day by which the history would be complete. `names` are by our id.
 */
export function describePlan(
  source: string,
  { now, later, completeOn }: BackfillPlan,
  names: ReadonlyMap<number, string>,
): string[] {
  const shown = later.slice(0, LATER_SHOWN);
  const hidden = later.slice(LATER_SHOWN);
  return [
    heading(`${source}, now`, now),
    ...now.map((query) => line(query, names)),
    ...(later.length > 0 ? [heading(`${source}, on later days`, later)] : []),
    ...shown.map((query) => line(query, names)),
    ...(hidden.length > 0 ? [`  and ${hidden.length} more, ${usd(sumOf(hidden))}`] : []),
    completeOn === null
      ? 'history would never be complete within this budget'
      : `history would be complete by ${completeOn}`,
  ];
}

/** Points of GitHub's rate limit that reading a repository took, and on which date (UTC). */
export interface LastUsage {
  readonly points: number;
  readonly usedOn: string;
}

/** The same for GitHub, whose price is points: what a job will take is known only of its last reading. */
export function describeGithubJobs(
  source: string,
  jobs: readonly NewJob[],
  names: ReadonlyMap<number, string>,
  usage: ReadonlyMap<number, LastUsage>,
): string[] {
  const last = jobs.map(({ repositoryIds: [id = 0] }) => usage.get(id) ?? null);
  const known = last.filter((one) => one !== null);
  const points = known.reduce((total, one) => total + one.points, 0);
  const unknown = jobs.length - known.length;
  const price = [
    ...(known.length > 0 ? [`${points} points when last read`] : []),
    ...(unknown > 0 ? [`points not known of ${unknown}, not read yet`] : []),
  ];
  return [
    [`${source}: ${countOf(jobs)}, no money`, ...price].join(', '),
    ...jobs.map((job, i) => {
      const one = last[i];
      const cost = one ? `${one.points} points on ${one.usedOn}` : 'points not known yet';
      return `${start({ ...job, window: job }, names)}  ${cost}`;
    }),
  ];
}

/** Jobs that look at the past again have no window of their own, and what the others leave. */
export function describeRechecks(
  source: string,
  jobs: readonly NewJob[],
  names: ReadonlyMap<number, string>,
): string[] {
  if (jobs.length === 0) return [];
  return [
    `${source}, the past again: ${countOf(jobs)}, with the points that are left`,
    ...jobs.map(({ repositoryIds, lists = [] }) => {
      const words = lists.map((list) => list.replaceAll('_', ' '));
      return `  ${namesOf(repositoryIds, names)}  ${words.join(', ')}`;
    }),
  ];
}

/** The same for a source of hour files, which costs nothing. */
export function describeFileJobs(
  source: string,
  jobs: readonly NewJob[],
  names: ReadonlyMap<number, string>,
): string[] {
  const hours = jobs.map(({ from, to }) => Math.ceil((to.getTime() - from.getTime()) / HOUR_MS));
  const sum = hours.reduce((total, count) => total + count, 0);
  return [
    `${source}: ${countOf(jobs)}, no money, ${sum} hour files`,
    ...jobs.map((job, i) => `${start({ ...job, window: job }, names)}  ${hours[i]} hour files`),
  ];
}

function heading(title: string, queries: readonly BackfillQuery[]): string {
  return `${title}: ${countOf(queries)}, up to ${usd(sumOf(queries))}`;
}

const countOf = ({ length }: { readonly length: number }) =>
  length === 1 ? '1 job' : `${length} jobs`;

function line(query: BackfillQuery, names: ReadonlyMap<number, string>) {
  const gib = (query.bytes / 2 ** 30).toFixed(2);
  return `${start(query, names)}  ${gib} GiB  ${usd(query.usd)}`;
}

/** The window and the repositories. */
function start(
  { window, repositoryIds }: Pick<BackfillQuery, 'window' | 'repositoryIds'>,
  names: ReadonlyMap<number, string>,
) {
  const span = `${minute(window.from)} – ${minute(window.to)}`;
  return `  ${span}  ${namesOf(repositoryIds, names)}`;
}

function namesOf(ids: readonly number[], names: ReadonlyMap<number, string>): string {
  const [first = 0] = ids;
  const name = names.get(first) ?? `repository ${first}`;
  return ids.length <= 1 ? name : `${name} and ${ids.length - 1} more`;
}

const minute = (moment: Date) => moment.toISOString().slice(0, 16).replace('T', ' ');
const usd = (amount: number) => `${amount.toFixed(2)} USD`;
const sumOf = (queries: readonly BackfillQuery[]) =>
  queries.reduce((total, query) => total + query.usd, 0);
