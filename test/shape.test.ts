import { describe, expect, it } from 'vitest';
import { functionSizes, parseFile, parseText } from './support/declarations.ts';
import { sourceFiles } from './support/imports.ts';

/** A function that is longer than a screen does more than one thing. */
const MOST_LINES = 55;

describe('functions', () => {
  const sizes = sourceFiles()
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => functionSizes(parseFile(file)));

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
