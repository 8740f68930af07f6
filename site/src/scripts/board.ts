import {
  type BoardSource,
  beginsDescending,
  FIRST_ORDER,
  type Order,
  orderRows,
} from './board-view.ts';
import { openFileSource } from './file-source.ts';
import { createFoundPager, type FoundPager } from './found-pager.ts';
import { createPageSource } from './page-source.ts';

/** Sorting and filtering of a board: of the whole board, however many pages it has. */
for (const root of document.querySelectorAll<HTMLElement>('[data-board]')) setUp(root);

interface State {
  order: Order;
  filter: string;
  page: number;
}

function setUp(root: HTMLElement): void {
  const body = root.querySelector('tbody') as HTMLTableSectionElement;
  const status = root.querySelector('[data-board-status]') as HTMLElement;
  const choice = root.querySelector('[data-sort-choice]') as HTMLSelectElement;
  const pager = root.querySelector<HTMLElement>('[data-pager]');
  const written = [...body.rows];
  const state: State = { order: FIRST_ORDER, filter: '', page: 0 };
  let source: Promise<BoardSource> | undefined;
  const found: FoundPager = createFoundPager((page) => {
    state.page = page;
    void update();
    root.scrollIntoView({ block: 'start' });
  });
  root.append(found.element);
  keepRoles(root);

  function isFirst(): boolean {
    const { order, filter } = state;
    return order.column === 'rank' && !order.descending && filter.trim() === '';
  }

  async function update(): Promise<void> {
    markOrder(root, state.order, choice);
    if (isFirst()) return restore();
    root.setAttribute('aria-busy', 'true');
    try {
      source ??= openSource(root, body);
      const opened = await source;
      // While the file came, somebody may have gone back to the order of ranks.
      if (isFirst()) restore();
      else show(opened);
    } catch {
      source = undefined;
      status.textContent = 'The whole board could not be fetched; try again.';
    }
    root.removeAttribute('aria-busy');
  }

  function restore(): void {
    body.replaceChildren(...written);
    found.hide();
    if (pager) pager.hidden = false;
    status.textContent = 'Sorted by rank';
  }

  function show(opened: BoardSource): void {
    const rows = orderRows(opened, state.order, state.filter);
    const start = state.page * opened.perPage;
    const shown = rows.slice(start, start + opened.perPage);
    body.replaceChildren(...shown.map((row) => opened.element(row)));
    keepRoles(root);
    if (pager) pager.hidden = true;
    found.show(rows.length, state.page, opened.perPage);
    status.textContent = `${rows.length} found, sorted by ${choice.selectedOptions[0]?.text}`;
  }

  function sortBy(column: string): void {
    const { order } = state;
    const again = order.column === column;
    const descending = again ? !order.descending : beginsDescending(column);
    Object.assign(state, { order: { column, descending }, page: 0 });
    void update();
  }

  for (const head of root.querySelectorAll<HTMLElement>('th[data-column]'))
    makeButton(head, () => sortBy(head.dataset.column ?? 'rank'));
  choice.addEventListener('change', () => sortBy(choice.value));
  root.querySelector<HTMLInputElement>('[data-filter]')?.addEventListener('input', (event) => {
    Object.assign(state, { filter: (event.target as HTMLInputElement).value, page: 0 });
    void update();
  });
}

/** A heading becomes a button of the same size only where there is a script to answer it. */
function makeButton(head: HTMLElement, onClick: () => void): void {
  const text = head.querySelector('.head');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'head';
  button.textContent = text?.textContent?.trim() ?? '';
  button.addEventListener('click', onClick);
  text?.replaceWith(button);
}

/** A table shown as a list is no table to some screen readers, unless each part says so. */
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
  for (const head of root.querySelectorAll<HTMLElement>('thead th[data-column]')) {
    if (head.dataset.column !== order.column) head.removeAttribute('aria-sort');
    else head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
  }
}

async function openSource(root: HTMLElement, body: HTMLTableSectionElement): Promise<BoardSource> {
  const { columns, base = '/' } = root.dataset;
  const template = root.querySelector<HTMLTemplateElement>('[data-pattern]');
  const pattern = template?.content.querySelector('tr');
  if (!columns || !pattern) return createPageSource(body, listColumns(root));
  const perPage = Number(root.dataset.pageSize) || 50;
  return openFileSource({ url: columns, base, perPage, pattern });
}
