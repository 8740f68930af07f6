import { formatDay, formatMinute } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';

/** A day; the hint over it has the minute. */
export const time = (at: string): Html =>
  html`<time datetime="${at}" title="${formatMinute(at)}">${formatDay(at)}</time>`;

/** A day without a hint, for lists of many. Of a time the seconds are left out. */
export const bareTime = (at: string): Html =>
  html`<time datetime="${at.replace(/:\d\d(?:\.\d+)?Z$/, 'Z')}">${formatDay(at)}</time>`;

export const minuteTime = (at: string): Html =>
  html`<time datetime="${at}" title="${formatMinute(at)}">${formatMinute(at)}</time>`;
