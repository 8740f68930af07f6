import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * PostgreSQL as a browser runs it: the files of the package, which the site serves itself. Only the
 * page for queries fetches them, and only when a query is run.
 */

const folder = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));

const read = (name: string) => readFileSync(join(folder, name));

/** What the package would fetch as it is: packed, it takes a third of the site's bytes. */
const PACKED = ['pglite.wasm', 'pglite.data', 'initdb.wasm'];

/** An ending that no server knows, so that none unpacks them by itself. */
const ENDING = '.packed';

/** Of what is kept in memory; the scripts of other places are asked for by `import()`. */
const IMPORTED = /(?:from|import)"\.\/([^"]+)"/g;

/** The entry and all scripts that it leads to. */
function listScripts(name = 'index.js', found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, imported = ''] of read(name).toString().matchAll(IMPORTED))
    listScripts(imported, found);
  return found;
}

export const listPostgresFiles = (): string[] => [
  ...listScripts(),
  ...PACKED.map((name) => name + ENDING),
];

/** A file by its name on the site. */
export function readPostgresFile(name: string) {
  if (name.endsWith(ENDING)) {
    const packed = gzipSync(read(name.slice(0, -ENDING.length)));
    return { content: new Uint8Array(packed), type: 'application/octet-stream' };
  }
  const content = read(name)
    .toString()
    .replace(/\n\/\/# sourceMappingURL=.*/, '');
  return { content, type: 'text/javascript' };
}
