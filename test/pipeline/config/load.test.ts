import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ConfigError } from '../../../pipeline/config/issue.ts';
import { readConfig } from '../../../pipeline/config/load.ts';
import { MAX_CONFIG_BYTES } from '../../../pipeline/config/read-file.ts';
import { CONFIG_NAMES, CONFIG_SCHEMAS } from '../../../pipeline/config/schema.ts';
import { UsageError } from '../../../pipeline/util/usage-error.ts';
import { createFolder, problemsOf, readFiles } from '../../support/config-folder.ts';

const DEFAULTS = {
  weights: CONFIG_SCHEMAS.weights.parse({}),
  budget: CONFIG_SCHEMAS.budget.parse({}),
  pipeline: CONFIG_SCHEMAS.pipeline.parse({}),
  people: CONFIG_SCHEMAS.people.parse({}),
  site: CONFIG_SCHEMAS.site.parse({}),
};

/** Their values are for each copy of the project to change, so no test fixes them. */
test('the files that are shipped are valid', () => {
  const { repositories, organisations: _, ...rest } = readConfig('config');
  expect(Object.keys(rest).toSorted()).toEqual(Object.keys(DEFAULTS).toSorted());
  expect(repositories.length).toBeGreaterThan(0);
});

test('the defaults are those of the design', () => {
  expect(DEFAULTS.weights).toEqual({
    base_points: {
      RELEASE: 30,
      PR_MERGED: 25,
      PR_REVIEWED: 20,
      PR_OPENED: 15,
      COMMIT: 10,
      ISSUE_OPENED: 8,
      ISSUE_CLOSED: 5,
      PR_REVIEW_COMMENT: 5,
      COMMENT: 3,
    },
    lines: { added: 0.01, deleted: 0.005, cap: 500, from: 'PR_MERGED' },
  });
  expect(DEFAULTS.budget).toMatchObject({ daily_limit_usd: 5, monthly_limit_usd: 50 });
  expect(DEFAULTS.pipeline).toMatchObject({
    sources: ['github'],
    window_years: 2,
    stale_after_hours: 24,
    overlap_days: 1,
    batch_size: 100,
    retries: { delays_seconds: [60, 120, 240] },
    circuit_breaker: { failures: 5, reset_seconds: 300 },
    retention: { audit_log_days: 365, run_log_days: 90, jobs_days: 90 },
  });
});

test('repositories take their settings from repos.yaml', () => {
  const text = `repositories:
  - withastro/astro
  - repo: kysely-org/kysely
    never_rescrape_before: 2025-01-01
    default_branch: master
`;
  expect(readFiles({ 'repos.yaml': text }).repositories).toEqual([
    { owner: 'withastro', name: 'astro', neverRescrapeBefore: null, defaultBranch: null },
    {
      owner: 'kysely-org',
      name: 'kysely',
      neverRescrapeBefore: new Date('2025-01-01T00:00:00Z'),
      defaultBranch: 'master',
    },
  ]);
});

test.each([
  ['are missing', {}],
  ['are empty', Object.fromEntries(CONFIG_NAMES.slice(1).map((name) => [`${name}.yaml`, '']))],
  ['hold comments only', { 'site.yaml': '# later\n', 'people.yaml': '---\n# later\n' }],
])('where the optional files %s, the defaults count', (_, files) => {
  const { repositories, organisations, ...rest } = readFiles(files);
  expect(organisations).toEqual([]);
  expect(rest).toEqual(DEFAULTS);
  expect(repositories).toHaveLength(1);
});

test.each([
  ['a byte order mark', '\ufeffrepositories:\n  - a/b\n'],
  ['Windows line ends', 'repositories:\r\n  - a/b\r\n'],
  ['one line', 'repositories: [a/b]'],
  ['quotes', '"repositories": ["a/b"]'],
  ['an anchor', 'repositories:\n  - &one a/b\n'],
])('%s is fine', (_, text) => {
  expect(readFiles({ 'repos.yaml': text }).repositories).toMatchObject([{ owner: 'a', name: 'b' }]);
});

test('a trailing slash of the folder does not show', () => {
  const dir = createFolder();
  expect(() => readConfig(`${dir}/`)).toThrow(`${dir}/repos.yaml:1:1: `);
});

test('organisations stand among the repositories', () => {
  const text = `repositories:
  - org: withastro
  - a/b
  - org: me_corp
    exclude: [.github]
    include_forks: true
    include_archived: true
    topics: [web-dev]
`;
  const { repositories, organisations } = readFiles({ 'repos.yaml': text });
  expect(repositories).toMatchObject([{ owner: 'a', name: 'b' }]);
  const astro = { org: 'withastro', exclude: [], topics: [] };
  expect(organisations).toEqual([
    { ...astro, includeForks: false, includeArchived: false },
    {
      org: 'me_corp',
      exclude: ['.github'],
      includeForks: true,
      includeArchived: true,
      topics: ['web-dev'],
    },
  ]);
});

