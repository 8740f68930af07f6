import type { NewJob } from '../../../db/queries/job-queue.ts';
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

/** The same for a source that costs nothing. */
export function describeJobs(
  source: string,
  jobs: readonly NewJob[],
  names: ReadonlyMap<number, string>,
): string[] {
  const queries = jobs.map(({ from, to, repositoryIds }) => ({
    window: { from, to },
    repositoryIds,
    bytes: null,
    usd: 0,
  }));
  return [heading(source, queries), ...queries.map((query) => line(query, names))];
}

/** The bytes are unknown (null) for a source that costs nothing. */
type DescribedQuery = Omit<BackfillQuery, 'bytes'> & { readonly bytes: number | null };

function heading(title: string, queries: readonly DescribedQuery[]): string {
  const jobs = queries.length === 1 ? '1 job' : `${queries.length} jobs`;
  return `${title}: ${jobs}, up to ${usd(sumOf(queries))}`;
}

function line(
  { window, repositoryIds, bytes, usd: cost }: DescribedQuery,
  names: ReadonlyMap<number, string>,
) {
  const span = `${minute(window.from)} – ${minute(window.to)}`;
  return `  ${span}  ${namesOf(repositoryIds, names)}  ${gib(bytes)}  ${usd(cost)}`;
}

function namesOf(ids: readonly number[], names: ReadonlyMap<number, string>): string {
  const [first = 0] = ids;
  const name = names.get(first) ?? `repository ${first}`;
  return ids.length <= 1 ? name : `${name} and ${ids.length - 1} more`;
}

const minute = (moment: Date) => moment.toISOString().slice(0, 16).replace('T', ' ');
const gib = (bytes: number | null) =>
  bytes === null ? 'bytes not known' : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
const usd = (amount: number) => `${amount.toFixed(2)} USD`;
const sumOf = (queries: readonly DescribedQuery[]) =>
  queries.reduce((total, query) => total + query.usd, 0);
