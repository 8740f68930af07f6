import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { z } from 'zod';
import {
  DOCUMENT_PATHS,
  type DocumentName,
  documentPath,
  type PathParameters,
} from '../../published/paths.ts';
import { UsageError } from '../../util/usage-error.ts';

/**
 * Where published documents are read: a folder, or a published site. Both may be anybody's: each
 * document has a limit of size, all together have one and a time, and each is parsed by its schema.
 */

export interface ReadLimits {
  /** Bytes of one document. */
  readonly document: number;
  /** Bytes of all documents together. */
  readonly all: number;
  /** Milliseconds for all of them. */
  readonly timeMs: number;
}

/** A document of a board has 10,000 people of some 200 bytes; the largest site may have 1 GB. */
export const READ_LIMITS: ReadLimits = {
  document: 32_000_000,
  all: 1_000_000_000,
  timeMs: 180_000,
};

export type DocumentOf<Name extends DocumentName> = z.infer<
  (typeof DOCUMENT_PATHS)[Name]['schema']
>;

/** Reads documents. @throws UsageError for one that is missing, too large or not as its schema says */
export type ReadDocument = <Name extends DocumentName>(
  name: Name,
  parameters?: PathParameters,
) => Promise<DocumentOf<Name>>;

/** Reads the text of a path under `api/v1/`, of so many bytes at most. */
type ReadText = (path: string, most: number, signal: AbortSignal) => Promise<Buffer>;

/** @param place the folder that holds `api/v1/`, that folder itself, or the address of a site */
export async function openDocuments(
  place: string,
  signal: AbortSignal,
  limits: ReadLimits = READ_LIMITS,
): Promise<ReadDocument> {
  const readText = /^[a-z][a-z+.-]+:\/\//i.test(place) ? fromSite(place) : await fromFolder(place);
  const within = AbortSignal.any([signal, AbortSignal.timeout(limits.timeMs)]);
  let left = limits.all;
  return async (name, parameters = {}) => {
    const path = documentPath(name, parameters);
    const most = Math.max(0, Math.min(limits.document, left));
    const text = await readText(path, most, within).catch((error) => {
      signal.throwIfAborted();
      throw within.aborted
        ? new UsageError(`reading ${place} took more than ${limits.timeMs / 1000} s`)
        : error;
    });
    left -= text.length;
    // Others were read at the same time.
    if (left < 0) throw tooLarge(path, most);
    return parseDocument(name, path, text) as DocumentOf<typeof name>;
  };
}

function parseDocument(name: DocumentName, path: string, text: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text.toString('utf8'));
  } catch {
    throw new UsageError(`${path} is not JSON`);
  }
  const parsed = DOCUMENT_PATHS[name].schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first, ...others] = z.prettifyError(parsed.error).split('\n').slice(0, MOST_LINES);
  throw new UsageError(
    [`${path} does not match its schema: ${first?.slice(0, MOST_CHARACTERS)}`, ...others].join(
      '\n',
    ),
  );
}

/** Of an error about a document, whose text is somebody else's. */
const MOST_LINES = 6;
const MOST_CHARACTERS = 300;

const tooLarge = (path: string, most: number) =>
  new UsageError(`${path} is larger than the ${most.toLocaleString('en-US')} bytes that are left`);

/** Files in a folder alone: no link leads out of it. */
async function fromFolder(place: string): Promise<ReadText> {
  const inner = join(place, 'api/v1');
  const root = await realpath(inner).catch(() => realpath(place).catch(() => null));
  if (root === null) throw new UsageError(`there is no folder ${place}`);
  return async (path, most, signal) => {
    const file = await realpath(join(root, path)).catch(() => null);
    if (file === null) throw new UsageError(`${place} has no ${path}`);
    if (!file.startsWith(root + sep)) throw new UsageError(`${path} leads out of ${place}`);
    const facts = await stat(file);
    if (!facts.isFile()) throw new UsageError(`${path} is no file`);
    if (facts.size > most) throw tooLarge(path, most);
    return readFile(file, { signal });
  };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function fromSite(place: string): ReadText {
  const base = URL.parse(place.endsWith('/') ? place : `${place}/`);
  if (base === null) throw new UsageError(`${place} is no address`);
  const isSecure = base.protocol === 'https:';
  if (!isSecure && !(base.protocol === 'http:' && LOOPBACK.includes(base.hostname)))
    throw new UsageError(`${place}: a site is read over https:// alone`);
  const root = new URL(base.pathname.endsWith('/api/v1/') ? './' : './api/v1/', base);
  return async (path, most, signal) => {
    // Parts of a name may be `%`, `?` or `#` in a damaged document: they stay a part of the path.
    const url = new URL(path.split('/').map(encodeURIComponent).join('/'), root);
    const answer = await fetch(url, { redirect: 'manual', signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new UsageError(`${url} does not answer: ${reasonOf(error)}`);
    });
    if (!answer.ok || !answer.body) throw new UsageError(describeAnswer(url, answer));
    return collect(answer.body, path, most);
  };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

function describeAnswer(url: URL, { status, headers }: Response): string {
  const target = headers.get('location');
  return status >= 300 && status < 400 && target
    ? `${url} has moved to ${target.slice(0, MOST_CHARACTERS)}: give the address it has now`
    : `${url} answers ${status}`;
}

async function collect(body: NonNullable<Response['body']>, path: string, most: number) {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > most) throw tooLarge(path, most);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
