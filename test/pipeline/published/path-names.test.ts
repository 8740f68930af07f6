import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSpelling, spellName } from '../../../pipeline/published/path-names.ts';

/** What GitHub takes for the name of a repository, and more often than chance what is not safe. */
const characters = fc.constantFrom(...'abnoCONPRUXLTM019._-');
const github = fc
  .oneof(
    fc.string({ unit: characters, minLength: 1, maxLength: 6 }),
    fc.string({ unit: fc.constantFrom(...'aZ9._-'), minLength: 1, maxLength: 100 }),
    fc
      .tuple(
        fc.constantFrom('con', 'AUX', 'nul', 'Prn', 'com1', 'LPT0'),
        fc.constantFrom('', '.', '.js', '2'),
      )
      .map((parts) => parts.join('')),
  )
  .filter((name) => !/^\.{1,2}$|\.git$/.test(name));

/** What a file system or the Pages artifact can't hold, by another way than the code. */
function isRefused(part: string): boolean {
  const [first = ''] = part.toLowerCase().split('.');
  const device = ['con', 'prn', 'aux', 'nul'].includes(first) || /^(com|lpt)[0-9]$/.test(first);
  return device || part.startsWith('.') || part.endsWith('.');
}

describe('the spelling of names in paths', () => {
  it.each([
    ['.github', '~.github'],
    ['.github.', '~.github.~'],
    ['con', '~con'],
    ['package.json', '~package.json'],
    ['package.JSON', '~package.JSON'],
    ['json', 'json'],
    ['CON.js', '~CON.js'],
    ['tool.', '~tool.~'],
    ['...', '~...~'],
    ['Two.js', 'Two.js'],
    ['_private', '_private'],
    ['-dash', '-dash'],
    ['console', 'console'],
    ['com10', 'com10'],
  ])('of %s is %s', (name, spelling) => {
    expect(spellName(name)).toBe(spelling);
    expect(readSpelling(spelling)).toBe(name);
  });

  it('can be held by every system, and read back', () => {
    fc.assert(
      fc.property(github, (name) => {
        const spelling = spellName(name);
        expect(readSpelling(spelling)).toBe(name);
        expect(isRefused(spelling)).toBe(false);
        if (!isRefused(name)) expect(spelling).toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });

  it('differs for two names, also where a file system ignores case', () => {
    fc.assert(
      fc.property(github, (name) => {
        // The letters are enough to read the name: no other name has the same.
        expect(readSpelling(spellName(name).toLowerCase())).toBe(name.toLowerCase());
        expect(spellName(name.toUpperCase())).toBe(spellName(name).toUpperCase());
      }),
      { numRuns: 2_000 },
    );
  });
});
