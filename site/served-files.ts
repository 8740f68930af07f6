import { statSync } from 'node:fs';
import { extname, resolve, sep } from 'node:path';

/** What both servers know of addresses and files: that of a built site and that of its sources. */

/** The path of an address; null: it is not one. */
export function decodePath(url: string): string | null {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/, ''));
    return path.includes('\0') ? null : path;
  } catch {
    return null;
  }
}

/** A path in a folder, or the folder itself; null: it leads out. */
export function resolveWithin(folder: string, path: string): string | null {
  const [root, file] = [resolve(folder), resolve(folder, path)];
  return file === root || file.startsWith(root + sep) ? file : null;
}

/** A file that cannot be looked at, for example because its name is too long, counts as missing. */
export function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** The media type of a file, by its name. */
export const typeOf = (file: string) => TYPES[extname(file)] ?? 'application/octet-stream';
