import type { NewJob } from '../../../db/queries/job-queue.ts';
import type { BackfillPiece, BackfillPlan } from './plan-backfill.ts';

/** Most pieces that are listed of what waits; the rest is told in one line. */
const LATER_SHOWN = 6;

/**
 * What `--dry-run` says of a plan: each job with window, repositories, bytes and US dollars, and
 * the day on which history would be whole. Names come by our id.
 */
export function describePlan(
  { now, later, wholeOn }: BackfillPlan,
  names: ReadonlyMap<number, string>,
): string[] {
  const shown = later.slice(0, LATER_SHOWN);
  const hidden = later.slice(LATER_SHOWN);
  return [
    heading('bigquery, now', now),
    ...now.map((piece) => line(piece, names)),
    ...(later.length > 0 ? [heading('bigquery, on later days', later)] : []),
    ...shown.map((piece) => line(piece, names)),
    ...(hidden.length > 0 ? [`  and ${hidden.length} more, ${usd(sumOf(hidden))}`] : []),
    wholeOn === null
      ? 'history would never be whole within this budget'
      : `history would be whole on ${wholeOn}`,
  ];
}

/** The same of a source that costs nothing. */
export function describeJobs(
  source: string,
  jobs: readonly NewJob[],
  names: ReadonlyMap<number, string>,
): string[] {
  const pieces = jobs.map(({ from, to, repositoryIds }) => ({
    window: { from, to },
    repositoryIds,
    bytes: null,
    usd: 0,
  }));
  return [heading(source, pieces), ...pieces.map((piece) => line(piece, names))];
}

/** Of sources that cost nothing nobody knows the bytes before they are read. */
type DescribedPiece = Omit<BackfillPiece, 'bytes'> & { readonly bytes: number | null };

function heading(title: string, pieces: readonly DescribedPiece[]): string {
  const jobs = pieces.length === 1 ? '1 job' : `${pieces.length} jobs`;
  return `${title}: ${jobs}, up to ${usd(sumOf(pieces))}`;
}

function line(
  { window, repositoryIds, bytes, usd: cost }: DescribedPiece,
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
const sumOf = (pieces: readonly DescribedPiece[]) =>
  pieces.reduce((total, piece) => total + piece.usd, 0);
