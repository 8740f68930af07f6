import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import { z } from 'zod';
import { DEFAULT_OUT, DEFAULT_PORT, type PreviewOptions, SiteError } from './options.ts';
import { answerFor } from './static-files.ts';

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
  const server = createServer((request, response) => respond(out, base, request, response));
  const port = await listen(server, options.port ?? DEFAULT_PORT);
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${port}${base}`, server, close };
}

/** What the build notes about a site. */
const siteSchema = z.object({ base: z.string().regex(/^\/(?:[^/\p{C}]+\/)*$/u) });

function readBase(out: string): string {
  const file = join(out, 'site.json');
  if (!existsSync(file))
    throw new SiteError(`There is no site in ${out}: run npm run site:build first.`);
  try {
    return siteSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).base;
  } catch (cause) {
    throw new SiteError(`${file} is damaged: run npm run site:build again.`, { cause });
  }
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
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'EADDRINUSE' ? portTaken(port) : error),
    );
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
