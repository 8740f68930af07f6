import type { BoardFacts } from '../views/board.ts';
import { boardControls, keepRoles, listColumns, makeButton, markOrder } from './board-head.ts';
import { openBoard } from './board-source.ts';
import {
  type BoardSource,
  beginsDescending,
  FIRST_VIEW,
  findRows,
  isFirstView,
  readView,
  type View,
  writeView,
} from './board-view.ts';
import { createFoundPager, type FoundPager } from './found-pager.ts';
import { rankByKind } from './kind-source.ts';
import { MyPlace } from './my-place.ts';

/** Sorting, filtering and ranking by a kind: of the whole board, however many pages it has. Rows are
 * made as the build makes them. */

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
  #byKind: { readonly kind: string; readonly source: BoardSource } | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#facts = JSON.parse(root.dataset.board ?? '');
    const controls = root.querySelector('.controls');
    if (controls) controls.innerHTML = boardControls(this.#facts.total).text;
    this.#body = root.querySelector('tbody') as HTMLTableSectionElement;
    this.#status = root.querySelector('[data-board-status]') as HTMLElement;
    this.#choice = root.querySelector('[data-sort-choice]') as HTMLSelectElement;
    this.#pager = root.querySelector<HTMLElement>('[data-pager]');
    this.#written = [...this.#body.rows];
    this.#found = createFoundPager((page) => {
      this.#change({ page });
      root.scrollIntoView({ block: 'start' });
    });
    root.querySelector('.src')?.after(this.#found.element);
    keepRoles(root);
    this.#listen();
    new MyPlace(
      root,
      this.#facts,
      () => this.#open(),
      (login) => void this.#showRow(login),
    );
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
    for (const chip of this.#chips)
      chip.addEventListener('change', () => this.#change({ kind: chip.value || null }));

    this.#view = readView(location.search, listColumns(root));
    field.value = this.#view.filter;
    keepInTabs(this.#view);
    void this.#update();
  }

  get #chips(): HTMLInputElement[] {
    return [...this.#root.querySelectorAll<HTMLInputElement>('.chips input')];
  }

  #change(changes: Partial<View>): void {
    this.#view = { ...this.#view, page: 0, ...changes };
    keepInAddress(this.#view);
    void this.#update();
  }

  #open(): Promise<BoardSource> {
    this.#source ??= openBoard(this.#facts);
    this.#source.catch(() => {
      this.#source = undefined;
    });
    return this.#source;
  }

  async #update(): Promise<void> {
    const { kind } = this.#view;
    markOrder(this.#root, this.#view.order, this.#choice);
    for (const chip of this.#chips) chip.checked = chip.value === (kind ?? '');
    if (isFirstView(this.#view)) return this.#restore();
    this.#root.setAttribute('aria-busy', 'true');
    try {
      const opened = await this.#open();
      // While the file was fetched, the reader may have gone back to the order of ranks.
      if (isFirstView(this.#view)) this.#restore();
      else this.#show(this.#ranked(opened));
    } catch {
      this.#status.textContent = 'The whole board could not be fetched; try again.';
    }
    this.#root.removeAttribute('aria-busy');
  }

  #ranked(opened: BoardSource): BoardSource {
    const { kind } = this.#view;
    if (kind === null) return opened;
    if (this.#byKind?.kind !== kind) this.#byKind = { kind, source: rankByKind(opened, kind) };
    return this.#byKind.source;
  }

  #restore(): void {
    this.#root.classList.remove('by-kind');
    this.#body.replaceChildren(...this.#written);
    this.#found.hide();
    if (this.#pager) this.#pager.hidden = false;
    this.#status.textContent = 'Sorted by rank';
  }

  #show(opened: BoardSource): void {
    const { order, filter, kind, page: wanted } = this.#view;
    const { perPage } = opened;
    const { total, rows } = findRows(opened, order, filter, (wanted + 1) * perPage);
    // An address may name a page that no longer exists.
    const page = Math.min(wanted, Math.max(0, Math.ceil(total / perPage) - 1));
    const shown = rows.slice(page * perPage, (page + 1) * perPage);
    this.#root.classList.toggle('by-kind', kind !== null);
    this.#body.innerHTML = shown.map((row) => opened.row(row)).join('');
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

  /** A row that is not on this page is shown on that of the whole board by rank. */
  async #showRow(login: string): Promise<void> {
    const source = await this.#open();
    const row = source.logins().indexOf(login);
    if (!document.getElementById(`c-${login}`)) {
      this.#view = { ...FIRST_VIEW, page: Math.floor(row / source.perPage) };
      this.#show(source);
    }
    for (const other of this.#body.querySelectorAll('.me')) other.classList.remove('me');
    const own = document.getElementById(`c-${login}`);
    own?.classList.add('me');
    own?.scrollIntoView({ block: 'center' });
  }
}

for (const root of document.querySelectorAll<HTMLElement>('[data-board]')) new SortableBoard(root);

/** How a board is shown stands in the address, and goes with the reader to its other periods. */
function keepInAddress(view: View): void {
  try {
    const { pathname, search, hash } = location;
    history.replaceState(history.state, '', pathname + writeView(search, view) + hash);
  } catch {
    // A browser limits how often the address may change; the next change is written again.
  }
  keepInTabs(view);
}

/** Other periods have other pages, and begin with the first. */
function keepInTabs(view: View): void {
  const search = writeView('', { ...view, page: 0 });
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.tabs a')) link.search = search;
}
