import { formatShare } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';

/** Where the numbers of a board come from: how much is known, what is missing, and its documents. */
export interface BoardSourceLine {
  /** Share of what could be known, 0 to 1; null where it was never measured. */
  readonly known: number | null;
  /** What is not known, in sentences. */
  readonly gaps: readonly string[];
  readonly links: readonly { readonly label: string; readonly href: string }[];
}

export const boardSource = (
  base: string,
  { known, gaps, links }: BoardSourceLine,
): Html => html`<div class="src">
  ${known !== null && html`<span>${knownBar(known)}${formatShare(known)} known</span>`}
  ${gaps.length > 0 && html`<span class="board-notice">${gaps.join(' ')} <a href="${base}coverage/">See coverage</a></span>`}
  <span>${links.map(({ label, href }, place) => html`${place > 0 && ' · '}<a href="${href}">${label}</a>`)}</span></div>`;

function knownBar(known: number): Html {
  const part = Math.round(46 * known);
  return html`<svg class="know" viewBox="0 0 46 6" aria-hidden="true"><path d="M0 3h${part}"/>
    ${part < 46 && html`<path d="M${part} 3H46"/>`}</svg>`;
}
