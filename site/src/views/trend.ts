import { type Html, html } from '../lib/html.ts';

/** Weeks that a trend shows. */
const WEEKS = 26;

/**
 * Contributions by week as one line, with a dot at its end: whole units and relative steps, as a
 * board has fifty of these. Zero is at its foot, and it has its own height.
 * @param weeks oldest first, without the zeros before the first that has any
 */
export function trend(weeks: readonly number[], [width, height] = [78, 18]): Html | '' {
  if (weeks.length === 0) return '';
  const values = [...new Array<number>(Math.max(0, WEEKS - weeks.length)).fill(0), ...weeks];
  const most = Math.max(1, ...values);
  let path = '';
  let [lastX, lastY] = [0, 0];
  for (const [place, value] of values.entries()) {
    const x = Math.round((width * place) / (values.length - 1));
    const y = Math.round(height - 1 - ((height - 2) * value) / most);
    const dy = y - lastY;
    path += place === 0 ? `M${x} ${y}` : `l${x - lastX}${dy < 0 ? '' : ' '}${dy}`;
    [lastX, lastY] = [x, y];
  }
  return html`<svg class="sp" viewBox="0 0 ${width} ${height}"><path d="${path}"/></svg>`;
}
