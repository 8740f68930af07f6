import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles } from './support/imports.ts';
import { projectFolder } from './support/run-command.ts';

/** The direction of imports, as the design has it: from a layer to what it may know of. */

/** First match wins. A layer may always import from itself. */
const LAYERS: readonly { layer: string; path: RegExp; mayImport: readonly string[] }[] = [
  { layer: 'util', path: /^pipeline\/util\//, mayImport: ['package'] },
  // Rules on names and numbers are zod's in the domain, too: one place for the shape of a row.
  { layer: 'domain', path: /^pipeline\/domain\//, mayImport: ['util', 'zod'] },
  { layer: 'published', path: /^pipeline\/published\//, mayImport: ['domain', 'zod'] },
  {
    layer: 'sources',
    path: /^pipeline\/sources\//,
    mayImport: ['config', 'domain', 'util', 'package'],
  },
  { layer: 'migrations', path: /^db\/migrations\//, mayImport: ['kysely'] },
  { layer: 'db', path: /^db\//, mayImport: ['domain', 'util', 'migrations', 'package'] },
  { layer: 'config', path: /^pipeline\/config\//, mayImport: ['domain', 'util', 'package'] },
  {
    layer: 'runtime',
    path: /^pipeline\/runtime\//,
    mayImport: ['config', 'domain', 'util', 'db', 'package'],
  },
  {
    layer: 'stages',
    path: /^pipeline\/stages\//,
    mayImport: ['runtime', 'config', 'sources', 'domain', 'util', 'db', 'published', 'package'],
  },
  {
    layer: 'actions',
    path: /^pipeline\/actions\//,
    mayImport: [
      'stages',
      'runtime',
      'config',
      'sources',
      'domain',
      'util',
      'db',
      'published',
      'package',
    ],
  },
  { layer: 'site', path: /^site\//, mayImport: ['published', 'domain', 'util', 'package'] },
  {
    layer: 'commands',
    path: /^pipeline\/[^/]+\.ts$/,
    mayImport: [
      'actions',
      'stages',
      'runtime',
      'config',
      'domain',
      'util',
      'db',
      'site',
      'package',
    ],
  },
];

const layerOf = (path: string) => LAYERS.find((layer) => layer.path.test(path));

/** What an import names: a layer, or a package. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('node:') || specifier.startsWith('astro:')) return 'platform';
  if (!specifier.startsWith('.')) return specifier.split('/')[0] ?? specifier;
  return layerOf(normalize(join(dirname(file), specifier)))?.layer ?? 'unknown';
}

function isAllowed(file: string, specifier: string): boolean {
  const from = layerOf(file);
  if (!from) return false;
  const target = targetOf(file, specifier);
  if (target === 'platform' || target === from.layer) return true;
  const isPackage = !specifier.startsWith('.');
  return from.mayImport.includes(target) || (isPackage && from.mayImport.includes('package'));
}

/** Queries stand in db/ alone: a stage calls a function that is named after what it reads or writes. */
const SQL = /\b(?:selectFrom|updateTable|insertInto|deleteFrom)\(|(?<![.\w])sql(?:<[^`;]*>)?`/;

describe('imports', () => {
  const files = sourceFiles();

  it('are read from all layers', () => {
    expect(new Set(files.map((file) => layerOf(file)?.layer))).toEqual(
      new Set(LAYERS.map(({ layer }) => layer)),
    );
  });

  it('go from a layer only to what it may know of', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !isAllowed(file, specifier))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('of another kind would be found', () => {
    expect(isAllowed('pipeline/domain/bots.ts', '../../db/client.ts')).toBe(false);
    expect(isAllowed('site/src/lib/x.ts', '../../../db/client.ts')).toBe(false);
    expect(isAllowed('site/src/lib/x.ts', '../../../pipeline/published/documents.ts')).toBe(true);
    expect(isAllowed('pipeline/published/documents.ts', '../stages/report/entry.ts')).toBe(false);
  });
});

describe('SQL', () => {
  it('stands in db/ alone', () => {
    const wrong = sourceFiles()
      .filter((file) => !file.startsWith('db/'))
      .filter((file) => SQL.test(readFileSync(join(projectFolder, file), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it.each([
    ["db.selectFrom('repositories')", true],
    ['await sql`SELECT`.execute(db)', true],
    ['await sql<{ id: number }>`SELECT 1 AS id`.execute(db)', true],
    ['/** A row of `events.sql` as BigQuery has it. */', false],
  ])('would be found: %s', (text, isFound) => {
    expect(SQL.test(text)).toBe(isFound);
  });
});
