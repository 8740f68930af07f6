import { type Html, html } from '../lib/html.ts';

/** Weeks that a trend shows. */
const WEEKS = 26;

/**
 * Contributions by week as one line, with a dot at its end: whole units and relative steps, as a
 * board has fifty of these. Zero is at its foot, and it has its own height.
 * @param weeks oldest first, without the zeros before the first that has any
 * @param size of one that is stretched to its place; else it is drawn in pixels, on a board, where
 *   the style sheet finds it by its place
 */
export function trend(weeks: readonly number[], size?: readonly [number, number]): Html | '' {
  if (weeks.length === 0) return '';
  const [width, height] = size ?? [78, 18];
  const values = [...new Array<number>(Math.max(0, WEEKS - weeks.length)).fill(0), ...weeks];
  const most = Math.max(1, ...values);
  const points = values.map((value, place) => ({
    x: Math.round((width * place) / (values.length - 1)),
    y: Math.round(height - 1 - ((height - 2) * value) / most),
  }));
  // Within weeks that are alike, no point is needed.
  const bends = points.filter(({ y }, place) => {
    const [before, after] = [points[place - 1], points[place + 1]];
    return !before || !after || before.y !== y || after.y !== y;
  });
  const path = bends.map(({ x, y }, place) => {
    const before = bends[place - 1];
    if (!before) return `M${x} ${y}`;
    const dy = y - before.y;
    return dy === 0 ? `h${x - before.x}` : `l${x - before.x}${dy < 0 ? '' : ' '}${dy}`;
  });
  const box = size && html` class="sp" viewBox="0 0 ${width} ${height}"`;
  return html`<svg${box}><path d="${path.join('')}"/></svg>`;
}
