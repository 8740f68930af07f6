import { setTimeout as wait } from 'node:timers/promises';
import { GraphqlResponseError } from '@octokit/graphql';
import type { Octokit } from '@octokit/rest';
import { SourceError } from '../../domain/error-class.ts';
import { DAY_MS } from '../../domain/time.ts';
import {
  isHttpError,
  NotNowError,
  RateLimitError,
  RefusedError,
  RepositoryUnavailableError,
  type Resource,
  TooHeavyError,
  UnexpectedAnswerError,
} from './errors.ts';
import { createOctokit, type Headers } from './octokit.ts';
import {
  type AllowanceSettings,
  type ClientUsage,
  type GithubClock,
  RateAllowance,
  UNUSED,
} from './rate-allowance.ts';
import {
  describeRefusal,
  type GraphqlProblem,
  isLimit,
  isSecondaryLimit,
  remedyOf,
} from './remedies.ts';

export interface GithubSettings extends AllowanceSettings {
  readonly token: string | null;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  /** Longest time for one answer. Default 30 s. */
  readonly timeoutMs?: number;
  readonly clock?: GithubClock;
  /** What Octokit's plugins take for a second; less only in tests. */
  readonly secondMs?: number;
}

export interface GraphqlAnswer {
  readonly data: unknown;
  /** The parts that GitHub could not give. */
  readonly problems: readonly GraphqlProblem[];
}

export interface RestAnswer {
  readonly data: unknown;
  readonly hasNextPage: boolean;
}

/** GitHub within our rate allowance, with retries and with errors that say what to do. */
export interface GithubClient {
  /** Throws what `errors.ts` names. */
  graphql(query: string, variables: object, signal: AbortSignal): Promise<GraphqlAnswer>;
  /** `route` as in Octokit: `GET /repos/{owner}/{repo}`. Throws Octokit's `RequestError`, too. */
  rest(route: string, parameters: object, signal: AbortSignal): Promise<RestAnswer>;
  readonly usage: ClientUsage;
  readonly clock: GithubClock;
  /** GitHub's own time at its last answer, in milliseconds since 1970; ours before the first. */
  serverTime(): number;
  /**
   * A client for a reader beside others: within the same allowance, with a usage of its own. One
   * that does not wait ends when the allowance of the hour is spent.
   */
  fork(options?: { readonly waits: boolean }): GithubClient;
}

export const systemClock: GithubClock = {
  now: Date.now,
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal ? { signal } : {}),
};

const DEFAULT_TIMEOUT_MS = 30_000;

export function createGithubClient(settings: GithubSettings): GithubClient {
  const clock = settings.clock ?? systemClock;
  return connect(settings, clock, new RateAllowance(settings, clock));
}

function connect(
  settings: GithubSettings,
  clock: GithubClock,
  allowance: RateAllowance,
  waits = true,
): GithubClient {
  const usage = { ...UNUSED };
  let answeredAt: number | null = null;
  const octokit = createOctokit({
    token: settings.token,
    apiUrl: settings.apiUrl,
    timeoutMs: settings.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    secondMs: settings.secondMs ?? 1_000,
    onAnswer: (resource, cost, headers) => {
      count(usage, resource, cost);
      allowance.record(resource, cost, leftOf(headers, clock.now()));
      const date = Date.parse(String(headers.date));
      if (!Number.isNaN(date)) answeredAt = date;
    },
  });
  return {
    clock,
    usage,
    fork: (options) => connect(settings, clock, allowance, options?.waits ?? waits),
    serverTime: () => answeredAt ?? clock.now(),
    graphql: (query, variables, signal) =>
      admitted({ allowance, waits }, 'graphql', signal, () =>
        askGraphql(octokit, settings.graphqlUrl, query, variables, signal, clock),
      ),
    rest: (route, parameters, signal) =>
      admitted({ allowance, waits }, 'core', signal, () =>
        askRest(octokit, route, parameters, signal, clock),
      ),
  };
}

