import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packScripts } from '../../site/pack-scripts.ts';

const tag = (name: string) => `<script type="module" src="/base/_astro/${name}.js"></script>`;
const THEME = '<script src="/base/theme.js"></script>';

/** Two pages: both have the header, which loads the search later, and which shares its state. */
const FILES = {
  'index.html': `${THEME}<p>${tag('board')}${tag('header')}</p>`,
  'page/1/index.html': `<h1>1</h1>${tag('board')}${tag('header')}`,
  'plain/index.html': `<h1>2</h1>${tag('header')}`,
  'none/index.html': `<h1>3</h1>${THEME}`,
  '_astro/board.js': "import { log } from './log.js'; log('board');",
  '_astro/header.js':
    "import { log } from './log.js'; log('header'); globalThis.later = () => import('./search.js');",
  '_astro/search.js':
    "import { log, read } from './log.js'; log('search'); globalThis.packed = read();",
  '_astro/log.js':
    'const all = []; export const log = (one) => all.push(one); export const read = () => all.join(" ");',
  '_astro/worker.js': 'postMessage(1);',
};

async function packInto(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await packScripts(folder);
}

describe('scripts in one file', () => {
  let out: string;
  beforeEach(async () => {
    out = mkdtempSync(join(tmpdir(), 'pack-'));
    await packInto(out);
  });
  afterEach(() => rmSync(out, { recursive: true }));

  const read = (path: string) => readFileSync(join(out, path), 'utf8');
  const scriptsOf = (path: string) =>
    [...read(path).matchAll(/<script type="module" src="\/base\/(_astro\/[^"]+)"><\/script>/g)].map(
      ([, name = '']) => name,
    );

  it('are one of a page, the same for pages with the same scripts', () => {
    const [board, ...more] = scriptsOf('index.html');
    expect(more).toEqual([]);
    expect(scriptsOf('page/1/index.html')).toEqual([board]);
    expect(scriptsOf('plain/index.html')).toHaveLength(1);
    expect(scriptsOf('plain/index.html')).not.toEqual([board]);
  });

  it('leave the rest of a page as it is', () => {
    const [board = ''] = scriptsOf('index.html');
    expect(read('index.html')).toBe(`${THEME}<p>${tag(board.slice(7, -3))}</p>`);
    expect(read('none/index.html')).toBe(FILES['none/index.html']);
  });

  it('replace the files that they were made from, and no other', () => {
    const names = readdirSync(join(out, '_astro'));
    for (const name of ['board.js', 'header.js', 'search.js', 'log.js'])
      expect(names).not.toContain(name);
    expect(read('_astro/worker.js')).toBe(FILES['_astro/worker.js']);
  });

  it('share their state with what is loaded later', async () => {
    const [board = ''] = scriptsOf('index.html');
    const later = readdirSync(join(out, '_astro')).filter((name) =>
      read(`_astro/${name}`).includes('globalThis.packed'),
    );
    expect(later).toHaveLength(2);
    const own = later.find((name) => read(`_astro/${name}`).includes(board.slice(7))) ?? '';
    await import(pathToFileURL(join(out, '_astro', own)).href);
    expect((globalThis as { packed?: string }).packed).toBe('board header search');
  });

  it('have the same names in every build', async () => {
    const names = readdirSync(join(out, '_astro'));
    const beside = mkdtempSync(join(tmpdir(), 'pack-other-'));
    await packInto(beside);
    expect(readdirSync(join(beside, '_astro'))).toEqual(names);
    rmSync(beside, { recursive: true });
  });
});
