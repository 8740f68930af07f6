import type { Entry } from '../../../pipeline/published/documents.ts';
import { type Html, html } from '../lib/html.ts';
import { GROUPS, groupPoints } from '../lib/kinds.ts';

/** Pixels of a bar on boards that is as long as that of the first; narrow screens shrink it. */
const BAR_WIDTH = 168;
/** The shortest bar that is still seen. */
const LEAST_BAR = 2;

/**
 * The paths of a score as a bar: as long as it is against the score of the first, in parts by kind with a pixel of
 * air between them. A stroke of whole pixels for each part, whose place among the paths gives its
 * colour: a board has fifty of these.
 * @param most the score of the first of the whole board
 * @param only the place in GROUPS of the only kind that is drawn
 * @param width of the longest bar
 */
export function scoreBar(
  points: Entry['points'],
  most: number,
  { only, width = BAR_WIDTH }: { only?: number | undefined; width?: number } = {},
): readonly Html[] {
  const own = groupPoints(points).map((part, place) =>
    only === undefined || place === only ? part : 0,
  );
  const total = own.reduce((sum, part) => sum + part, 0);
  const full = most > 0 ? Math.min(width, Math.max(LEAST_BAR, (width * total) / most)) : 0;
  const last = Math.round(full);
  let sum = 0;
  const parts = GROUPS.map((_, place) => {
    const start = Math.round((full * sum) / (total || 1));
    sum += own[place] ?? 0;
    const end = Math.round((full * sum) / (total || 1));
    if (end === start) return null;
    const length = Math.max(1, end - start - (end < last ? 1 : 0));
    return html`<path d="M${start} 4h${length}"/>`;
  });
  const drawn = parts.slice(0, 1 + parts.findLastIndex((part) => part !== null));
  return drawn.map((part) => part ?? html`<path/>`);
}
