/** Pages of GraphQL connections, with GitHub's rules about `first` and `last`. */

export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** A cursor contains the sort key of its item, so that a list may change meanwhile. */
const encodeCursor = (key: string) => Buffer.from(`cursor:${key}`).toString('base64');
const decodeCursor = (cursor: string) => Buffer.from(cursor, 'base64').toString().slice(7);

/**
 * One page of a list. `keyOf` gives the sort key, ascending as text;
 * `descending` reverses the order.
 */
export function connection<T>(
  items: readonly T[],
  { first, last, after, before }: PageArguments,
  keyOf: (item: T) => string,
  descending = false,
) {
  const sign = descending ? -1 : 1;
  const compare = (a: string, b: string) => sign * (a < b ? -1 : a > b ? 1 : 0);
  const sorted = items.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
  const rest = sorted.filter(
    (item) =>
      (!after || compare(keyOf(item), decodeCursor(after)) > 0) &&
      (!before || compare(keyOf(item), decodeCursor(before)) < 0),
  );
  const page = last ? rest.slice(-last) : rest.slice(0, first ?? 0);
  const end = page.at(-1);
  const start = page[0];
  return {
    totalCount: items.length,
    nodes: page,
    pageInfo: {
      hasNextPage: last ? Boolean(before) : page.length < rest.length,
      hasPreviousPage: last ? page.length < rest.length : Boolean(after),
      endCursor: end === undefined ? null : encodeCursor(keyOf(end)),
      startCursor: start === undefined ? null : encodeCursor(keyOf(start)),
    },
  };
}

/** One page of a commit's history: GitHub's cursors there contain the commit and an offset. */
export function historyPage<T>(sha: string, items: readonly T[], { first, after }: PageArguments) {
  const start = after ? Number(after.split(' ')[1]) + 1 : 0;
  const page = items.slice(start, start + (first ?? 0));
  const end = start + page.length;
  return {
    totalCount: items.length,
    nodes: page,
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: page.length ? `${sha} ${start}` : null,
      endCursor: page.length ? `${sha} ${end - 1}` : null,
    },
  };
}

/** Fixed width, so that numbers sort as text. */
export const padded = (value: number) => String(value).padStart(16, '0');