test('an empty list of repositories can be meant', () => {
  expect(readFiles({ 'repos.yaml': 'repositories: []' }).repositories).toEqual([]);
});

test('a weight of 0 is 0, and the others keep their defaults', () => {
  const text = 'base_points: {COMMIT: 0}\nlines: {added: 0, cap: 0}\n';
  const { weights } = readFiles({ 'weights.yaml': text });
  expect(weights.base_points).toEqual({ ...DEFAULTS.weights.base_points, COMMIT: 0 });
  expect(weights.lines).toEqual({ ...DEFAULTS.weights.lines, added: 0, cap: 0 });
});

test('dates need no quotes', () => {
  const text = 'repositories: [{repo: a/b, never_rescrape_before: 2024-02-29}]';
  const [repository] = readFiles({ 'repos.yaml': text }).repositories;
  expect(repository?.neverRescrapeBefore).toEqual(new Date('2024-02-29T00:00:00Z'));
});

test('people may be named twice', () => {
  const text = 'opt_out: [7, 7, a, A]\naliases: [{id: 1, is: 2}, {id: 1, is: 2}]';
  expect(readFiles({ 'people.yaml': text }).people.opt_out).toEqual([7, 7, 'a', 'A']);
});

test('a login in quotes is a login, whatever it looks like', () => {
  expect(readFiles({ 'people.yaml': `opt_out: ["007", 'null', "1e5"]` }).people.opt_out).toEqual([
    '007',
    'null',
    '1e5',
  ]);
});

test('a folder that is not there is wrong use', () => {
  expect(() => readConfig('no/such')).toThrow(
    new UsageError(
      'There is no folder `no/such`. Give the folder that holds repos.yaml with --config DIR.',
    ),
  );
});

test('every problem of every file is reported together, in order, with exit code 2', () => {
  const files = {
    'repos.yaml': 'repositories:\n  - a\n  - b/c\n  - d\n',
    'site.yaml': 'page_size: 0\ntitel: x\n',
    'budget.yaml': 'daily_limit_usd: [',
  };
  expect(problemsOf(files).map((line) => line.split(': ')[0])).toEqual([
    'config/repos.yaml:2:5',
    'config/repos.yaml:4:5',
    'config/budget.yaml:1:19',
    'config/site.yaml:1:12',
    'config/site.yaml:2:1',
  ]);
  expect(new ConfigError([]).exitCode).toBe(2);
});

test.each([
  ['repos.yml', ['config/repos.yml:1:1: no file of this name is read; did you mean `repos.yaml`?']],
  [
    'People.yaml',
    ['config/People.yaml:1:1: no file of this name is read; did you mean `people.yaml`?'],
  ],
  ['site.YAML', ['config/site.YAML:1:1: no file of this name is read; did you mean `site.yaml`?']],
  [
    'weight.yaml',
    ['config/weight.yaml:1:1: no file of this name is read; did you mean `weights.yaml`?'],
  ],
  ['notes.yaml', []],
  ['README.md', []],
])('a file %s is reported if its name is nearly right', (name, problems) => {
  expect(problemsOf({ [name]: '' })).toEqual(problems);
});

test.each([
  [
    'too large',
    Buffer.alloc(MAX_CONFIG_BYTES + 1, '#'),
    'expected at most 1 MB; found 1000001 bytes',
  ],
  [
    'UTF-16',
    Buffer.from('\ufefftitle: x', 'utf16le'),
    'expected text in UTF-8; save it in that encoding',
  ],
])('a file that is %s is refused', (_, bytes, message) => {
  expect(problemsOf({ 'site.yaml': bytes })).toEqual([`config/site.yaml:1:1: ${message}`]);
});

const count = fc.integer({ min: 1, max: 365 });
const points = fc.integer({ min: 0, max: 1_000_000 }).map((thousandths) => thousandths / 1_000);
const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$/);
const title = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

/** Documents that the schemas take, with keys left out at will. */
const DOCUMENTS = {
  weights: fc.record(
    {
      base_points: fc.dictionary(fc.constantFrom('RELEASE', 'COMMIT', 'COMMENT'), points),
      lines: fc.record({ cap: points, from: fc.constantFrom('COMMIT') }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  ),
  site: fc.record({ title, page_size: count, avatars: fc.boolean() }, { requiredKeys: [] }),
  people: fc.record(
    { opt_out: fc.array(fc.oneof(count, word)), bots: fc.record({ logins: fc.array(word) }) },
    { requiredKeys: [] },
  ),
} as const;

test('what is written as YAML is read as it was meant', () => {
  fc.assert(
    fc.property(fc.record(DOCUMENTS), (documents) => {
      const names = Object.keys(DOCUMENTS) as (keyof typeof DOCUMENTS)[];
      const config = readFiles(
        Object.fromEntries(names.map((name) => [`${name}.yaml`, stringify(documents[name])])),
      );
      for (const name of names) {
        expect(config[name]).toEqual(CONFIG_SCHEMAS[name].parse(documents[name]));
      }
    }),
    { numRuns: 200 },
  );
});
