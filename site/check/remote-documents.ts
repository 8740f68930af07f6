import { setTimeout as sleep } from 'node:timers/promises';
import { documentPath } from '../../pipeline/published/paths.ts';
import { SiteError } from '../options.ts';
import { encodePath } from '../src/lib/paths.ts';
import { type DocumentSource, parseDocument } from './documents.ts';

/** What is read at most of another site: it may be of anybody, and it may answer for ever. */
export interface Limits {
  readonly documentBytes: number;
  readonly allBytes: number;
  readonly requests: number;
  /** For one request, and for all together. */
  readonly requestMs: number;
  readonly allMs: number;
  readonly redirects: number;
  /** Waits before another try. */
  readonly delaysMs: readonly number[];
}

export const LIMITS: Limits = {
  documentBytes: 32_000_000,
  allBytes: 1_000_000_000,
  requests: 20_000,
  requestMs: 20_000,
  allMs: 240_000,
  redirects: 5,
  delaysMs: [1_000, 5_000],
};

/** More than may be read: what was read until then can be compared. */
export class LimitError extends SiteError {}

/** Nobody reads the site, or only people who are logged in do: it can't be compared. */
export class UnreadableError extends SiteError {}

/** A failure that may be gone when the request is made again. */
class PassingError extends SiteError {}

const isLocal = (url: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

function requireSafe(url: URL, from?: URL): void {
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url));
  const isLeavingHttps = from?.protocol === 'https:' && url.protocol !== 'https:';
  if (!isSafe || isLeavingHttps)
    throw new SiteError(
      `${url.origin} is not asked: only https:// is, and http:// of this machine`,
    );
}

/** Documents behind the address of a site, by https. */
export function openSite(address: string, limits: Limits = LIMITS): DocumentSource {
  const root = new URL('api/v1/', address.endsWith('/') ? address : `${address}/`);
  requireSafe(root);
  const left = { bytes: limits.allBytes, requests: limits.requests };
  const deadline = AbortSignal.timeout(limits.allMs);
  const fetchText = (url: URL) => fetchLimited(url, { limits, left, deadline });
  return {
    name: address,
    async read(name, parameters, schema) {
      const url = new URL(encodePath(documentPath(name, parameters)), root);
      const text = await withTries(() => fetchText(url), limits.delaysMs);
      return text === null ? null : parseDocument(text, url.href, schema);
    },
  };
}

async function withTries<T>(call: () => Promise<T>, delaysMs: readonly number[]): Promise<T> {
  for (const delayMs of delaysMs) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      await sleep(delayMs);
    }
  }
  return await call();
}

interface Budget {
  readonly limits: Limits;
  readonly left: { bytes: number; requests: number };
  readonly deadline: AbortSignal;
}

async function fetchLimited(first: URL, budget: Budget): Promise<string | null> {
  const { limits, deadline } = budget;
  const signal = AbortSignal.any([deadline, AbortSignal.timeout(limits.requestMs)]);
  let url = first;
  for (let redirects = 0; redirects <= limits.redirects; redirects++) {
    budget.left.requests -= 1;
    if (budget.left.requests < 0) throw new LimitError(`more than ${limits.requests} documents`);
    const answer = await ask(url, signal, budget);
    if (typeof answer === 'string' || answer === null) return answer;
    requireSafe(answer, url);
    url = answer;
  }
  throw new SiteError(`${first.href} redirects more than ${limits.redirects} times`);
}

/** The text of an address, null if there is none, or the address that it redirects to. */
async function ask(url: URL, signal: AbortSignal, budget: Budget): Promise<string | null | URL> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal });
    const { status, headers } = response;
    const target = headers.get('location');
    const isText = status === 200;
    if (!isText) await response.body?.cancel();
    if (isText) return await readText(response, url, budget);
    if (status === 404 || status === 410) return null;
    if (status >= 300 && status < 400 && target !== null && URL.canParse(target, url))
      return new URL(target, url);
    if (status === 401 || status === 403)
      throw new UnreadableError(`${url.href} answers ${status}`);
    if (status === 429 || status >= 500) throw new PassingError(`${url.href} answers ${status}`);
    throw new SiteError(`${url.href} answers ${status}`);
  } catch (error) {
    if (error instanceof SiteError) throw error;
    if (budget.deadline.aborted)
      throw new LimitError(`more than ${budget.limits.allMs / 1_000} s`, { cause: error });
    const reason = reasonOf(error);
    if (reason === 'ENOTFOUND')
      throw new UnreadableError(`there is no host ${url.host}`, { cause: error });
    throw new PassingError(`${url.href} does not answer: ${reason}`, { cause: error });
  }
}

const reasonOf = (error: unknown) => {
  const { cause = error } = error as Error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return code ?? message;
};

async function readText(response: Response, url: URL, { limits, left }: Budget): Promise<string> {
  const isPage = /^text\/html/i.test(response.headers.get('content-type') ?? '');
  if (isPage) {
    await response.body?.cancel();
    throw new UnreadableError(`${url.href} answers with a page`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    left.bytes -= part.length;
    if (bytes > limits.documentBytes) throw new SiteError(`${url.href} is too long`);
    if (left.bytes < 0) throw new LimitError(`more than ${limits.allBytes / 1e6} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
