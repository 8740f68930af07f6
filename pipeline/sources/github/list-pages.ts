import type { z } from 'zod';
import type { GithubClient, GraphqlAnswer } from './client.ts';
import { RefusedError, TooHeavyError } from './errors.ts';
import { identityOf, type PutAside, putAsideFor } from './items.ts';
import { type PageSize, parseAnswer, patiently, refuseProblems } from './pages.ts';
import { describeRefusal, remedyOf } from './remedies.ts';

/**
 * Pages of GraphQL's lists, of which GitHub may be unable to show an item, for ever: the page is
 * halved down to that item, the item is put aside, and the list goes on behind it.
 */

export interface Connection<T> {
  readonly nodes: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly pageInfo: { readonly endCursor: string | null };
}

export interface PagedList<T> {
  /** For messages. */
  readonly name: string;
  /** Asks for a page of `$size` items. */
  readonly query: string;
  /** The same page with nothing but what finds its items again. */
  readonly places: string;
  /** Where the list is in an answer. */
  readonly path: readonly string[];
  readonly schema: z.ZodType<Connection<T | PutAside>>;
  readonly placesSchema: z.ZodType<Connection<unknown>>;
}

interface Request {
  readonly client: GithubClient;
  readonly variables: object;
  readonly size: PageSize;
  readonly signal: AbortSignal;
}

/**
 * A page as long as GitHub can bear, with an item that it can't show put aside.
 * @throws RefusedError if GitHub refuses the list
 * @throws TooHeavyError if not even the places of the items can be had
 */
export async function fetchListPage<T>(
  list: PagedList<T>,
  request: Request,
): Promise<Connection<T | PutAside>> {
  const { client, variables, size, signal } = request;
  try {
    return await patiently(client, size, true, signal, async () => {
      const answer = await client.graphql(list.query, { ...variables, size: size.value }, signal);
      return readWhole(list, answer, variables);
    });
  } catch (error) {
    if (!(error instanceof TooHeavyError) || size.value > 1) throw error;
    return stepOver(list, request, error);
  }
}

/** The page, if all of it is there; what GitHub refuses of it is put aside. */
function readWhole<T>(list: PagedList<T>, answer: GraphqlAnswer, variables: object) {
  refuseProblems(answer.problems.filter((problem) => remedyOf(problem) !== 'put_aside'));
  return readPage(list, answer, variables);
}

/** Where GitHub gives nothing in the place of an item, and says why, the item is put aside. */
function readPage<T>(
  list: PagedList<T>,
  answer: GraphqlAnswer,
  place: object,
): Connection<T | PutAside> {
  const { problems } = answer;
  const found = findList(list, answer);
  const page = parseAnswer(list.schema, found);
  const nodes = page.nodes.map((node, index) => {
    const [first] = problems;
    if (!first || (found as RawList).nodes[index] !== null) return node;
    const problem = problems.find(({ path }) => path?.[list.path.length + 1] === index) ?? first;
    return putAsideFor(describeRefusal(problem.message), { list: list.name, ...place, index });
  });
  return { ...page, nodes };
}

interface RawList {
  readonly nodes: readonly unknown[];
}

/** The list in an answer. Throws the reason if GitHub gives one instead of it. */
function findList({ path }: Pick<PagedList<unknown>, 'path'>, answer: GraphqlAnswer): unknown {
  const found = path.reduce<unknown>(
    (at, key) => (at as Record<string, unknown> | null | undefined)?.[key],
    answer.data,
  );
  if (found === null || found === undefined) refuseProblems(answer.problems);
  return found;
}

/** The page of the one item that GitHub can't show: asked for once more, then put aside. */
async function stepOver<T>(
  list: PagedList<T>,
  { client, variables, signal }: Request,
  failure: TooHeavyError,
): Promise<Connection<T | PutAside>> {
  const one = { ...variables, size: 1 };
  const answer = await client.graphql(list.places, one, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error instanceof TooHeavyError ? failure : error;
  });
  const { nodes, pageInfo } = parseAnswer(list.placesSchema, findList(list, answer));
  const identity = identityOf(nodes[0]);
  const isKnown = Object.keys(identity).length > 0;
  const aside = putAsideFor(describeRefusal(failure.message), {
    list: list.name,
    ...(isKnown ? identity : variables),
  });
  try {
    const again = await client.graphql(list.query, one, signal);
    // A review of it may be what is missing: all else of it counts.
    const page = readPage(list, again, variables);
    return (findList(list, again) as RawList).nodes[0] ? page : { nodes: [aside], pageInfo };
  } catch (error) {
    if (!(error instanceof TooHeavyError || error instanceof RefusedError)) throw error;
    return { nodes: [aside], pageInfo };
  }
}
