import { formatCount } from '../lib/format.ts';
import { type Html, html } from '../lib/html.ts';
import { BOARD_COLUMNS } from '../lib/table-columns.ts';
import type { Order } from './board-view.ts';

/** The head of a board, where its script runs: buttons that sort, and which column it is sorted by. */

/** Where board.css shows a list without a head; the choice there sorts instead. */
const narrow = matchMedia('(width < 44rem)');

/** A heading becomes a button of the same size only where this script runs. */
export function makeButton(head: HTMLElement, onClick: () => void): void {
  const text = head.querySelector('.head');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'head';
  button.textContent = text?.textContent?.trim() ?? '';
  button.addEventListener('click', onClick);
  // The focus must not go to a button of a head that is not shown.
  const followWidth = () => {
    button.tabIndex = narrow.matches ? -1 : 0;
  };
  narrow.addEventListener('change', followWidth);
  followWidth();
  text?.replaceWith(button);
}

/**
 * Some screen readers do not see a table that is shown as a list, as on a phone, unless each part has
 * its role. Hundreds of cells wait until nothing else is to do.
 */
export function keepRoles(root: HTMLElement): void {
  const later = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
  later(() => setRoles(root));
}

function setRoles(root: HTMLElement): void {
  const roles = { table: 'table', 'thead, tbody': 'rowgroup', tr: 'row', td: 'cell' };
  for (const [selector, role] of Object.entries({
    ...roles,
    'thead th': 'columnheader',
    'tbody th': 'rowheader',
  }))
    for (const element of root.querySelectorAll(selector)) element.role = role;
}

export const listColumns = (root: HTMLElement): string[] =>
  [...root.querySelectorAll<HTMLElement>('thead th[data-column]')].map(
    (head) => head.dataset.column ?? '',
  );

export function markOrder(root: HTMLElement, order: Order, choice: HTMLSelectElement): void {
  choice.value = order.column;
  root
    .querySelector('[data-sort-turn]')
    ?.setAttribute('data-sort-turn', order.descending ? 'descending' : 'ascending');
  for (const head of root.querySelectorAll<HTMLElement>('thead th[data-column]')) {
    if (head.dataset.column !== order.column) head.removeAttribute('aria-sort');
    else head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
  }
}

/** What only a script can do with a board; pages keep the room for it. @param total people on the board */
export const boardControls = (
  total: number,
): Html => html`<label class="filter"><span class="sr-only">Filter this board by name</span>
  <input type="search" data-filter placeholder="Filter ${formatCount(total)} by name" autocomplete="off" spellcheck="false"></label>
  <div class="sort-choice"><label><span>Sort by</span> <select data-sort-choice>
  ${BOARD_COLUMNS.filter(({ isFixed }) => !isFixed).map(({ id, label, sortLabel = label }) => html`<option value="${id}">${sortLabel}</option>`)}
  </select></label><button type="button" data-sort-turn="ascending" aria-label="Reverse the order"></button></div>
  <button class="btn" type="button" data-me>Me</button>
  <p class="sr-only" role="status" data-board-status></p>`;
