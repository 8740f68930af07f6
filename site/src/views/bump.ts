import { formatDay } from '../lib/format.ts';
import { attribute, type Html, html } from '../lib/html.ts';

/** How the first of a board came there: a line of ranks for each, week by week. */
export interface Bump {
  /** The days of the ranks, oldest first. */
  readonly days: readonly string[];
  /** Best first of the last day; null: not among those whose ranks are known. */
  readonly lines: readonly {
    readonly username: string;
    readonly href: string | null;
    readonly ranks: readonly (number | null)[];
  }[];
}

/** Ranks that the drawing has room for; who is beyond them comes from below. */
const PLACES = 14;
const FIRST = 10;

export function bump({ days, lines }: Bump): Html | null {
  if (days.length < 3 || lines.length === 0) return null;
  return html`<details class="more bump-more"><summary>How the first ten came there, week by week</summary>
    ${bumpPlot(lines, `Ranks of the first ten over ${days.length} weeks`)}
    <p class="bump-days">${ends(days).map((day) => html`<time datetime="${day}">${formatDay(day)}</time>`)}</p></details>`;
}

/** The drawing with its places and names. @param label what it shows, in one sentence */
export function bumpPlot(lines: Bump['lines'], label: string): Html {
  const shown = lines.slice(0, FIRST);
  const steps = Math.max(1, (shown[0]?.ranks.length ?? 0) - 1);
  const ranks = Array.from({ length: PLACES }, (_, place) => html`<li>${place + 1}`);
  // The last is drawn first, so that the best lie above the others.
  const drawn = shown.map((line, place) => drawLine(line.ranks, place + 1)).reverse();
  return html`<div class="bump"><ol class="bump-ranks" aria-hidden="true">${ranks}</ol>
    <svg viewBox="0 .5 ${steps} ${PLACES + 1}" preserveAspectRatio="none" role="img" aria-label="${label}">${drawn}</svg>
    <ol class="bump-names">${shown.map(({ username, href }) => html`<li><a${attribute('href', href)}><bdi>${username}</bdi></a>`)}</ol></div>`;
}

const ends = (days: readonly string[]): string[] =>
  [days[0], days[(days.length - 1) >> 1], days.at(-1)].filter((day) => day !== undefined);

/** Steps relative to the one before, and a dot on each rank that there is room for. */
function drawLine(ranks: readonly (number | null)[], place: number): Html {
  const heights = ranks.map((rank) => (rank === null || rank > PLACES ? PLACES + 2 : rank));
  const path = heights.map((y, x) => {
    const by = y - (heights[x - 1] ?? 0);
    if (x === 0) return `M0 ${y}`;
    return by === 0 ? 'h1' : `c.5 0 .5 ${by} 1 ${by}`;
  });
  const dots = heights.map((y, x) => (y > PLACES ? '' : `M${x} ${y}h0`));
  return html`<path class="bp b${place}" d="${path.join('')}"/><path class="bd b${place}" d="${dots.join('')}"/>`;
}
