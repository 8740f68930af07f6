import { describe, expect, it } from 'vitest';
import { functionSizes, parseFile, parseText } from './support/declarations.ts';
import { importersByFile, sourceFiles } from './support/imports.ts';

/** A function that is longer than a screen does more than one thing. */
const MOST_LINES = 55;

/** A file that is shorter than this and used once belongs to the file that uses it. */
const FEWEST_LINES = 40;

/** Files that are one of several of their kind, each for itself, however short. */
const ONE_OF_SEVERAL = [
  /^db\/migrations\//,
  /^db\/queries\/report\//,
  /^pipeline\/config\/schema\//,
  /^pipeline\/published\/documents\//,
  /^pipeline\/sources\/[^/]+\/index\.ts$/,
  /^pipeline\/stages\/report\//,
  /^site\/src\/pages\//,
  /^site\/src\/views\//,
];

/** Short files with one importer, and why each is a file. */
const REASONS: Readonly<Record<string, string>> = {
  'pipeline/stages/scrape/lease-heartbeat.ts': 'has a test of its own',
  'site/src/scripts/kind-source.ts': 'has a test of its own',
  'site/dev.ts': 'a command, loaded by itself',
};

const files = sourceFiles().filter((file) => file.endsWith('.ts'));
const sources = files.map(parseFile);

describe('functions', () => {
  const sizes = sources.flatMap(functionSizes);

  it('fit on a screen', () => {
    expect(sizes.length).toBeGreaterThan(1_000);
    expect(sizes.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
  });

  it.each([
    ['function name() {\n\n}', 'name'],
    ['const x = () => {\n\n};', ''],
    ['class A {\n  name() {\n\n  }\n}', 'name'],
    ['const x = { get name() {\n\nreturn 1; } };', 'name'],
  ])('are found and measured: %j', (text, name) => {
    expect(functionSizes(parseText('a.ts', text))).toMatchObject([{ name, lines: 3 }]);
  });
});

describe('files', () => {
  const importers = importersByFile();

  /** Whether only one other file uses it, and could hold it. */
  function isUsedOnce(file: string): boolean {
    const [first = '', ...others] = importers.get(file) ?? [];
    // A command is loaded by itself, and the code of a template can be tested only outside of it.
    const couldHold = first !== 'pipeline/cli.ts' && !first.endsWith('.astro');
    return others.length === 0 && first !== '' && couldHold;
  }

  it('that are short are used more than once, or have a reason', () => {
    const short = sources
      .filter((source) => source.getLineStarts().length <= FEWEST_LINES)
      .map(({ fileName }) => fileName)
      .filter((file) => isUsedOnce(file) && !ONE_OF_SEVERAL.some((kind) => kind.test(file)));
    expect(short.filter((file) => !(file in REASONS))).toEqual([]);
    // A file that has gone, or is used by several, needs no reason any more.
    const needless = Object.keys(REASONS).filter(
      (file) => !files.includes(file) || !isUsedOnce(file),
    );
    expect(needless).toEqual([]);
  });
});
