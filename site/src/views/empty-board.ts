import { type Html, html } from '../lib/html.ts';
import { periodLabel } from '../lib/periods.ts';
import { boardHref, type Period, type Scope, type Site } from '../lib/site.ts';
import { unrankedText } from './board.ts';
import { time } from './time.ts';

/** A board without anybody on it, and what is known of why. */
export interface EmptyBoard {
  readonly scope: Scope;
  /** The period in words. */
  readonly span: string;
  readonly unranked: number;
  /** Periods in which there is somebody. */
  readonly others: readonly Period[];
  /** What was read; null if nothing was. */
  readonly read: { readonly from: string; readonly to: string } | null;
  /** False: nothing is known of any kind, so that nobody can be on it. */
  readonly isKnown: boolean;
}

export const emptyBoard = (site: Site, board: EmptyBoard): Html =>
  html`<section class="empty"><h2>Nobody is on this board yet</h2><p>${reason(site, board)}</p></section>`;

function reason(
  site: Site,
  { scope, span, unranked, others, read, isKnown }: EmptyBoard,
): Html | string {
  if (unranked > 0) return unrankedText(unranked);
  if (others.length > 0) {
    const links = others.map(
      (other, index) =>
        html`${index > 0 && ' and '}<a href="${boardHref(site, scope, other)}">${periodLabel(other).toLowerCase()}</a>`,
    );
    return html`No contribution was found in ${span}. There are boards for ${links}`;
  }
  if (read && !isKnown)
    return html`What happened between ${time(read.from)} and ${time(read.to)} is not known: what was read says nothing of contributions. <a href="${site.base}coverage/">Coverage</a> has the reason.`;
  if (read)
    return html`Nothing that counts was found between ${time(read.from)} and ${time(read.to)}.`;
  return html`Nothing has been read so far. The next run of the pipeline reads what it can; the <a href="${site.base}dashboard/">dashboard</a> shows how the last one went.`;
}
