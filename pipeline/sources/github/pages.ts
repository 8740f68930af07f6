import { z } from 'zod';
import { firstIssue } from '../../domain/stored-value.ts';
import type { GithubClient } from './client.ts';
import { NotNowError, RefusedError, TooHeavyError, UnexpectedAnswerError } from './errors.ts';
import { githubKey } from './items.ts';
import { describeRefusal, type GraphqlProblem, remedyOf } from './remedies.ts';

export const pageInfoFields = 'pageInfo { hasNextPage endCursor }';
export const rateLimitFields = 'rateLimit { cost remaining resetAt }';

/** Pages as long as GitHub can bear: halved when it can't, slowly longer when all goes well. */
export class PageSize {
  readonly #maximum: number;
  #value: number;
  #successes = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
    this.#value = maximum;
  }

  get value(): number {
    return this.#value;
  }

  shrink(): void {
    this.#value = Math.max(1, Math.floor(this.#value / 2));
    this.#successes = 0;
  }

  /** Half as long again after some good pages in a row. */
  grow(): void {
    this.#successes += 1;
    if (this.#successes < SUCCESSES_TO_GROW) return;
    this.#successes = 0;
    this.#value = Math.min(this.#maximum, Math.ceil(this.#value * 1.5));
  }
}

const SUCCESSES_TO_GROW = 3;
/** Failures of one page in a row until we give up: a page of 100 is down to one item after seven. */
const MAX_FAILURES = 10;
/** Failures in a row after which a single item is taken for one that GitHub can't show. */
const FAILURES_OF_ONE = 3;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface Page<T> {
  readonly data: T;
  readonly problems: readonly GraphqlProblem[];
}

type PageOf<T extends z.ZodType> = readonly [
  client: GithubClient,
  query: string,
  variables: object,
  size: PageSize,
  schema: T,
  signal: AbortSignal,
];

/**
 * One whole page by GraphQL. The query takes its length as `$size`; it is asked again for less
 * while GitHub finds it too heavy, or leaves something out of it. Throws `TooHeavyError` when
 * even that does not help: a part that GitHub left out would be missing for ever.
 */
export function fetchPage<T extends z.ZodType>(...page: PageOf<T>): Promise<Page<z.infer<T>>> {
  return fetchSized(page, refuseProblems);
}

/** The same, for callers that handle the problems in an answer themselves. */
export function fetchPartialPage<T extends z.ZodType>(
  ...page: PageOf<T>
): Promise<Page<z.infer<T>>> {
  return fetchSized(page, () => {});
}

/** Throws if GitHub left something out of an answer: `RefusedError` if it refuses it. */
export function refuseProblems(problems: readonly GraphqlProblem[]): void {
  const [problem] = problems;
  if (!problem) return;
  if (problems.every((one) => remedyOf(one) === 'put_aside')) {
    throw new RefusedError(describeRefusal(problem.message));
  }
  const where = problem.path?.join('.') ?? 'its answer';
  throw new TooHeavyError(`GitHub left out ${where}: ${problem.message}`);
}

async function fetchSized<T extends z.ZodType>(
  [client, query, variables, size, schema, signal]: PageOf<T>,
  check: (problems: readonly GraphqlProblem[]) => void,
): Promise<Page<z.infer<T>>> {
  const isList = query.includes('$size');
  return patiently(client, size, isList, signal, async () => {
    const length = isList ? { size: size.value } : {};
    const answer = await client.graphql(query, { ...variables, ...length }, signal);
    check(answer.problems);
    return { data: parseAnswer(schema, answer.data), problems: answer.problems };
  });
}

/**
 * Asks again for what GitHub could not answer, for less each time. Throws the last `TooHeavyError`
 * or `NotNowError`; with `isList` as soon as a single item has failed some times.
 */
export async function patiently<A>(
  client: GithubClient,
  size: PageSize,
  isList: boolean,
  signal: AbortSignal,
  ask: () => Promise<A>,
): Promise<A> {
  for (let failures = 1; ; failures++) {
    try {
      const answer = await ask();
      size.grow();
      return answer;
    } catch (error) {
      const isHeavy = error instanceof TooHeavyError;
      if ((!isHeavy && !(error instanceof NotNowError)) || failures >= MAX_FAILURES) throw error;
      if (isHeavy && isList && size.value === 1 && failures >= FAILURES_OF_ONE) throw error;
      if (isHeavy) size.shrink();
      await client.clock.sleep(pauseMs(failures), signal);
    }
  }
}

/**
 * Requests many items by name, in chunks that GitHub can bear. Returns the answers in order.
 * `setAside` gives the answer for a single item that GitHub can't show, while it answers otherwise.
 */
export async function fetchInChunks<I, A>(
  client: GithubClient,
  items: readonly I[],
  size: PageSize,
  signal: AbortSignal,
  ask: (chunk: readonly I[]) => Promise<A>,
  setAside?: (item: I, error: TooHeavyError | RefusedError) => A | Promise<A>,
): Promise<A[]> {
  const answers: A[] = [];
  for (let done = 0; done < items.length; ) {
    let chunk: readonly I[] = [];
    const askNext = () => {
      chunk = items.slice(done, done + size.value);
      return ask(chunk);
    };
    try {
      answers.push(await patiently(client, size, setAside !== undefined, signal, askNext));
    } catch (error) {
      const [item] = chunk;
      const isOfItem = error instanceof TooHeavyError || error instanceof RefusedError;
      if (!setAside || !isOfItem || item === undefined) throw error;
      if (chunk.length > 1) {
        size.shrink();
        continue;
      }
      await requireAnswer(client, error, signal);
      answers.push(await setAside(item, error));
    }
    done += chunk.length;
  }
  return answers;
}

const ALIVE_QUERY = `query alive { ${rateLimitFields} }`;

/** Throws the error unless GitHub answers the lightest of all queries: then it is not the item. */
export async function requireAnswer(client: GithubClient, error: Error, signal: AbortSignal) {
  await client.graphql(ALIVE_QUERY, {}, signal).catch((reason: unknown) => {
    signal.throwIfAborted();
    throw reason instanceof TooHeavyError ? error : reason;
  });
}

/** Checks an answer. Throws `UnexpectedAnswerError`, saying which field is not as expected. */
export function parseAnswer<T extends z.ZodType>(schema: T, data: unknown): z.infer<T> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new UnexpectedAnswerError(`GitHub's answer has an unexpected ${firstIssue(result.error)}`);
}

function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
}

/** Lengths of the pages of each list; they outlive a repository, since GitHub's load does. */
export interface PageSizes {
  readonly commits: PageSize;
  readonly pullRequests: PageSize;
  readonly issues: PageSize;
  readonly commitComments: PageSize;
  /** Pull requests or numbers asked for by name in one query. */
  readonly lookups: PageSize;
}

/** 50 full pull requests are what GitHub answers in time; a page of commits or issues is lighter. */
export function createPageSizes(): PageSizes {
  return {
    commits: new PageSize(100),
    pullRequests: new PageSize(50),
    issues: new PageSize(100),
    commitComments: new PageSize(100),
    lookups: new PageSize(50),
  };
}

/** A further page without a place would end the list early. */
export const pageInfoSchema = z.union([
  z.object({ hasNextPage: z.literal(true), endCursor: githubKey }),
  z.object({ hasNextPage: z.literal(false), endCursor: z.unknown().transform(() => null) }),
]);
