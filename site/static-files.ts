import { existsSync, statSync } from 'node:fs';
import { extname, join, resolve, sep } from 'node:path';

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

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

export function answerFor(out: string, base: string, url: string): Answer {
  const path = decodePath(url);
  if (path === '/' && base !== '/') return { kind: 'redirect', to: inHeader(base) };
  if (path === base.slice(0, -1)) return { kind: 'redirect', to: inHeader(base) };
  if (path === null || !path.startsWith(base)) return notFound(out);
  const file = resolve(out, path.slice(base.length));
  if (file !== resolve(out) && !file.startsWith(resolve(out) + sep)) return notFound(out);
  if (isFile(file)) return { kind: 'file', status: 200, file, type: typeOf(file) };
  const page = join(file, 'index.html');
  if (!isFile(page)) return notFound(out);
  // As GitHub Pages does: a folder's page has a slash at its end.
  if (!path.endsWith('/')) return { kind: 'redirect', to: encodeURI(`${path}/`) };
  return { kind: 'file', status: 200, file: page, type: typeOf(page) };
}

/** A header holds nothing else than visible ASCII. */
const inHeader = (path: string) => path.replace(/[^!-~]/gu, encodeURIComponent);

function decodePath(url: string): string | null {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/, ''));
    return path.includes('\0') ? null : path;
  } catch {
    return null;
  }
}

function notFound(out: string): Answer {
  const file = join(out, '404.html');
  return existsSync(file)
    ? { kind: 'file', status: 404, file, type: typeOf(file) }
    : { kind: 'nothing' };
}

/** A file that cannot be looked at, for example because its name is too long, counts as missing. */
function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const typeOf = (file: string) => TYPES[extname(file)] ?? 'application/octet-stream';
