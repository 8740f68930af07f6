import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import {
  DEFAULT_OUT,
  DEFAULT_PORT,
  normalizeBase,
  type PreviewOptions,
  SiteError,
} from './options.ts';
import { decodePath, isFile, resolveWithin, typeOf } from './served-files.ts';

export interface Preview {
  readonly url: string;
  readonly server: Server;
  close(): Promise<void>;
}

/**
 * Serves a built site on this machine, under the base that it was built for, as GitHub Pages does.
 * Astro's own preview does not: it answers 404 where GitHub Pages redirects, fails with 500 on
 * `..%2f`, and takes another port without an error.
 */
export async function servePreview(options: PreviewOptions = {}): Promise<Preview> {
  const out = resolve(options.out ?? DEFAULT_OUT);
  const base = readBase(out);
  const baseNow = followBase(out, base);
  const server = createServer((request, response) => respond(out, baseNow(), request, response));
  const port = await listen(server, options.port ?? DEFAULT_PORT);
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${port}${base}`, server, close };
}

/**
 * @throws SiteError if there is no site, or `site.json` is not as the build writes it
 */
function readBase(out: string): string {
  const file = join(out, 'site.json');
  try {
    const { base } = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof base === 'string' && base === normalizeBase(base)) return base;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new SiteError(`There is no site in ${out}: run npm run site:build first.`);
    if (code) throw new SiteError(`${file} can't be read (${code}).`);
  }
  throw new SiteError(`${file} is not as npm run site:build writes it: run that again.`);
}

/**
 * The base of the site that is there now: a build may replace it while it is served. In the moment
 * in which there is none, and of one that can't be read, the base before stays.
 */
function followBase(out: string, first: string): () => string {
  let base = first;
  return () => {
    try {
      base = readBase(out);
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
    }
    return base;
  };
}

function respond(out: string, base: string, { method, url }: IncomingMessage, to: ServerResponse) {
  if (method !== 'GET' && method !== 'HEAD') return to.writeHead(405, { allow: 'GET, HEAD' }).end();
  const answer = answerFor(out, base, url ?? '/');
  if (answer.kind === 'nothing') return to.writeHead(404).end();
  if (answer.kind === 'redirect') return to.writeHead(302, { location: answer.to }).end();
  to.writeHead(answer.status, {
    'content-type': answer.type,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  if (method === 'HEAD') return to.end();
  // Closes the file, too, when the reader goes away before the end.
  return pipeline(createReadStream(answer.file), to, () => {});
}

/**
 * Checks the port before the long work of a build.
 *
 * @throws SiteError if the port is in use
 */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  await listen(server, port);
  await new Promise((done) => server.close(done));
}

/** Listens on this machine only: a preview is not for the network. */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') fail(portTaken(port));
      else if (error.code === 'EACCES') fail(portForbidden(port));
      else fail(error);
    });
    server.listen(port, '127.0.0.1', done);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

const portTaken = (port: number) =>
  new SiteError(
    `Port ${port} is taken: stop what is served there, or serve the site that is built ` +
      `elsewhere by npm run site:preview -- --port ${port + 1}`,
  );

const portForbidden = (port: number) =>
  new SiteError(
    `Port ${port} is not allowed for you: take one from 1024 on, like ${DEFAULT_PORT}.`,
  );

/** The answer to an address: a file, a redirect or nothing. Its only effect is to look at the disk. */
export type Answer =
  | {
      readonly kind: 'file';
      readonly status: 200 | 404;
      readonly file: string;
      readonly type: string;
    }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'nothing' };

function answerFor(out: string, base: string, url: string): Answer {
  const path = decodePath(url);
  if (path === '/' && base !== '/') return { kind: 'redirect', to: inHeader(base) };
  if (path === base.slice(0, -1)) return { kind: 'redirect', to: inHeader(base) };
  if (path === null || !path.startsWith(base)) return notFound(out);
  const file = resolveWithin(out, path.slice(base.length));
  if (file === null) return notFound(out);
  if (isFile(file)) return { kind: 'file', status: 200, file, type: typeOf(file) };
  const page = join(file, 'index.html');
  if (!isFile(page)) return notFound(out);
  // As GitHub Pages does: a folder's page has a slash at its end.
  if (!path.endsWith('/')) return { kind: 'redirect', to: encodeURI(`${path}/`) };
  return { kind: 'file', status: 200, file: page, type: typeOf(page) };
}

/** A header holds nothing else than visible ASCII. */
const inHeader = (path: string) => path.toWellFormed().replace(/[^!-~]/gu, encodeURIComponent);

function notFound(out: string): Answer {
  const file = join(out, '404.html');
  return existsSync(file)
    ? { kind: 'file', status: 404, file, type: typeOf(file) }
    : { kind: 'nothing' };
}
