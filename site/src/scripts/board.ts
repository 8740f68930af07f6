import { FIRST_VIEW, isFirstView, readView, type View, writeView } from './board-query.ts';
import { type BoardSource, beginsDescending, type Order, orderRows } from './board-view.ts';
import { openFileSource } from './file-source.ts';
import { createFoundPager, type FoundPager } from './found-pager.ts';
import { createPageSource } from './page-source.ts';

/** Sorting and filtering of a board: of the whole board, however many pages it has. */

/** Where board-narrow.css shows a list without a head; the choice there sorts instead. */
const narrow = matchMedia('(width < 62rem)');

function setUp(root: HTMLElement): void {
  const body = root.querySelector('tbody') as HTMLTableSectionElement;
  const status = root.querySelector('[data-board-status]') as HTMLElement;
  const choice = root.querySelector('[data-sort-choice]') as HTMLSelectElement;
  const field = root.querySelector('[data-filter]') as HTMLInputElement;
  const pager = root.querySelector<HTMLElement>('[data-pager]');
  const written = [...body.rows];
  let view: View = FIRST_VIEW;
  let source: Promise<BoardSource> | undefined;
  const found: FoundPager = createFoundPager((page) => {
    change({ page });
    root.scrollIntoView({ block: 'start' });
  });
  root.append(found.element);
  keepRoles(root);

  function change(changes: Partial<View>): void {
    view = { ...view, page: 0, ...changes };
    keepInAddress(view);
    void update();
  }

  async function update(): Promise<void> {
    markOrder(root, view.order, choice);
    if (isFirstView(view)) return restore();
    root.setAttribute('aria-busy', 'true');
    try {
      source ??= openSource(root, body);
      const opened = await source;
      // While the file was fetched, the reader may have gone back to the order of ranks.
      if (isFirstView(view)) restore();
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
    const rows = orderRows(opened, view.order, view.filter);
    const last = Math.max(0, Math.ceil(rows.length / opened.perPage) - 1);
    // An address may name a page that no longer exists.
    const page = Math.min(view.page, last);
    const start = page * opened.perPage;
    const shown = rows.slice(start, start + opened.perPage);
    body.replaceChildren(...shown.map((row) => opened.element(row)));
    keepRoles(root);
    if (pager) pager.hidden = true;
    found.show(rows.length, page, opened.perPage);
    const way = view.order.descending ? 'descending' : 'ascending';
    status.textContent = `${rows.length} found, sorted by ${choice.selectedOptions[0]?.text}, ${way}`;
  }

  function sortBy(column: string): void {
    const again = view.order.column === column;
    const descending = again ? !view.order.descending : beginsDescending(column);
    change({ order: { column, descending } });
  }

  for (const head of root.querySelectorAll<HTMLElement>('th[data-column]'))
    makeButton(head, () => sortBy(head.dataset.column ?? 'rank'));
  choice.addEventListener('change', () => sortBy(choice.value));
  root
    .querySelector('[data-sort-turn]')
    ?.addEventListener('click', () => sortBy(view.order.column));
  field.addEventListener('input', () => change({ filter: field.value }));

  view = readView(location.search, listColumns(root));
  field.value = view.filter;
  if (!isFirstView(view)) void update();
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

async function openSource(root: HTMLElement, body: HTMLTableSectionElement): Promise<BoardSource> {
  const { columns, base = '/' } = root.dataset;
  const template = root.querySelector<HTMLTemplateElement>('[data-pattern]');
  const pattern = template?.content.querySelector('tr');
  if (!columns || !pattern) return createPageSource(body, listColumns(root));
  const perPage = Number(root.dataset.pageSize) || 50;
  return openFileSource({ url: columns, base, columns: listColumns(root), perPage, pattern });
}

for (const root of document.querySelectorAll<HTMLElement>('[data-board]')) setUp(root);
