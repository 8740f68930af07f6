import { readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HookParameters } from 'astro';
import type { findSharedFile } from './src/many/units.ts';

/**
 * What the build puts beside the pages, for the development server: documents and pictures as they
 * lie, and what is shared (badges, cards, pictures, feeds), made when it is asked for.
 */

type Server = HookParameters<'astro:server:setup'>['server'];

const UNITS = fileURLToPath(new URL('src/many/units.ts', import.meta.url));

const SHARED = /^(badge|card|og)\/|feed\.xml$/;

const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.xml': 'application/xml; charset=utf-8',
};

/** @param data the folder that holds `api/` */
export function serveFiles(server: Server, data: string): void {
  server.middlewares.use((request, response, next) => {
    const path = pathOf(request.url ?? '/', server.config.base);
    if (path === null || extname(path) === '') return next();
    findFile(server, data, path).then((content) => {
      if (content === null) next();
      else send(response, path, content);
    }, next);
  });
}

/** Null: not an address of the site. */
function pathOf(url: string, base: string): string | null {
  const { pathname } = new URL(url, 'http://localhost');
  // Vite takes its base off the address, as the site stands at the root here.
  const inside = pathname.startsWith(base) ? pathname.slice(base.length) : pathname.slice(1);
  try {
    return decodeURIComponent(inside);
  } catch {
    return null;
  }
}

async function findFile(server: Server, data: string, path: string) {
  if (path.startsWith('api/')) return readWithin(data, path);
  if (path.startsWith('avatars/')) return readWithin(data, join('api/v1', path));
  if (!SHARED.test(path)) return null;
  const units = (await server.ssrLoadModule(UNITS)) as { findSharedFile: typeof findSharedFile };
  return units.findSharedFile(path)?.content ?? null;
}

/** No address leads out of the folder. */
function readWithin(folder: string, path: string): Buffer | null {
  const file = resolve(folder, path);
  if (!file.startsWith(resolve(folder) + sep)) return null;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? readFileSync(file) : null;
}

function send(response: ServerResponse, path: string, content: string | Uint8Array): void {
  response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
  response.end(content);
}
