import type { Entry } from '../../../pipeline/published/documents.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS, groupPoints } from '../lib/kinds.ts';

/** Units of a bar that is as long as that of the first; the style sheet stretches it. */
export const BAR_WIDTH = 168;
/** The shortest bar that is still seen, and the shortest part. */
const LEAST_BAR = 2;
const LEAST_PART = 0.6;

const short = (value: number): string => String(Math.round(value * 10) / 10);

/**
 * A score as a bar: as long as it is against the score of the first, in parts by kind with a unit of
 * air between them. A stroke for each part: a board has fifty of these.
 * @param most the score of the first of the whole board
 * @param only the place in GROUPS of the only kind that is drawn
 */
export function scoreBar(
  points: Entry['points'],
  most: number,
  { width = BAR_WIDTH, only }: { width?: number; only?: number | undefined } = {},
): Html {
  const own = groupPoints(points).map((part, place) =>
    only === undefined || place === only ? part : 0,
  );
  const total = own.reduce((sum, part) => sum + part, 0);
  const full = most > 0 ? Math.min(width, Math.max(LEAST_BAR, (width * total) / most)) : 0;
  let from = 0;
  const parts = GROUPS.map(({ code }, place) => {
    const length = total > 0 ? (full * (own[place] ?? 0)) / total : 0;
    const start = from;
    from += length;
    if (length < LEAST_PART) return '';
    const air = from < full - 0.5 ? 1 : 0;
    return html`<path class="${code}" d="M${short(start)} 4h${short(Math.max(LEAST_PART, length - air))}"/>`;
  });
  return html`<svg class="br" viewBox="0 0 ${width} 8" preserveAspectRatio="none">${parts}</svg>`;
}
