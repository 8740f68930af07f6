import { setTimeout as sleep } from 'node:timers/promises';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { z } from 'zod';
import { toStoredText } from '../../domain/stored-value.ts';
import { repeatFailed } from '../../util/repeat-requests.ts';
import { explainUnreachable } from '../../util/unreachable.ts';
import { httpError, isHttpError, type Resource, UnexpectedAnswerError } from './errors.ts';
import { remedyOf } from './remedies.ts';

/** Octokit as this project uses it: patient, limited in time, and honest about answers cut short. */

export interface OctokitSettings {
  /** Null: without one, GitHub answers 60 REST requests an hour and no GraphQL. */
  readonly token: string | null;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  /** Longest time for one answer. GitHub itself gives a query ten seconds. */
  readonly timeoutMs: number;
  /** What the plugins take for a second; less only in tests. */
  readonly secondMs: number;
  /** Told of every answer: what it cost, and what is left. */
  readonly onAnswer: (resource: Resource, cost: number, headers: Headers) => void;
}

export type Headers = Readonly<Record<string, string | number | undefined>>;

/** How often a request that met a secondary limit is repeated. */
const SECONDARY_RETRIES = 3;

/** Longest wait for a secondary limit in Octokit, in seconds; a longer one is our allowance's to judge. */
const LONGEST_SECONDARY_WAIT = 300;

type OctokitOptions = NonNullable<ConstructorParameters<typeof Octokit>[0]>;

const Patient = Octokit.plugin(checkAnswers, repeatFailed, throttling);

/**
 * All requests pass at once. The throttling plugin spaces GraphQL queries a second apart, as POSTs
 * that might change something, and where the clock of the machine is set back, it holds every
 * request until the clock shows the old time again.
 */
const unspaced = {
  key: () => ({ schedule: (_options: unknown, run: () => unknown) => run() }),
};

type OnFailed = (error: unknown, info: object) => Promise<number | undefined>;

/**
 * Repeats a request for as long as the throttling plugin gives a wait for it. The plugin's own
 * limiter goes by the clock of the machine, too.
 */
function createRetryLimiter() {
  let onFailed: OnFailed = async () => undefined;
  return {
    on: (_event: 'failed', handler: OnFailed) => {
      onFailed = handler;
    },
    async schedule<A extends unknown[], T>(run: (...args: A) => Promise<T>, ...args: A) {
      for (let retryCount = 0; ; retryCount++) {
        try {
          return await run(...args);
        } catch (error) {
          // The plugin expects an answer, which a lost connection has not.
          const waitMs = await onFailed(error, { args, retryCount }).catch(() => undefined);
          if (waitMs === undefined) throw error;
          await sleep(waitMs);
        }
      }
    },
  };
}

/** In place of those of the throttling plugin, whose types name only one of them. */
const createLimiters = (): object => ({
  write: unspaced,
  global: unspaced,
  retryLimiter: createRetryLimiter(),
});

export function createOctokit(settings: OctokitSettings): Octokit {
  return new Patient({
    ...(settings.token && { auth: settings.token }),
    baseUrl: settings.apiUrl,
    userAgent: 'contributor-leaderboard',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: timedFetch(settings.timeoutMs) },
    secondMs: settings.secondMs,
    throttle: {
      retryAfterBaseValue: settings.secondMs,
      ...createLimiters(),
      // The hour's limit is ours to handle: the wait is long, and there is an allowance to keep.
      onRateLimit: () => false,
      onSecondaryRateLimit: (after: number, _options: object, _octokit: object, count: number) =>
        after >= 0 && after <= LONGEST_SECONDARY_WAIT && count < SECONDARY_RETRIES,
    },
    onAnswer: settings.onAnswer,
  });
}

/** `fetch` that gives up after a while; a connection may hang for ever otherwise. */
function timedFetch(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    try {
      return await fetch(input, { ...init, signal });
    } catch (error) {
      const { host } = new URL(input instanceof Request ? input.url : input);
      const message = explainUnreachable(error, host, UNREACHED);
      // Octokit gives the message of this error to its own.
      throw message === null ? error : new Error(message, { cause: error });
    }
  };
}

const UNREACHED =
  "check this machine's network, GITHUB_API_URL if it is set, and https://www.githubstatus.com";

/** The innermost plugin: sees every single answer, before the others decide about repeating. */
function checkAnswers(octokit: Pick<Octokit, 'hook'>, options: OctokitOptions) {
  const onAnswer = options.onAnswer as OctokitSettings['onAnswer'] | undefined;
  octokit.hook.wrap('request', async (request, endpoint) => {
    const isGraphql = new URL(endpoint.url, 'http://localhost').pathname.endsWith('/graphql');
    const resource = isGraphql ? 'graphql' : 'core';
    const response = await Promise.resolve(request(endpoint)).catch((error: unknown) => {
      const headers = isHttpError(error) ? error.response?.headers : undefined;
      if (headers) onAnswer?.(resource, 1, headers);
      if (error instanceof Error) shortenMessage(error);
      throw error;
    });
    onAnswer?.(resource, costOf(response.data), response.headers);
    refuseUnusable(response as Answer, endpoint, isGraphql);
    return response;
  });
  return {};
}

/** Octokit's messages repeat the whole answer, which may be a page of data. */
function shortenMessage(error: Error): void {
  const { message, stack } = error;
  error.message = toStoredText(message, LONGEST_MESSAGE);
  if (stack) error.stack = stack.replace(message, () => error.message);
}

/** Characters. */
const LONGEST_MESSAGE = 1_000;

interface Answer {
  readonly data: { data?: unknown; errors?: unknown; message?: string } | string | null;
  readonly headers: Headers;
}

/** A body cut short arrives as text; GraphQL's secondary limit as a 200 with a message alone. */
function refuseUnusable(response: Answer, request: object, isGraphql: boolean): void {
  const body = response.data;
  if (typeof body !== 'object' || body === null) {
    throw httpError('the answer was cut short', 500, request);
  }
  if (isGraphql && body.data === undefined && body.errors === undefined) {
    const message = body.message ?? 'an answer without data';
    const remedy = remedyOf({ message });
    const status = remedy === 'wait' || remedy === 'put_aside' ? 403 : 502;
    throw httpError(message, status, request, response);
  }
  // Octokit's plugins look into them in answers of REST, too.
  if (body.errors !== undefined && !problemsSchema.safeParse(body.errors).success) {
    throw new UnexpectedAnswerError("GitHub's answer has errors of an unknown form");
  }
}

/** The fields of GraphQL's errors that are read here and in Octokit. */
const problemsSchema = z.array(
  z.object({
    message: z.string(),
    type: z.string().optional(),
    path: z.array(z.union([z.string(), z.number()])).optional(),
  }),
);

/** A query that costs more is refused by GitHub. */
const costSchema = z.int().nonnegative().max(1_000_000).catch(1);

/** Our queries ask for their cost; a REST request costs one request. */
function costOf(body: { data?: { rateLimit?: { cost?: unknown } } } | null): number {
  return costSchema.parse(body?.data?.rateLimit?.cost);
}
