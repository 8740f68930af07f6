import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from './support/run-command.ts';

const text = readFileSync(join(projectFolder, 'CONTRIBUTING.md'), 'utf8');

const FOLDER = /^(?:config|db|pipeline|site|test)\//;

/** The paths in backticks: those in a folder of the project, and names of files at its top. */
function pathsIn(markdown: string): string[] {
  const quoted = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, quote = '']) => quote);
  return quoted.filter((quote) => FOLDER.test(quote) || /^[\w-]+\.md$/.test(quote));
}

/** A path is there; of one with a `<placeholder>`, the folder that is named before it. */
function isThere(path: string): boolean {
  const place = path.indexOf('<');
  const known = place < 0 ? path : `${dirname(`${path.slice(0, place)}x`)}/`;
  const full = join(projectFolder, known);
  return existsSync(full) && (!known.endsWith('/') || statSync(full).isDirectory());
}

describe('CONTRIBUTING.md', () => {
  it('names only files and folders that there are', () => {
    const paths = pathsIn(text);
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });

  it.each([
    ['`pipeline/cli.ts`', true],
    ['`pipeline/sources/<name>/index.ts`', true],
    ['`db/migrations/<number>-<name>.ts`', true],
    ['`README.md`', true],
    ['`pipeline/gone.ts`', false],
    ['`pipeline/cli.ts/`', false],
    ['`pipeline/gone/<name>.ts`', false],
    ['`GONE.md`', false],
  ])('is checked by a rule that sees %s', (markdown, expected) => {
    const paths = pathsIn(markdown);
    expect(paths).toHaveLength(1);
    expect(paths.every(isThere)).toBe(expected);
  });

  it('names only commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
    const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.filter((name) => !(String(name) in scripts))).toEqual([]);
  });

  it('can be found from the README', () => {
    expect(readFileSync(join(projectFolder, 'README.md'), 'utf8')).toContain('](CONTRIBUTING.md)');
  });
});
