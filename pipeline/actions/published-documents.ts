import type { ZodType, z } from 'zod';
import { DOCUMENT_PATHS } from '../published/paths.ts';
import { withRetries } from '../util/retry.ts';

/** Reads documents that an earlier run published. The site may be anybody's by now. */

/** Bytes; `history.json` of a hundred repositories has 3 MB. */
const MOST_BYTES = 50_000_000;
const TIMEOUT_MS = 60_000;
const RETRY_DELAYS_MS = [1_000, 5_000];

/** The site answers, and has no such document. */
class NotPublishedError extends Error {}

/** A document, or why it can't be used. */
export type Reading<T> = { readonly document: T } | { readonly problem: string };

type SchemaOf<N extends keyof typeof DOCUMENT_PATHS> = (typeof DOCUMENT_PATHS)[N]['schema'];

/** @param site its address, as in `config/site.yaml` */
export async function readPublished<N extends 'history' | 'costs'>(
  site: string,
  name: N,
  signal: AbortSignal,
): Promise<Reading<z.infer<SchemaOf<N>>>> {
  const { path, schema } = DOCUMENT_PATHS[name];
  const url = new URL(`api/v1/${path}`, site.endsWith('/') ? site : `${site}/`);
  const isTransient = (error: unknown) => !(error instanceof NotPublishedError);
  try {
    const policy = { delaysMs: RETRY_DELAYS_MS, isTransient };
    const text = await withRetries(() => fetchText(url, signal), policy, signal);
    const parsed = (schema as ZodType).safeParse(JSON.parse(text));
    if (!parsed.success) return { problem: `${url.href} does not fit its schema` };
    return { document: parsed.data as z.infer<SchemaOf<N>> };
  } catch (error) {
    signal.throwIfAborted();
    return { problem: `${url.href} can't be read: ${(error as Error).message}` };
  }
}

async function fetchText(url: URL, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(url, { signal: limit, headers: { accept: 'application/json' } });
  // A custom domain is reached by a redirect.
  if (url.protocol === 'https:' && !response.url.startsWith('https:')) {
    throw new NotPublishedError('it leads to an address without encryption');
  }
  if (response.status < 500 && !response.ok) {
    throw new NotPublishedError(`the site answered ${response.status}`);
  }
  if (!response.ok || !response.body) throw new Error(`the site answered ${response.status}`);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const bytes of response.body) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MOST_BYTES) throw new NotPublishedError('it is too large');
  }
  return text + decoder.decode();
}
