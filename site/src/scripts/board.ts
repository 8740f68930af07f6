import type { BoardFacts } from '../views/board.ts';
import { openBoard } from './board-source.ts';
import {
  type BoardSource,
  beginsDescending,
  FIRST_VIEW,
  findRows,
  isFirstView,
  type Order,
  readView,
  type View,
  writeView,
} from './board-view.ts';
import { createFoundPager, type FoundPager } from './found-pager.ts';

/** Sorting and filtering of a board: of the whole board, however many pages it has. Rows are made as
 * the build makes them. */

/** Where board-narrow.css shows a list without a head; the choice there sorts instead. */
const narrow = matchMedia('(width < 62rem)');

class SortableBoard {
  readonly #root: HTMLElement;
  readonly #facts: BoardFacts;
  readonly #body: HTMLTableSectionElement;
  readonly #status: HTMLElement;
  readonly #choice: HTMLSelectElement;
  readonly #pager: HTMLElement | null;
  /** The rows as the page was built. */
  readonly #written: readonly HTMLTableRowElement[];
  readonly #found: FoundPager;
  #view: View = FIRST_VIEW;
  #source: Promise<BoardSource> | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#facts = JSON.parse(root.dataset.board ?? '');
    this.#body = root.querySelector('tbody') as HTMLTableSectionElement;
    this.#status = root.querySelector('[data-board-status]') as HTMLElement;
    this.#choice = root.querySelector('[data-sort-choice]') as HTMLSelectElement;
    this.#pager = root.querySelector<HTMLElement>('[data-pager]');
    this.#written = [...this.#body.rows];
    this.#found = createFoundPager((page) => {
      this.#change({ page });
      root.scrollIntoView({ block: 'start' });
    });
    root.append(this.#found.element);
    keepRoles(root);
    this.#listen();
  }

  /** Connects the controls, and shows the view that the address names. */
  #listen(): void {
    const root = this.#root;
    const field = root.querySelector('[data-filter]') as HTMLInputElement;
    for (const head of root.querySelectorAll<HTMLElement>('th[data-column]'))
      makeButton(head, () => this.#sortBy(head.dataset.column ?? 'rank'));
    this.#choice.addEventListener('change', () => this.#sortBy(this.#choice.value));
    root
      .querySelector('[data-sort-turn]')
      ?.addEventListener('click', () => this.#sortBy(this.#view.order.column));
    field.addEventListener('input', () => this.#change({ filter: field.value }));

    this.#view = readView(location.search, listColumns(root));
    field.value = this.#view.filter;
    if (!isFirstView(this.#view)) void this.#update();
  }

  #change(changes: Partial<View>): void {
    this.#view = { ...this.#view, page: 0, ...changes };
    keepInAddress(this.#view);
    void this.#update();
  }

  async #update(): Promise<void> {
    markOrder(this.#root, this.#view.order, this.#choice);
    if (isFirstView(this.#view)) return this.#restore();
    this.#root.setAttribute('aria-busy', 'true');
    try {
      this.#source ??= openBoard(this.#facts);
      const opened = await this.#source;
      // While the file was fetched, the reader may have gone back to the order of ranks.
      if (isFirstView(this.#view)) this.#restore();
      else this.#show(opened);
    } catch {
      this.#source = undefined;
      this.#status.textContent = 'The whole board could not be fetched; try again.';
    }
    this.#root.removeAttribute('aria-busy');
  }

  #restore(): void {
    this.#body.replaceChildren(...this.#written);
    this.#found.hide();
    if (this.#pager) this.#pager.hidden = false;
    this.#status.textContent = 'Sorted by rank';
  }

  #show(opened: BoardSource): void {
    const { order, filter, page: wanted } = this.#view;
    const { perPage } = opened;
    const { total, rows } = findRows(opened, order, filter, (wanted + 1) * perPage);
    // An address may name a page that no longer exists.
    const page = Math.min(wanted, Math.max(0, Math.ceil(total / perPage) - 1));
    const shown = rows.slice(page * perPage, (page + 1) * perPage);
    this.#body.innerHTML = shown.map(opened.row).join('');
    keepRoles(this.#root);
    if (this.#pager) this.#pager.hidden = true;
    this.#found.show(total, page, perPage);
    const way = order.descending ? 'descending' : 'ascending';
    const column = this.#choice.selectedOptions[0]?.text;
    this.#status.textContent = `${total} found, sorted by ${column}, ${way}`;
  }

  #sortBy(column: string): void {
    const { order } = this.#view;
    const again = order.column === column;
    const descending = again ? !order.descending : beginsDescending(column);
    this.#change({ order: { column, descending } });
  }
}

function keepInAddress(view: View): void {
  try {
    const { pathname, search, hash } = location;
    history.replaceState(history.state, '', pathname + writeView(search, view) + hash);
  } catch {
    // A browser limits how often the address may change; the next change is written again.
  }
}

/** A heading becomes a button of the same size only where this script runs. */
function makeButton(head: HTMLElement, onClick: () => void): void {
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

/** Some screen readers do not see a table that is shown as a list, unless each part has its role. */
function keepRoles(root: HTMLElement): void {
  const roles = { table: 'table', 'thead, tbody': 'rowgroup', tr: 'row', td: 'cell' };
  for (const [selector, role] of Object.entries({
    ...roles,
    'thead th': 'columnheader',
    'tbody th': 'rowheader',
  }))
    for (const element of root.querySelectorAll(selector)) element.role = role;
}

const listColumns = (root: HTMLElement): string[] =>
  [...root.querySelectorAll<HTMLElement>('thead th')].map((head) => head.dataset.column ?? '');

function markOrder(root: HTMLElement, order: Order, choice: HTMLSelectElement): void {
  choice.value = order.column;
  root
    .querySelector('[data-sort-turn]')
    ?.setAttribute('data-sort-turn', order.descending ? 'descending' : 'ascending');
  for (const head of root.querySelectorAll<HTMLElement>('thead th[data-column]')) {
    if (head.dataset.column !== order.column) head.removeAttribute('aria-sort');
    else head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
  }
}

for (const root of document.querySelectorAll<HTMLElement>('[data-board]')) new SortableBoard(root);
