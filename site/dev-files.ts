import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HookParameters } from 'astro';
import { decodePath, isFile, resolveWithin, typeOf } from './served-files.ts';
import type { findSharedFile } from './src/many/units.ts';

/**
 * What the build puts beside the pages, for the development server: documents and pictures as they
 * lie, and what is shared (badges, cards, pictures, feeds), made when it is asked for.
 */

type Server = HookParameters<'astro:server:setup'>['server'];

const UNITS = fileURLToPath(new URL('src/many/units.ts', import.meta.url));

const SHARED = /^(badge|card|og)\/|feed\.xml$/;

/** @param data the folder that holds `api/` */
export function serveFiles(server: Server, data: string): void {
  const { base } = server.config;
  server.middlewares.use((request, response, next) => {
    const address = decodePath(request.url ?? '/');
    if (!address?.startsWith(base)) return next();
    const path = address.slice(base.length);
    findFile(server, data, path).then((content) => {
      if (content === null) return next();
      response.setHeader('content-type', typeOf(path));
      response.end(content);
    }, next);
  });
}

async function findFile(server: Server, data: string, path: string) {
  if (path.startsWith('api/')) return readWithin(data, path);
  if (path.startsWith('avatars/')) return readWithin(join(data, 'api/v1'), path);
  if (!SHARED.test(path)) return null;
  const units = (await server.ssrLoadModule(UNITS)) as { findSharedFile: typeof findSharedFile };
  return units.findSharedFile(path)?.content ?? null;
}

function readWithin(folder: string, path: string): Buffer | null {
  const file = resolveWithin(folder, path);
  return file !== null && isFile(file) ? readFileSync(file) : null;
}
