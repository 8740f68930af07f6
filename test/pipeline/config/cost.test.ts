import { describe, expect, it, test, vi } from 'vitest';
import { type Files, problemsOf } from '../../support/config-folder.ts';
import { COSTLY, count } from '../../support/costly-files.ts';

/** Reading takes tenths of a second each; a cost that grows with the square takes minutes. */
vi.setConfig({ testTimeout: 30_000 });

const read = (file: string, text: string) => readAll({ [file]: text });

function readAll(files: Files): string[] {
  const problems = problemsOf(files);
  expect(problems.length).toBeLessThanOrEqual(101);
  for (const problem of problems) expect(problem.length).toBeLessThan(500);
  return problems;
}

const aliasChain = (length: number, last: number) =>
  `aliases:\n${count(length, (i) => `- {id: ${i + 1}, is: ${i + 2}}\n`)}- {id: ${length + 1}, is: ${last}}\n`;

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

describe('at most 100 problems of a file are reported', () => {
  it.each([
    ['unknown keys', 'site.yaml', count(10_000, (i) => `key${i}: 1\n`), 9_900],
    ['keys that are numbers', 'site.yaml', count(10_000, (i) => `${i}: 1\n`), 9_900],
    ['keys that are written twice', 'site.yaml', 'title: 1\n'.repeat(10_000), 9_899],
    ['wrong signs', 'site.yaml', '\ta: b\n'.repeat(10_000), 9_900],
    ['wrong entries', 'repos.yaml', `repositories:\n${count(10_000, (i) => `- a${i}\n`)}`, 9_900],
    ['the same twice', 'repos.yaml', `repositories:\n${'- a/b\n'.repeat(10_000)}`, 9_899],
    ['entries without keys', 'repos.yaml', `repositories:\n${'- {}\n'.repeat(10_000)}`, 9_900],
    ['other numbers', 'people.yaml', `opt_out:\n${'- 0x1\n'.repeat(10_000)}`, 9_900],
    ['a chain', 'people.yaml', aliasChain(5_000, 20_000), 4_900],
    ['a circle', 'people.yaml', aliasChain(5_000, 1), 4_901],
  ])('%s', (_, file, text, more) => {
    const problems = read(file, text);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatch(
      new RegExp(`^config/${file}:\\d+:\\d+: and ${more.toLocaleString('en-US')} more$`),
    );
  });

  it('and of misnamed files', () => {
    const near = [...DIGITS].flatMap((one) => [...DIGITS].map((two) => `${one}people${two}`));
    const far = Array.from({ length: 10_000 - near.length }, (_, index) => `team-${index}`);
    const names = [...near, ...far].map((name) => `${name}.yaml`);
    const files = Object.fromEntries(names.map((name) => [name, '']));
    const problems = readAll({ 'repos.yaml': 'repositories: [a/b]', ...files });
    expect(problems).toHaveLength(101);
    expect(problems[0]).toMatch(/0people0\.yaml:1:1: no file of this name is read; did you mean/);
    expect(problems.at(-1)).toMatch(/: and 1,196 more$/);
  });

  it('in the order of the text', () => {
    const lines = read(
      'site.yaml',
      count(200, (i) => `${1000 - i}: 1\n`),
    );
    expect(lines.map((line) => Number(line.split(':')[1]))).toEqual(
      Array.from({ length: 101 }, (_, index) => index + 1),
    );
  });

  it('100 are reported without an end', () => {
    const problems = read(
      'site.yaml',
      count(100, (i) => `key${i}: 1\n`),
    );
    expect(problems).toHaveLength(100);
    expect(problems.at(-1)).toMatch(/unknown key `key99`/);
  });
});

describe('limits', () => {
  const list = (item: string, length: number) => `opt_out: [&a x, ${`${item}, `.repeat(length)}]`;
  it.each([
    ['aliases', list('*a', 20_000), '1:417: expected at most 100 aliases; found more'],
    [
      'entries',
      `x:\n${'-\n'.repeat(100_000)}`,
      '25000:2: expected at most 25,000 entries; found more',
    ],
    [
      'levels',
      `x: ${'['.repeat(51)}${']'.repeat(51)}`,
      '1:54: expected at most 50 levels; found more',
    ],
    ['commas', list('', 400_000), '1:300005: expected at most 300,000 words and signs; found more'],
    ['anchors', `x: [${'&a 1, '.repeat(101)}]`, '1:605: expected at most 100 anchors; found more'],
    ['tags', `x: [${'!a 1, '.repeat(101)}]`, '1:605: expected at most 100 tags; found more'],
    ['complex keys', '? a\n'.repeat(101), '101:1: expected at most 100 complex keys; found more'],
    ['directives', '%a\n'.repeat(101), '101:1: expected at most 100 directives; found more'],
    [
      'brackets that close nothing',
      `x: ${']'.repeat(101)}`,
      '1:104: expected at most 100 brackets that close nothing; found more',
    ],
    [
      'entries that aliases repeat',
      `x: &a [${'x, '.repeat(2_000)}]\nopt_out: [${'*a, '.repeat(99)}]`,
      '1:1: not valid YAML: Excessive alias count indicates a resource exhaustion attack',
    ],
  ])('of %s', (_, text, problem) => {
    expect(read('people.yaml', text)[0]).toContain(`config/people.yaml:${problem}`);
  });

  it('are above what a large community needs', () => {
    const repositories = count(20_000, (i) => `- owner-${i}/a-longer-name-${i}\n`);
    expect(read('repos.yaml', `repositories:\n${repositories}`)).toEqual([]);
    const optOut = `opt_out: [&a 1, ${'*a, '.repeat(99)}]`;
    expect(read('people.yaml', optOut)).toEqual([]);
  });
});

/** `npm run soak` tries all of them, and measures the time. */
test.each(COSTLY.slice(0, 2))('%s do not take long', (_, file, text) => {
  read(file, text);
});

test('a name of any length does not make a problem long', () => {
  read('people.yaml', `opt_out: *${'a'.repeat(200_000)}`);
  read('people.yaml', `opt_out: !${'a'.repeat(200_000)} 1`);
});
