import { type Html, html } from '../lib/html.ts';

/** A picture with what it says. */
export interface Figure {
  /** The finding. */
  readonly title: string;
  readonly text?: string | undefined;
  readonly legend?: Html | undefined;
  readonly plot: Html;
  /** The numbers of the picture. */
  readonly table?: Html | undefined;
  /** Where the numbers come from, and what they lack. */
  readonly source?: Html | string | undefined;
  /** Columns of twelve that it takes on a wide screen. */
  readonly width: 4 | 5 | 7 | 8 | 12;
}

export const figure = ({ title, text, legend, plot, table, source, width }: Figure): Html =>
  html`<figure class="fig g${width}"><header><div><h2>${title}</h2>${text && html`<p>${text}</p>`}</div>
    ${legend && html`<p class="keys">${legend}</p>`}</header>${plot}
    ${table && html`<details class="more"><summary>As a table</summary><div class="scroll" tabindex="0" role="region" aria-label="${title}, as a table">${table}</div></details>`}
    ${source && html`<p class="src">${source}</p>`}</figure>`;

/** A mark of a legend. */
export const key = (className: string, label: string): Html =>
  html`<span><i class="dot ${className}"></i>${label}</span>`;