type Counted = { -readonly [part in keyof ClientUsage]: number };

function count(usage: Counted, resource: Resource, cost: number): void {
  if (resource === 'core') usage.restRequests += 1;
  else {
    usage.points += cost;
    usage.graphqlRequests += 1;
  }
}

/** Runs a call within the allowance; GitHub's own limit of the hour is waited for like our own. */
async function admitted<T>(
  { allowance, waits }: { readonly allowance: RateAllowance; readonly waits: boolean },
  resource: Resource,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    await allowance.admit(resource, signal, waits);
    try {
      return await orAborted(call(), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RateLimitError)) throw error;
      allowance.pause(resource, error.resetAt.getTime());
    }
  }
}

/** Octokit's waits know no signal: stop listening to them. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function askGraphql(
  octokit: Octokit,
  graphqlUrl: string,
  query: string,
  variables: object,
  signal: AbortSignal,
  clock: GithubClock,
): Promise<GraphqlAnswer> {
  const baseUrl = graphqlUrl.replace(/\/graphql$/, '');
  // Repeating is up to the caller: it asks for less the next time.
  const options = { ...variables, baseUrl, request: { signal, retries: 0 } };
  try {
    return { data: await octokit.graphql(query, options), problems: [] };
  } catch (error) {
    return classifyGraphqlError(error, clock);
  }
}

/** Server errors, time-outs and dropped connections arrive with these. */
const HEAVY_STATUS = new Set([500, 502, 503, 504]);

/** Turns what Octokit throws into data with problems or into one of our errors. */
function classifyGraphqlError(error: unknown, clock: GithubClock): GraphqlAnswer {
  const limit = rateLimitOf(error, 'graphql', clock);
  if (limit) throw limit;
  refuseToken(error);
  const answer = graphqlBodyOf(error);
  if (answer) return classifyProblems(answer, error as Error);
  // Octokit itself fails on an answer whose errors are no list.
  if (error instanceof TypeError)
    throw new UnexpectedAnswerError('errors that are no list', { cause: error });
  if (!isHttpError(error)) throw error;
  if (HEAVY_STATUS.has(error.status)) throw new TooHeavyError(error.message, { cause: error });
  const { message } = (error.response?.data ?? {}) as { message?: string };
  if (error.status !== 403) throw error;
  throw new RefusedError(describeRefusal(message ?? error.message, 403), { cause: error });
}

interface GraphqlBody {
  readonly data?: unknown;
  readonly errors?: unknown;
}

/** The answer in an error; Octokit takes one of "Something went wrong" for a failure, data or not. */
function graphqlBodyOf(error: unknown): GraphqlBody | null {
  if (error instanceof GraphqlResponseError) return error as GraphqlBody;
  const body = isHttpError(error) ? (error.response?.data as GraphqlBody | undefined) : undefined;
  return problemsOf(body?.errors).length > 0 ? (body as GraphqlBody) : null;
}

/** The errors of an answer that have GitHub's form; a path of another form says nothing. */
const problemsOf = (errors: unknown): readonly GraphqlProblem[] =>
  Array.isArray(errors)
    ? errors
        .filter((one) => typeof one?.message === 'string')
        .map(({ path, ...problem }) => (Array.isArray(path) ? { ...problem, path } : problem))
    : [];

function classifyProblems(body: GraphqlBody, cause: Error): GraphqlAnswer {
  const { data } = body;
  const errors = problemsOf(body.errors);
  const remedies = errors.map(remedyOf);
  if (remedies.includes('again')) throw new NotNowError(cause.message, { cause });
  const refused = errors.find(({ path }, i) => path?.length === 1 && remedies[i] === 'put_aside');
  if (refused?.path?.[0] === 'repository') {
    throw new RepositoryUnavailableError(describeRefusal(refused.message));
  }
  if (!hasNothing(data)) return { data, problems: errors };
  if (remedies.includes('shrink')) throw new TooHeavyError(cause.message, { cause });
  const [first] = errors;
  if (first && !refused && remedies.every((remedy) => remedy === 'put_aside')) {
    throw new RefusedError(describeRefusal(first.message), { cause });
  }
  if (!data) throw new UnexpectedAnswerError(cause.message, { cause });
  return { data, problems: errors };
}

