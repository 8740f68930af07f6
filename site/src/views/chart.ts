import { attribute, type Html, html } from '../lib/html.ts';

/**
 * Columns over time as a picture of one size for all screens: the columns stand in an inner drawing
 * that is stretched, in whole units of the data; the labels stand beside it at per cents, and keep
 * their size.
 */
export interface Chart {
  readonly label: string;
  readonly description: string;
  /** How many columns there is room for, and the value at the top. */
  readonly columns: number;
  readonly most: number;
  /** Parts of columns, by the class that gives them their colour. */
  readonly series: readonly { readonly className: string; readonly parts: readonly ColumnPart[] }[];
  /** A value at the left, in words. */
  readonly values: readonly { readonly value: number; readonly text: string }[];
  /** A place under the columns, in words. */
  readonly times: readonly { readonly at: number; readonly text: string }[];
  /** Times of which not all is known. */
  readonly bands: readonly { readonly from: number; readonly to: number }[];
  /** A value that is drawn as a line. */
  readonly limit?: number | undefined;
}

/** A part of the column at a place, from one value up to another. */
export interface ColumnPart {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export function drawChart(chart: Chart): Html {
  const { columns, most, bands } = chart;
  const top = (value: number) => percent(1 - value / most);
  return html`<svg class="chart" role="img" aria-label="${chart.label}" aria-description="${chart.description}">
    ${chart.values.map(({ value }) => line('grid', top(value)))}
    <svg width="100%" height="100%" viewBox="-.05 0 ${columns} ${short(most)}" preserveAspectRatio="none">
    ${bands.map(({ from, to }) => html`<path class="band" d="M${short(from)} 0H${short(to)}V${short(most)}H${short(from)}z"/>`)}
    ${chart.series.map(({ className, parts }) => html`<path class="${className}" d="${parts.map((part) => column(part, most)).join('')}"/>`)}
    </svg>${chart.limit !== undefined && line('limit', top(chart.limit))}
    ${bands.map(({ from }) => html`<text class="lacking" x="${percent(from / columns)}" y="0">not all known</text>`)}
    ${chart.values.map(({ value, text }) => html`<text class="value" x="0" y="${top(value)}">${text}</text>`)}
    ${chart.times.map(({ at, text }, place) => html`<text${attribute('class', place % 2 === 1 && 'odd')} x="${percent(at / columns)}" y="100%">${text}</text>`)}
    </svg>`;
}

const line = (className: string, y: string) =>
  html`<line class="${className}" x2="100%" y1="${y}" y2="${y}"/>`;

/** A rectangle that leaves a tenth of its place free; the drawing begins half of that before 0. */
const column = ({ at, from, to }: ColumnPart, most: number): string =>
  `M${short(at)} ${short(most - from)}h.9V${short(most - to)}h-.9z`;

/** Three decimals are finer than any screen. */
const short = (value: number): string => String(Math.round(value * 1000) / 1000);
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
