import { describe, expect, it, test } from 'vitest';
import { problemsOf } from '../../support/config-folder.ts';

/** A text that costs much for its size is refused, or read, within this time of one processor. */
const MOST_MS = 2_000;

function measure(file: string, text: string): string[] {
  return measureFolder({ [file]: text });
}

function measureFolder(files: Readonly<Record<string, string>>): string[] {
  const before = process.cpuUsage();
  const problems = problemsOf(files);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(MOST_MS);
  expect(problems.length).toBeLessThanOrEqual(101);
  for (const problem of problems) expect(problem.length).toBeLessThan(500);
  return problems;
}

const count = (length: number, write: (index: number) => string) =>
  Array.from({ length }, (_, index) => write(index)).join('');

const aliasChain = (length: number, last: number) =>
  `aliases:\n${count(length, (i) => `- {id: ${i + 1}, is: ${i + 2}}\n`)}- {id: ${length + 1}, is: ${last}}\n`;

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

describe('at most 100 problems of a file are reported', () => {
  it.each([
    ['unknown keys', 'site.yaml', count(50_000, (i) => `key${i}: 1\n`), 49_900],
    ['keys that are numbers', 'site.yaml', count(50_000, (i) => `${i}: 1\n`), 49_900],
    ['keys that are written twice', 'site.yaml', 'title: 1\n'.repeat(50_000), 49_899],
    ['wrong signs', 'site.yaml', '\ta: b\n'.repeat(40_000), 39_900],
    ['wrong entries', 'repos.yaml', `repositories:\n${count(50_000, (i) => `- a${i}\n`)}`, 49_900],
    ['the same twice', 'repos.yaml', `repositories:\n${'- a/b\n'.repeat(50_000)}`, 49_899],
    ['entries without keys', 'repos.yaml', `repositories:\n${'- {}\n'.repeat(50_000)}`, 49_900],
    ['other numbers', 'people.yaml', `opt_out:\n${'- 0x1\n'.repeat(50_000)}`, 49_900],
    ['a chain', 'people.yaml', aliasChain(18_000, 20_000), 17_900],
    ['a circle', 'people.yaml', aliasChain(18_000, 1), 17_901],
  ])('%s', (_, file, text, more) => {
    const problems = measure(file, text);
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
    const problems = measureFolder({ 'repos.yaml': 'repositories: [a/b]', ...files });
    expect(problems).toHaveLength(101);
    expect(problems[0]).toMatch(/0people0\.yaml:1:1: no file of this name is read; did you mean/);
    expect(problems.at(-1)).toMatch(/: and 1,196 more$/);
  });

  it('in the order of the text', () => {
    const lines = measure(
      'site.yaml',
      count(200, (i) => `${1000 - i}: 1\n`),
    );
    expect(lines.map((line) => Number(line.split(':')[1]))).toEqual(
      Array.from({ length: 101 }, (_, index) => index + 1),
    );
  });

  it('100 are reported without an end', () => {
    const problems = measure(
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
      '60000:2: expected at most 60,000 entries; found more',
    ],
    [
      'levels',
      `x: ${'['.repeat(51)}${']'.repeat(51)}`,
      '1:54: expected at most 50 levels; found more',
    ],
    ['commas', list('', 400_000), '1:1: expected at most 400,000 words and signs; found more'],
    [
      'entries that aliases repeat',
      `x: &a [${'x, '.repeat(2_000)}]\nopt_out: [${'*a, '.repeat(99)}]`,
      '1:1: not valid YAML: Excessive alias count indicates a resource exhaustion attack',
    ],
  ])('of %s', (_, text, problem) => {
    expect(measure('people.yaml', text)[0]).toContain(`config/people.yaml:${problem}`);
  });

  it('are above what a large community needs', () => {
    const repositories = count(20_000, (i) => `- owner-${i}/a-longer-name-${i}\n`);
    expect(measure('repos.yaml', `repositories:\n${repositories}`)).toEqual([]);
    const optOut = `opt_out: [&a 1, ${'*a, '.repeat(99)}]`;
    expect(measure('people.yaml', optOut)).toEqual([]);
  });
});

/** Each close to the limits, where it costs most. `SOAK=1` tries all. */
const COSTLY: readonly [what: string, file: string, text: string][] = [
  ['closing brackets', 'site.yaml', ']'.repeat(390_000)],
  ['commas', 'people.yaml', `opt_out: [${','.repeat(390_000)}]`],
  ['open brackets', 'people.yaml', `opt_out: ${'['.repeat(390_000)}`],
  ['nested brackets', 'people.yaml', `opt_out: ${'['.repeat(190_000)}${']'.repeat(190_000)}`],
  ['nested lists', 'people.yaml', `opt_out:\n ${'- '.repeat(190_000)}`],
  ['nested keys', 'people.yaml', '? '.repeat(190_000)],
  ['growing indents', 'people.yaml', count(1_400, (i) => `${' '.repeat(i)}a:\n`)],
  ['anchors on one value', 'site.yaml', `title: ${'&a '.repeat(190_000)}x`],
  ['anchors', 'people.yaml', `opt_out: [${count(59_000, (i) => `&a${i} x, `)}]`],
  ['tags', 'site.yaml', `title: [${'!a x, '.repeat(75_000)}]`],
  ['directives', 'site.yaml', '%a\n'.repeat(190_000)],
  ['documents', 'site.yaml', '---\n'.repeat(150_000)],
  ['colons', 'site.yaml', 'a: '.repeat(120_000)],
  ['empty entries with keys', 'repos.yaml', `repositories: [${'{},'.repeat(59_000)}]`],
  [
    'names that end in .json',
    'repos.yaml',
    `repositories:\n${count(59_000, (i) => `- a/${i}.json\n`)}`,
  ],
  ['complex keys', 'site.yaml', count(30_000, (i) => `? [${i}]\n: 1\n`)],
  ['a long text', 'site.yaml', `title: ${'x'.repeat(999_000)}`],
  ['long numbers', 'people.yaml', `opt_out: [${`0x${'0'.repeat(9_990)}1, `.repeat(99)}]`],
  [
    'empty lists by alias',
    'people.yaml',
    `a: &e []\nb: &b [${'*e,'.repeat(49)}]\nc: [${'*b,'.repeat(49)}]`,
  ],
];

test.each(process.env.SOAK ? COSTLY : COSTLY.slice(0, 5))(
  '%s do not take long',
  (_, file, text) => {
    measure(file, text);
  },
);

test('a name of any length does not make a problem long', () => {
  measure('people.yaml', `opt_out: *${'a'.repeat(200_000)}`);
  measure('people.yaml', `opt_out: !${'a'.repeat(200_000)} 1`);
});
