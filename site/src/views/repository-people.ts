import type { RepositoryActivity } from '../../../pipeline/published/documents.ts';
import { formatCount, formatShare, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { columnMarks, dotMark, drawChart, lineMark, listTicks } from './chart.ts';
import { figure, key } from './figure.ts';

/** The people of a repository: who comes and returns, and how few do half of the work. */

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Nov 2026` of the month that follows `from` (`YYYY-MM`) by so many months. */
function monthName(from: string, after: number): string {
  const [year = 0, month = 1] = from.split('-').map(Number);
  const place = year * 12 + month - 1 + after;
  return `${MONTHS[place % 12]} ${Math.floor(place / 12)}`;
}

/** Newcomers and returning people by month. Of the month that all begins in, nobody is a newcomer. */
export function newcomersFigure({ months }: RepositoryActivity): Html | null {
  const { from, is_beginning } = months;
  const skipped = is_beginning ? 1 : 0;
  const newcomers = months.newcomers.slice(skipped);
  const returning = months.returning.slice(skipped);
  if (from === null || newcomers.length < 2) return null;
  const name = (month: number) => monthName(from, month + skipped);
  const all = newcomers.map((count, month) => count + (returning[month] ?? 0));
  const most = Math.max(1, ...all);
  const year = newcomers.slice(-12).reduce((sum, count) => sum + count, 0);
  const title = `${plural(year, 'newcomer')} in ${Math.min(12, newcomers.length)} months`;
  const column = (at: number, low: number, high: number) => ({ at, from: low, to: high });
  const rows = newcomers.map(
    (count, month) => html`<tr><th>${name(month)}<td>${count}<td>${returning[month] ?? 0}`,
  );
  return figure({
    title,
    text: 'Active people of each month; this month is not over.',
    legend: html`${key('new', 'First contribution here')}${key('old', 'Returning')}`,
    plot: drawChart({
      label: `${title}, and returning people by month`,
      columns: all.length,
      marks: [
        columnMarks(
          'old',
          returning.map((count, at) => column(at, 0, count)),
          most,
        ),
        columnMarks(
          'new',
          all.map((sum, at) => column(at, returning[at] ?? 0, sum)),
          most,
        ),
      ],
      values: listTicks(most, 1).map((value) => ({ at: value / most, text: formatCount(value) })),
      times: all.flatMap((_, at) =>
        (all.length - 1 - at) % 5 === 0 ? [{ at: at + 0.5, text: name(at).slice(0, 3) }] : [],
      ),
    }),
    table: html`<table class="led values"><thead><tr><th scope="col">Month<th scope="col">First contribution<th scope="col">Returning</tr></thead><tbody>${rows.toReversed()}</tbody></table>`,
    width: 4,
  });
}

/** How many people together hold half of all points. */
export function halfFigure(activity: RepositoryActivity): Html | null {
  const { concentration: now, concentration_year_ago: before } = activity;
  if (!now || now.shares.length < 2) return null;
  const { half, shares, people } = now;
  const title = `Half of the work: ${plural(half, 'person', 'people')}`;
  const y = (share: number) => 100 - 100 * share;
  const points = [0, ...shares].map((share, n): [number, number] => [n, y(share)]);
  const reached = shares[half - 1];
  const rows = shares.map((share, n) => html`<tr><th>${n + 1}<td>${formatShare(share)}`);
  const area = html`<path class="area" d="M0 100${points.map(([x, at]) => `L${x} ${Math.round(at * 10) / 10}`).join('')}V100z"/>`;
  return figure({
    title,
    text: `Share of all points that the first people hold together, of ${formatCount(people)}.${before ? ` A year ago: ${formatCount(before.half)} of ${formatCount(before.people)}.` : ''}`,
    legend: html`<span>The first alone holds ${formatShare(shares[0] ?? 0)}</span>`,
    plot: drawChart({
      label: `${title}, of ${plural(people, 'person', 'people')} with points`,
      columns: shares.length,
      marks: [
        area,
        ...(reached === undefined
          ? []
          : [
              lineMark('ref', [
                [0, y(reached)],
                [half, y(reached)],
                [half, 100],
              ]),
            ]),
        lineMark('line', points),
        ...(reached === undefined ? [] : [dotMark([[half, y(reached)]])]),
      ],
      values: [0, 0.5, 1].map((at) => ({ at, text: `${100 * at}%` })),
      times: [...new Set([half, shares.length])].map((n) => ({
        at: Math.min(n, shares.length),
        text: formatCount(n),
      })),
    }),
    table: html`<table class="led values forward"><thead><tr><th scope="col">People<th scope="col">Share of points</tr></thead><tbody>${rows}</tbody></table>`,
    width: 4,
  });
}
