import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { projectFolder } from './run-command.ts';

/** The product's files (`pipeline`, `db`, `site`) and what they import, read as text. */

/** Paths from the project's folder. */
export function sourceFiles(): string[] {
  return ['pipeline', 'db', 'site'].flatMap((folder) =>
    readdirSync(join(projectFolder, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|astro)$/.test(entry.name))
      .map((entry) => relative(projectFolder, join(entry.parentPath, entry.name)))
      .filter((file) => !/^site\/(dist|data|\.astro)\//.test(file)),
  );
}

const STATIC = /^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const LAZY = /\bimport\(['"]([^'"]+)['"]\)/g;
const TYPES_ONLY = /^\s*(?:import|export)\s+type\s[^'"`;]*?from\s+['"][^'"]+['"]/gm;

/** The specifiers of a file's imports, including `import(…)` and types. */
export function importsOf(file: string): string[] {
  const text = readFileSync(join(projectFolder, file), 'utf8');
  return [...text.matchAll(STATIC), ...text.matchAll(LAZY)].map(([, specifier = '']) => specifier);
}

/** The files that import each file, by its path. */
export function importersByFile(): Map<string, string[]> {
  const pairs = sourceFiles().flatMap((importer) => {
    const targets = importsOf(importer).filter((specifier) => specifier.startsWith('.'));
    const paths = targets.map((specifier) => normalize(join(dirname(importer), specifier)));
    return [...new Set(paths)].map((file) => ({ file, importer }));
  });
  const byFile = Map.groupBy(pairs, ({ file }) => file);
  return new Map([...byFile].map(([file, all]) => [file, all.map(({ importer }) => importer)]));
}

/** The product's files that are loaded with a file: direct and indirect imports, without types. */
export function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(projectFolder, file), 'utf8').replaceAll(TYPES_ONLY, '');
  for (const [, specifier = ''] of text.matchAll(STATIC)) {
    if (specifier.startsWith('.')) loadedWith(normalize(join(dirname(file), specifier)), seen);
  }
  return seen;
}
