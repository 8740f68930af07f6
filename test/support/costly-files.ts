import { type Files, problemsIn, withFolder } from './config-folder.ts';

/** A text that costs much for its size is refused, or read, within this time of one processor. */
export const MOST_MS = 2_000;

/** Reads a configuration of these files; writing them is not measured. */
export const measureReading = (files: Files): { cpuMs: number; problems: string[] } =>
  withFolder(files, (dir) => {
    const before = process.cpuUsage();
    const problems = problemsIn(dir);
    const { user, system } = process.cpuUsage(before);
    return { cpuMs: (user + system) / 1000, problems };
  });

export const count = (length: number, write: (index: number) => string) =>
  Array.from({ length }, (_, index) => write(index)).join('');

/** Configuration files close to the limits, where each costs most. */
export const COSTLY: readonly [what: string, file: string, text: string][] = [
  ['closing brackets', 'site.yaml', ']'.repeat(290_000)],
  ['commas', 'people.yaml', `opt_out: [${','.repeat(290_000)}]`],
  ['open brackets', 'people.yaml', `opt_out: ${'['.repeat(290_000)}`],
  ['nested brackets', 'people.yaml', `opt_out: ${'['.repeat(190_000)}${']'.repeat(190_000)}`],
  ['nested lists', 'people.yaml', `opt_out:\n ${'- '.repeat(190_000)}`],
  ['nested keys', 'people.yaml', '? '.repeat(190_000)],
  ['growing indents', 'people.yaml', count(1_400, (i) => `${' '.repeat(i)}a:\n`)],
  ['anchors on one value', 'site.yaml', `title: ${'&a '.repeat(190_000)}x`],
  ['anchors', 'people.yaml', `opt_out: [${count(24_000, (i) => `&a${i} x, `)}]`],
  ['tags', 'site.yaml', `title: [${'!a x, '.repeat(75_000)}]`],
  ['directives', 'site.yaml', '%a\n'.repeat(190_000)],
  ['documents', 'site.yaml', '---\n'.repeat(150_000)],
  ['colons', 'site.yaml', 'a: '.repeat(120_000)],
  ['empty entries with keys', 'repos.yaml', `repositories: [${'{},'.repeat(24_000)}]`],
  [
    'names that end in .json',
    'repos.yaml',
    `repositories:\n${count(24_000, (i) => `- a/${i}.json\n`)}`,
  ],
  ['complex keys', 'site.yaml', count(10_000, (i) => `? [${i}]\n: 1\n`)],
  ['a long text', 'site.yaml', `title: ${'x'.repeat(999_000)}`],
  ['long numbers', 'people.yaml', `opt_out: [${`0x${'0'.repeat(9_990)}1, `.repeat(99)}]`],
  [
    'empty lists by alias',
    'people.yaml',
    `a: &e []\nb: &b [${'*e,'.repeat(49)}]\nc: [${'*b,'.repeat(49)}]`,
  ],
];
