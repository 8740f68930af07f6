import type { Contributor, Movement } from '../../../pipeline/published/documents.ts';
import { formatCount, formatDay, formatScore, plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import type { Period } from '../lib/site.ts';

/** Why rank and score are others than on the board that a period is compared with. */

type Standing = NonNullable<Contributor['periods'][Period]>;
type Parts = NonNullable<Movement['parts']>;

/** @param span the words for the period: "the last 30 days" */
export function moved(
  { total_score, rank, previous_rank, movement }: Standing,
  span: string,
): Html | null {
  if (!movement) return null;
  const { since, previous_score, parts, people } = movement;
  const day = formatDay(since);
  const change = previous_score === null ? null : thousandths(total_score - previous_score);
  const title = change === null ? html`Since ${day}` : html`${signedPoints(change)} since ${day}`;
  return html`<section class="moved"><h3>${title}</h3>
    <p class="lead-s">${rankWords(rank, previous_rank, people, (change ?? 0) > 0)}</p>
    ${parts ? partsTable(parts, change ?? 0, span) : change !== 0 && html`<p class="src">What made the difference is not known: how that board was made was not kept, or it counted other lines.</p>`}</section>`;
}

/** Sums of decimals are exact to a thousandth, as scores are. */
const thousandths = (value: number) => Math.round(value * 1000) / 1000;

const signed = (value: number): string =>
  value === 0 ? '0' : `${value > 0 ? '+' : '−'}${formatScore(Math.abs(value))}`;

const signedPoints = (value: number): string =>
  `${signed(value)} ${Math.abs(value) === 1 ? 'point' : 'points'}`;

/** Who is ahead who was not, and the other way round: together they are the change of the rank. */
function rankWords(
  rank: number,
  previous: number | null,
  people: Movement['people'],
  gained: boolean,
): string {
  if (previous === null) return `#${formatCount(rank)} now, and not on the board then.`;
  const { passed = 0, left = 0, passed_by = 0, newcomers = 0 } = people ?? {};
  const who = gained ? ' who gained more' : '';
  const changes = [
    passed > 0 && `passed ${plural(passed, 'person', 'people')}`,
    passed_by > 0 && `passed by ${plural(passed_by, 'person', 'people')}${who}`,
    newcomers > 0 && `behind ${plural(newcomers, 'newcomer')}`,
    left > 0 && `${plural(left, 'person', 'people')} left the board`,
  ].filter((text) => text !== false);
  const ranks =
    rank === previous
      ? `#${formatCount(rank)} then and now`
      : `#${formatCount(previous)} then, #${formatCount(rank)} now`;
  return changes.length > 0 ? `${ranks}: ${changes.join(', ')}.` : `${ranks}.`;
}

/** Pixels of the whole column of bars, whose middle is 0. */
const BAR = 140;

const LABELS: Readonly<Record<keyof Parts, (span: string) => string>> = {
  own_work: () => 'Own work since',
  left_period: (span) => `No longer in ${span}`,
  late_data: () => 'Older work that became known',
  weights: () => 'Other weights',
  corrections: () => 'Corrections',
};

function partsTable(parts: Parts, change: number, span: string): Html | null {
  const rows = Object.entries(LABELS).flatMap(([part, label]) => {
    const points = parts[part as keyof Parts] ?? 0;
    return points === 0 ? [] : [{ label: label(span), points }];
  });
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map(({ points }) => Math.abs(points)));
  return html`<table class="led"><tbody>${rows.map(
    ({ label, points }) => html`<tr><th>${label}<td>${bar(points, most)}<td>${signed(points)}`,
  )}</tbody><tfoot><tr><th>Difference<td><td>${signed(change)}</tr></tfoot></table>`;
}

/** To the right for what was gained, to the left for what was lost. */
function bar(points: number, most: number): Html {
  const length = Math.max(1, Math.round(((BAR / 2) * Math.abs(points)) / most));
  return points > 0
    ? html`<svg class="br"><path class="u" d="M70 4h${length}"/></svg>`
    : html`<svg class="br"><path class="w" d="M70 4h-${length}"/></svg>`;
}
