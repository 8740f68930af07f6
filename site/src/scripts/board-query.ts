import { beginsDescending, FIRST_ORDER, type Order } from './board-view.ts';

/** How a board is sorted and filtered, read from and written to the address, so that it can be shared: pure. */
export interface View {
  readonly order: Order;
  readonly filter: string;
  /** Page of what was found, from 0. */
  readonly page: number;
}

export const FIRST_VIEW: View = { order: FIRST_ORDER, filter: '', page: 0 };

export const isFirstView = ({ order, filter }: View) =>
  order.column === FIRST_ORDER.column && !order.descending && filter.trim() === '';

/** The view of an address; a wrong value is replaced by the default. */
export function readView(search: string, columns: readonly string[]): View {
  const query = new URLSearchParams(search);
  const asked = query.get('sort') ?? '';
  const column = columns.includes(asked) ? asked : FIRST_ORDER.column;
  const way = query.get('order');
  return {
    order: { column, descending: way ? way === 'desc' : beginsDescending(column) },
    filter: query.get('filter') ?? '',
    page: Math.max(1, Number.parseInt(query.get('page') ?? '', 10) || 1) - 1,
  };
}

/** The same address with this view; values that are the defaults are left out, other parameters stay. */
export function writeView(search: string, view: View): string {
  const { column, descending } = view.order;
  const query = new URLSearchParams(search);
  const set = (name: string, value: string, unless: boolean) =>
    unless ? query.delete(name) : query.set(name, value);
  set('sort', column, column === FIRST_ORDER.column);
  set('order', descending ? 'desc' : 'asc', descending === beginsDescending(column));
  set('filter', view.filter, view.filter.trim() === '');
  set('page', String(view.page + 1), view.page === 0);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
