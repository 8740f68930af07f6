import { formatCount, formatShare } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import type { KnownMonths } from '../lib/known-months.ts';

/** How many months of repositories are known, as one bar of all of them. */

export const STATES = [
  ['whole', 'whole'],
  ['part', 'known in part'],
  ['damaged', 'archive damaged'],
  ['unknown', 'not known'],
] as const satisfies readonly (readonly [keyof KnownMonths, string])[];

const WIDTH = 400;
/** Between the parts. */
const AIR = 1;

export function knownBar(counts: KnownMonths): Html {
  const { all } = counts;
  let from = 0;
  const parts = STATES.flatMap(([state]) => {
    const width = (counts[state] * WIDTH) / all;
    const start = from;
    from += width;
    return width > 0
      ? [html`<path class="k-${state}" d="M${round(start)} 7h${round(Math.max(1, width - AIR))}"/>`]
      : [];
  });
  const said = STATES.filter(([state]) => counts[state] > 0).map(
    ([state, name]) => `${name} ${formatShare(counts[state] / all)}`,
  );
  return html`<svg class="know-bar" viewBox="0 0 ${WIDTH} 14" preserveAspectRatio="none" role="img" aria-label="${said.join(', ')}">${parts}</svg>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** The legend with the numbers. */
export const knownKeys = (counts: KnownMonths): Html =>
  html`<p class="keys">${STATES.filter(([state]) => counts[state] > 0).map(
    ([state, name]) =>
      html`<span><i class="dot k-${state}"></i>${name}, ${formatCount(counts[state])}</span>`,
  )}</p>`;