/** Whether nothing of what was asked for is in an answer. */
function hasNothing(data: unknown): boolean {
  const { rateLimit, ...asked } = (data ?? {}) as Record<string, unknown>;
  return Object.values(asked).every((value) => value === null);
}

async function askRest(
  octokit: Octokit,
  route: string,
  parameters: object,
  signal: AbortSignal,
  clock: GithubClock,
): Promise<RestAnswer> {
  try {
    const { data, headers } = await octokit.request(route, { ...parameters, request: { signal } });
    return { data, hasNextPage: /rel="next"/.test(headers.link ?? '') };
  } catch (error) {
    refuseToken(error);
    throw rateLimitOf(error, 'core', clock) ?? error;
  }
}

/** A rejected token would be rejected at the next attempt, too. */
function refuseToken(error: unknown): void {
  if (!isHttpError(error) || error.status !== 401) return;
  const message = 'GitHub refuses the token in GITHUB_TOKEN: make a new one';
  throw new SourceError('unauthorized', message, { cause: error });
}

/** How long a limit lasts if GitHub does not say: its documentation asks for a minute at least. */
const UNKNOWN_WAIT_MS = 60_000;
/** Shortest wait, should GitHub's clock be behind ours. */
const SHORTEST_WAIT_MS = 1_000;
/** Longest wait that is believed: GitHub's limits last an hour. More is no date at some point. */
const LONGEST_WAIT_MS = DAY_MS;

/**
 * The hour's limit, or a secondary one that outlasted Octokit's retries; null if it is neither.
 * Either is waited for like a spent allowance.
 */
function rateLimitOf(error: unknown, resource: Resource, clock: GithubClock) {
  const failed = error as Failed;
  const headers = failed.response?.headers ?? failed.headers ?? {};
  const problems = problemsOf(failed.errors ?? failed.response?.data?.errors);
  const limits = problems.filter((one) => remedyOf(one) === 'wait').map(({ message }) => message);
  const status = failed.status ?? 200;
  const message = failed.message ?? '';
  const isRefused = status === 403 || status === 429;
  const isSpent = isRefused && headers['x-ratelimit-remaining'] === '0';
  const isLimited =
    status === 429 || isLimit(message) || (isRefused && headers['retry-after'] !== undefined);
  if (limits.length === 0 && !isSpent && !(isRefused && isLimited)) return null;
  const isSecondary = !isSpent && [message, ...limits].some(isSecondaryLimit);
  const reset = Number(headers['x-ratelimit-reset']) * 1000 - clock.now();
  const after = Number(headers['retry-after'] ?? Number.NaN) * 1000;
  const ofHour = limits.length > 0 || isSpent || isLimit(message);
  // A reset that is over by our clock says nothing.
  const wait = ofHour && !isSecondary && reset > 0 ? reset : after || UNKNOWN_WAIT_MS;
  return new RateLimitError(resource, new Date(clock.now() + believed(wait)), { cause: error });
}

/** A wait that GitHub asks for, in ms, between the shortest and the longest that make sense. */
function believed(waitMs: number): number {
  return Math.min(Math.max(waitMs || 0, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}

/** The parts of Octokit's errors that say something of a limit. */
interface Failed {
  readonly status?: number;
  readonly message?: string;
  readonly headers?: Headers;
  readonly errors?: unknown;
  readonly response?: { readonly headers?: Headers; readonly data?: GraphqlBody | null };
}

/** What is left of the hour; null if the headers do not say, or say no number. */
function leftOf(headers: Headers, now: number): { remaining: number; resetAt: number } | null {
  const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
  if (Number.isNaN(remaining) || Number.isNaN(reset)) return null;
  return { remaining, resetAt: Math.min(reset, now + LONGEST_WAIT_MS) };
}
