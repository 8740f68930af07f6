import type { Entry } from '../../../pipeline/published/documents.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS, groupPoints } from '../lib/kinds.ts';

/** What a score is made of: a line of a hundred pixels, in a colour for each group of kinds. */
export function shareBar(points: Entry['points']): Html {
  const own = groupPoints(points);
  const all = own.reduce((sum, part) => sum + part, 0);
  let sum = 0;
  let start = 0;
  const lines = GROUPS.map(({ id }, place) => {
    sum += own[place] ?? 0;
    const end = all > 0 ? Math.round((sum / all) * 100) : 0;
    const from = start;
    start = end;
    return end > from && html`<path class="c-${id}" d="M${from} 3h${end - from}"/>`;
  });
  return html`<svg class="bar" aria-hidden="true">${lines}</svg>`;
}
