import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addEntry, type NewEntry } from '../../../pipeline/config/add-entry.ts';
import { readConfigText } from '../../../pipeline/config/read-file.ts';
import { hostileText } from '../../support/hostile-text.ts';

/** An entry is added to a file as a person would add it. */

const shipped = (name: string) => readFileSync(`config/${name}.yaml`, 'utf8');

const OPT_OUT: NewEntry = { file: 'people', list: ['opt_out'], value: 12 };

function added(text: string, entry: NewEntry): string {
  const edited = addEntry(text, entry);
  expect(edited).toHaveProperty('text');
  return 'text' in edited ? edited.text : '';
}

/** The lines that one text has and the other has not, in order. */
function difference(before: string, after: string): { gone: string[]; come: string[] } {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const gone = old.filter((line) => !fresh.includes(line));
  return { gone, come: fresh.filter((line) => !old.includes(line)) };
}

describe('the files that are shipped', () => {
  it.each<[string, NewEntry, { gone: string[]; come: string[] }]>([
    ['people', OPT_OUT, { gone: ['opt_out: []'], come: ['opt_out:', '  - 12'] }],
    [
      'people',
      { file: 'people', list: ['aliases'], value: { id: 1, is: 2 }, note: 'ada-work is ada' },
      { gone: ['aliases: []'], come: ['aliases:', '  - {id: 1, is: 2} # ada-work is ada'] },
    ],
    [
      'people',
      { file: 'people', list: ['bots', 'ids'], value: 77, note: 'ci[bot]' },
      { gone: [], come: ['    - 77 # ci[bot]'] },
    ],
    [
      'repos',
      { file: 'repos', list: ['repositories'], value: 'octo/.github' },
      { gone: [], come: ['  - octo/.github'] },
    ],
  ])('%s.yaml changes in the lines of the entry alone', (name, entry, lines) => {
    const before = shipped(name);
    const after = added(before, entry);
    expect(difference(before, after)).toEqual(lines);
    const expected = before.split('\n').length + lines.come.length - lines.gone.length;
    expect(after.split('\n')).toHaveLength(expected);
  });

  it('take entry after entry', () => {
    const entries = [3, 4, 5].map((value) => ({ ...OPT_OUT, value }));
    const text = entries.reduce(added, shipped('people'));
    expect(readConfigText('people', text).document?.opt_out).toEqual([3, 4, 5]);
  });
});

describe('a file of a community', () => {
  it.each([
    ['', 'opt_out:\n  - 12\n'],
    ['# only words\n', '# only words\n\nopt_out:\n  - 12\n'],
    ['opt_out: [1, 2] # two\n', 'opt_out: [1, 2, 12] # two\n'],
    ['opt_out: [] # nobody yet\n', 'opt_out:\n  - 12\n  # nobody yet\n'],
    ['opt_out:\n- 5 # a\n# end\n', 'opt_out:\n- 5 # a\n- 12\n\n# end\n'],
    ['opt_out:\n    - 5\n    # d\n    - 6\n', 'opt_out:\n    - 5\n    # d\n    - 6\n    - 12\n'],
    ['opt_out:\r\n  - 5\r\n', 'opt_out:\r\n  - 5\r\n  - 12\r\n'],
    ['"opt_out":\n  - \'5\'\n', '"opt_out":\n  - \'5\'\n  - 12\n'],
  ])('keeps its way of writing: %j', (before, after) => {
    expect(added(before, OPT_OUT)).toBe(after);
  });

  it('keeps the known bots where it names none of its own', () => {
    const entry: NewEntry = { file: 'people', list: ['bots', 'ids'], value: 77 };
    const before = readConfigText('people', '').document?.bots.ids ?? [];
    const after = readConfigText('people', added('opt_out: [1]\n', entry)).document;
    expect(before.length).toBeGreaterThan(10);
    expect(after?.bots.ids).toEqual([...before, 77]);
  });

  it.each([
    ['opt_out: &a [1]\nbots:\n  allow: *a\n', 'the entry would change others, too'],
    ['bots:\n  allow: &a [1]\nopt_out: *a\n', '`opt_out` is not written as a list'],
    ['opt_out: [1\n', 'not valid YAML'],
    ['opt_out:\n  - 1\nopt_out:\n  - 2\n', 'this key is written twice'],
    ['optout: [1]\n', 'unknown key `optout`'],
  ])('is left to a person: %j', (text, problem) => {
    const edited = addEntry(text, OPT_OUT);
    expect(edited).toEqual({ problem: expect.stringContaining(problem.slice(0, 12)) });
  });

  it('is left to a person where the rules between entries would be broken', () => {
    const text = 'aliases:\n  - {id: 2, is: 3}\n';
    const entry: NewEntry = { file: 'people', list: ['aliases'], value: { id: 1, is: 2 } };
    expect(addEntry(text, entry)).toEqual({ problem: expect.stringContaining('itself an alias') });
  });
});

describe('whatever is added', () => {
  it('the file loads to what it held and that, or is not changed', () => {
    const text = shipped('repos');
    const before = readConfigText('repos', text).document?.repositories ?? [];
    const value = fc.oneof(hostileText, fc.string(), fc.constantFrom('a/b', 'a/b # c', '- a/b'));
    fc.assert(
      fc.property(value, hostileText, (name, note) => {
        const entry: NewEntry = { file: 'repos', list: ['repositories'], value: name, note };
        const edited = addEntry(text, entry);
        if ('problem' in edited) return;
        const { document } = readConfigText('repos', edited.text);
        expect(document?.repositories).toEqual([...before, name]);
      }),
      { numRuns: 200 },
    );
  });

  it('a note stays a comment of its line', () => {
    fc.assert(
      fc.property(hostileText, (note) => {
        const before = 'opt_out:\n  - 5\naliases: []\n';
        const text = added(before, { ...OPT_OUT, note: `x${note}\nopt_out: [1]` });
        const { document } = readConfigText('people', text);
        expect(document).toMatchObject({ opt_out: [5, 12], aliases: [] });
        expect(text.split('\n')).toHaveLength(before.split('\n').length + 1);
      }),
      { numRuns: 100 },
    );
  });
});
