import type { z } from 'zod';
import { isHttpError, RefusedError, TooHeavyError } from './errors.ts';
import { identityOf, isPutAside, itemsOf, type PutAside, putAsideFor } from './items.ts';
import { parseAnswer } from './pages.ts';
import { describeRefusal, refusalOf } from './remedies.ts';
import type { ListContext } from './sync.ts';

/**
 * Pages of REST's lists. A page that GitHub can't give is read in parts, down to the single item;
 * an item that it can't show is put aside.
 */

/** Items of a page. */
const PAGE = 100;
/** Lengths of its parts: each divides those before it, so that a part is a page of its own. */
const SHORTER: Readonly<Record<number, number>> = { 100: 50, 50: 25, 25: 5, 5: 1 };
/** More items than this in one page that can't be shown: then it is GitHub, and not the items. */
const MOST_UNSHOWN = 3;

export interface RestList<T> {
  /** For messages. */
  readonly name: string;
  readonly route: string;
  readonly parameters: object;
  /** Of an item. */
  readonly schema: z.ZodType<T>;
}

export interface RestPage<T> {
  readonly items: readonly (T | PutAside)[];
  readonly hasNextPage: boolean;
}

type Context = Pick<ListContext, 'client' | 'signal'>;

/** Items `start` to `start + size` of a list. */
interface Part {
  readonly start: number;
  readonly size: number;
}

/**
 * A page of 100 items, counted from 1. An empty repository has none.
 * @throws RefusedError if the list is switched off or refused
 */
export async function fetchRestPage<T>(
  context: Context,
  list: RestList<T>,
  page: number,
): Promise<RestPage<T>> {
  try {
    return await fetchPart(context, list, { start: (page - 1) * PAGE, size: PAGE }, { count: 0 });
  } catch (error) {
    if (isHttpError(error) && error.status === 409) return { items: [], hasNextPage: false };
    const reason = refusalOf(error);
    throw reason === null ? error : new RefusedError(whyOff(error, reason), { cause: error });
  }
}

/** GitHub answers 404 or 410 to a list whose feature a repository has switched off. */
function whyOff(error: unknown, reason: string): string {
  const { status } = error as { status: number };
  if (status !== 404 && status !== 410) return reason;
  return `${reason}: switched off in the settings of the repository, or hidden from the token`;
}

async function fetchPart<T>(
  context: Context,
  list: RestList<T>,
  part: Part,
  unshown: { count: number },
): Promise<RestPage<T>> {
  try {
    return await ask(context, list, part);
  } catch (error) {
    if (!isHttpError(error) || error.status < 500) throw error;
    const shorter = SHORTER[part.size];
    if (shorter !== undefined) return fetchParts(context, list, part, shorter, unshown);
    unshown.count += 1;
    if (unshown.count > MOST_UNSHOWN) return giveUp(context, error);
    const item = { list: list.name, place: part.start + 1 };
    // Whether the list goes on shows at the next item.
    return { items: [putAsideFor(describeRefusal(error.message), item)], hasNextPage: true };
  }
}

/** The list can't be shown, if GitHub answers otherwise. */
async function giveUp({ client, signal }: Context, error: Error): Promise<never> {
  await client.rest('GET /rate_limit', {}, signal).catch((reason: unknown) => {
    signal.throwIfAborted();
    // An Enterprise Server may have no limits to state.
    if (!isHttpError(reason) || reason.status !== 404) throw error;
  });
  throw new TooHeavyError(error.message, { cause: error });
}

async function fetchParts<T>(
  context: Context,
  list: RestList<T>,
  { start, size }: Part,
  shorter: number,
  unshown: { count: number },
): Promise<RestPage<T>> {
  const items: (T | PutAside)[] = [];
  let hasNextPage = true;
  for (let at = start; hasNextPage && at < start + size; at += shorter) {
    const part = await fetchPart(context, list, { start: at, size: shorter }, unshown);
    items.push(...part.items);
    hasNextPage = part.hasNextPage;
  }
  return { items: items.map((item, i) => named(list.name, item, items[i - 1])), hasNextPage };
}

async function ask<T>(
  { client, signal }: Context,
  { route, parameters, schema }: RestList<T>,
  { start, size }: Part,
): Promise<RestPage<T>> {
  const place = { per_page: size, page: start / size + 1 };
  const { data, hasNextPage } = await client.rest(route, { ...parameters, ...place }, signal);
  return { items: parseAnswer(itemsOf(schema), data) as (T | PutAside)[], hasNextPage };
}

/** An item that can't be shown is known by the one before it: its place in the list moves. */
function named<T>(list: string, item: T | PutAside, before: T | PutAside | undefined) {
  if (before === undefined || !isPutAside(item as object) || isPutAside(before as object)) {
    return item;
  }
  const { refused } = item as PutAside;
  if (refused?.item.place === undefined) return item;
  return putAsideFor(refused.reason, { list, after: identityOf(before) });
}
