import { type Html, html } from '../lib/html.ts';

/** A field of a document, or of an object within it. */
export interface ApiField {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
}

/** A kind of document, as the page about the API shows it. */
export interface ApiDocument {
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  /** Null: it was not written. */
  readonly schema: string | null;
  readonly fields: readonly ApiField[];
  /** The address of one of its kind; null: there is none yet. */
  readonly example: string | null;
}

export const apiDocument = (document: ApiDocument): Html =>
  html`<section class="endpoint" id="${document.name}"><h3><code>GET /${document.path}</code></h3>
    <p>${document.summary}. ${document.schema && html`<a href="${document.schema}">JSON Schema</a>`}</p>
    <details><summary>Fields</summary><table class="sum"><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Always there</tr></thead>
    <tbody>${document.fields.map(fieldRow)}</tbody></table></details>
    ${document.example ? tryIt(document.example) : html`<p class="note">There is none yet.</p>`}</section>`;

const fieldRow = ({ name, type, isRequired }: ApiField) =>
  html`<tr><th><code>${name}</code><td>${type}<td>${isRequired ? 'yes' : 'no'}`;

/** Without a script, the link shows the document. */
const tryIt = (address: string): Html =>
  html`<div class="try" data-try="${address}"><p>Example: <a href="${address}">${address}</a></p><button type="button" class="js-only">Run</button><pre hidden tabindex="0" aria-label="Answer"></pre></div>`;

/** Items of a list, and characters of a text, that an answer is shown with. */
const [ITEMS, CHARACTERS] = [3, 200];

/** An answer in a size to read: the beginning of each list, with how much follows. */
export function shorten(value: unknown): unknown {
  if (typeof value === 'string' && value.length > CHARACTERS)
    return `${value.slice(0, CHARACTERS)}…`;
  if (Array.isArray(value)) {
    const first = value.slice(0, ITEMS).map(shorten);
    return value.length > ITEMS ? [...first, `… ${value.length - ITEMS} more`] : first;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shorten(part)]));
}
