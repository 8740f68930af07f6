import { attribute, type Html, html } from '../lib/html.ts';

/**
 * A picture of one size for all screens: the marks stand in an inner drawing that is stretched, the
 * labels beside it at per cents, so that they keep their size. The numbers are in the table under it,
 * which `scripts/charts.ts` reads for a reader who points at a column.
 */
export interface Chart {
  /** The finding, in one sentence. */
  readonly label: string;
  /** How many columns there is room for: the width of the drawing in its own units. */
  readonly columns: number;
  /** Paths, from 0 to `columns` across and from 0 (top) to 100 (foot). */
  readonly marks: readonly Html[];
  /** Values at the left, at a share of the height from the foot up, in words. */
  readonly values: readonly { readonly at: number; readonly text: string }[];
  /** Places under the columns, in words. */
  readonly times: readonly { readonly at: number; readonly text: string }[];
  /** Times of which not all is known. */
  readonly bands?: readonly { readonly from: number; readonly to: number }[];
  /** Where it is said what is not known. */
  readonly lacking?: string;
  /** Words above a column, at a share of the height from the foot up. */
  readonly notes?: readonly {
    readonly at: number;
    readonly height: number;
    readonly text: string;
  }[];
  /** A value that is drawn as a line, at a share of the height from the foot up. */
  readonly limit?: number | undefined;
}

/** A part of the column at a place, from one value up to another. */
export interface ColumnPart {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export function drawChart(chart: Chart): Html {
  const { columns, bands = [], notes = [], lacking = 'not all known' } = chart;
  const top = (share: number) => percent(1 - share);
  const [first] = bands;
  return html`<svg class="chart" role="img" aria-label="${chart.label}">
    ${chart.values.map(({ at }) => line(at === 0 ? 'axis' : 'grid', top(at)))}
    ${bands.map(({ from, to }) => html`<rect class="hatch" x="${percent(from / columns)}" width="${percent((to - from) / columns)}" height="100%"/>`)}
    <svg width="100%" height="100%" viewBox="0 0 ${columns} 100" preserveAspectRatio="none">${chart.marks}</svg>
    ${chart.limit !== undefined && line('limit', top(chart.limit))}
    ${notes.map(({ at, height, text }) => html`<text class="note" x="${percent(at / columns)}" y="${top(height)}">${text}</text>`)}
    ${first && lacking && html`<text class="lacking" x="${percent(first.from / columns)}" y="0">${lacking}</text>`}
    ${chart.values.map(({ at, text }) => html`<text class="value" x="0" y="${top(at)}">${text}</text>`)}
    ${chart.times.map(({ at, text }, place) => html`<text${attribute('class', place % 2 === 1 && 'odd')} x="${percent(at / columns)}" y="100%">${text}</text>`)}
    </svg>`;
}

const line = (className: string, y: string) =>
  html`<line class="${className}" x2="100%" y1="${y}" y2="${y}"/>`;

/**
 * Parts of columns as one path of thick lines, in half per cents, each with a step from the end of the
 * last: their width, which the style sheet says, leaves some of the place free.
 * @param most the value at the top
 */
export function columnMarks(className: string, parts: readonly ColumnPart[], most: number): Html {
  const y = (value: number) => Math.round(200 - (200 * value) / most);
  let last: ColumnPart | undefined;
  const steps = parts.map((part) => {
    const [from, to] = [y(part.from), y(part.to)];
    if (from === to) return '';
    const start = last
      ? `m${part.at - last.at}${signed(from - y(last.to))}`
      : `M${short(part.at + 0.5)} ${from}`;
    last = part;
    return `${start}v${to - from}`;
  });
  return html`<path class="col ${className}" d="${steps.join('')}"/>`;
}

/** After another number: a minus separates it as well as a space does. */
const signed = (value: number): string => (value < 0 ? String(value) : ` ${value}`);

/**
 * Columns in parts, one above the other: a path for each kind, and one for its part of what goes on.
 * @param going the place from which columns are not over yet
 */
export function stackColumns(
  groups: readonly { readonly code: string; readonly counts: readonly number[] }[],
  most: number,
  going: number,
): Html[] {
  const below: number[] = [];
  return groups.flatMap(({ code, counts }) => {
    const parts = counts.flatMap((count, at): ColumnPart[] => {
      const from = below[at] ?? 0;
      below[at] = from + count;
      return count > 0 ? [{ at, from, to: from + count }] : [];
    });
    const [over, open] = [
      parts.filter(({ at }) => at < going),
      parts.filter(({ at }) => at >= going),
    ];
    return [
      ...(over.length > 0 ? [columnMarks(code, over, most)] : []),
      ...(open.length > 0 ? [columnMarks(`${code} going`, open, most)] : []),
    ];
  });
}

/** A line through points (across, and down from the top); a null is a gap in it. */
export function lineMark(className: string, points: readonly (readonly [number, number] | null)[]) {
  let isDrawing = false;
  const path = points.map((point) => {
    const wasDrawing = isDrawing;
    isDrawing = point !== null;
    if (point === null) return '';
    const place = `${short(point[0])} ${short(point[1])}`;
    // A point alone is seen, too.
    return wasDrawing ? `L${place}` : `M${place}h0`;
  });
  return html`<path class="${className}" d="${path.join('')}"/>`;
}

/** A dot at each point: a line without length, whose round end keeps its shape when stretched. */
export const dotMark = (points: readonly (readonly [number, number])[], className = ''): Html =>
  html`<path class="${`point ${className}`.trim()}" d="${points.map(([x, y]) => `M${short(x)} ${short(y)}h0`).join('')}"/>`;

/** Rounded to one decimal. */
const short = (value: number): string => String(Math.round(value * 10) / 10).replace(/^0\./, '.');

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

/** Steps of 1, 2 or 5 and zeros, at most four up to `most`. */
export function listTicks(most: number, least = 0): number[] {
  const size = 10 ** Math.floor(Math.log10(most / 4));
  const step = Math.max(
    least,
    [1, 2, 5, 10].map((times) => times * size).find((one) => most / one <= 4) ?? most,
  );
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** The first days of months between two moments (ms since 1970), at most eight, with their names. */
export function listMonthTicks(start: number, end: number): { time: number; text: string }[] {
  const first = new Date(start);
  const months: Date[] = [];
  for (let count = 0; ; count++) {
    const month = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + count, 1));
    if (month.getTime() >= end) break;
    if (month.getTime() >= start) months.push(month);
  }
  const step = [1, 2, 3, 4, 6, 12].find((one) => months.length / one <= 8) ?? 12;
  const shown = months.filter((month) => month.getUTCMonth() % step === 0);
  return shown.map((month, place) => ({
    time: month.getTime(),
    text: monthText(month, place === 0 || month.getUTCMonth() === 0),
  }));
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const monthText = (month: Date, withYear: boolean): string =>
  `${MONTHS[month.getUTCMonth()]}${withYear ? ` ${month.getUTCFullYear()}` : ''}`;
