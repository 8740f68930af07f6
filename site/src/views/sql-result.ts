import { csvField } from '../../../pipeline/published/csv.ts';
import { plural } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import type { SqlResult } from '../sql/messages.ts';

/** What a query gave, as a table of the page and as CSV. */

export const describeResult = ({ rows, hasMore, milliseconds }: SqlResult): string =>
  `${hasMore ? `The first ${plural(rows.length, 'row')}` : plural(rows.length, 'row')}, ${milliseconds} ms`;

export const resultTable = ({ columns, rows }: SqlResult): Html =>
  html`<table class="sum"><caption class="sr-only">Result</caption><thead><tr>${columns.map(
    ({ name, isNumber }) => html`<th scope="col" class="${isNumber ? 'number' : ''}">${name}`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, place) => cellOf(cell, columns[place]?.isNumber ?? false))}`,
  )}</tbody></table>`;

function cellOf(cell: string | null, isNumber: boolean): Html {
  if (cell === null) return html`<td class="none">null`;
  return isNumber ? html`<td class="number">${cell}` : html`<td><bdi>${cell}</bdi>`;
}

/** Numbers stay what they are: only a text can be a formula. */
export function resultCsv({ columns, rows }: SqlResult): string {
  const head = columns.map(({ name }) => csvField(name)).join(',');
  const lines = rows.map((row) =>
    row.map((cell, place) => (columns[place]?.isNumber ? (cell ?? '') : csvField(cell))).join(','),
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}
