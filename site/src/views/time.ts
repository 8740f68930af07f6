import { formatDay, formatMinute } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';

/** A day; the hint over it has the minute. */
export const time = (at: string): Html =>
  html`<time datetime="${at}" title="${formatMinute(at)}">${formatDay(at)}</time>`;

/** A day without a hint, for lists of many. */
export const bareTime = (at: string): Html =>
  html`<time datetime="${at.slice(0, 10)}">${formatDay(at)}</time>`;

export const minuteTime = (at: string): Html =>
  html`<time datetime="${at}">${formatMinute(at)}</time>`;
