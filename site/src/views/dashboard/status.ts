import { capitalise } from '../../lib/format.ts';
import { type Html, html } from '../../lib/html.ts';

type Status =
  | 'QUEUED'
  | 'RUNNING'
  | 'RETRYING'
  | 'COMPLETED'
  | 'FAILED'
  | 'BUDGET_EXCEEDED'
  | 'INCOMPLETE';

/** How a run or a job stands: a dot whose shape says it besides its colour, and a word. */
export const status = (of: Status): Html =>
  html`<span class="status ${of.toLowerCase()}">${words(of)}</span>`;

/** A constant of a document as words: `Budget exceeded`. */
export const words = (constant: string): string =>
  capitalise(constant.toLowerCase().replaceAll('_', ' '));
