import type { Compared } from '../lib/compared.ts';
import { type Html, html } from '../lib/html.ts';

/** The line style of who is compared, in the order chosen: `p1` to `p4` in compare.css. */
export const lineClass = (place: number): string => `p${place + 1}`;

/** The piece of line that stands before a name. */
export const lineKey = (place: number): Html =>
  html`<svg class="lk" viewBox="0 0 26 4" aria-hidden="true"><path class="${lineClass(place)}" d="M1 2h24"/></svg>`;

/** A name that may break after its slash. */
const breakable = (label: string): Html =>
  html`<bdi>${label.split('/').map((part, place) => (place === 0 ? part : html`/<wbr>${part}`))}</bdi>`;

/** Line and name. */
export const subject = ({ label, href }: Compared, place: number): Html =>
  html`<span class="subject">${lineKey(place)}<a href="${href}">${breakable(label)}</a></span>`;
