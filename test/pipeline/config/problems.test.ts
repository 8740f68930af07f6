import { describe, expect, test } from 'vitest';
import { SOURCE_NAMES } from '../../../pipeline/domain/source.ts';
import { problemsOf } from '../../support/config-folder.ts';

/** One file with one mistake, and everything that is printed about it. */
type Case = readonly [what: string, file: string, text: string, printed: readonly string[]];

const expectCases = (cases: readonly Case[]) =>
  test.each(cases)('%s', (_, file, text, printed) => {
    expect(problemsOf({ [file]: text })).toEqual(printed.map((line) => `config/${file}:${line}`));
  });

const OWNER_NAME = 'expected owner/name, as in the address of the repository on GitHub';
const REPO_KEYS = 'expected one of `repo`, `never_rescrape_before`, `default_branch`';
const LIST = 'expected a list of repositories, each owner/name';

describe('repositories', () => {
  expectCases([
    ['an empty file', 'repos.yaml', '', [`1:1: \`repositories\` is missing; ${LIST}`]],
    [
      'a key without a value',
      'repos.yaml',
      'repositories:\n',
      [`1:1: \`repositories\`: ${LIST}; found nothing; an empty list is written []`],
    ],
    [
      'a list without its key',
      'repos.yaml',
      '# mine\n- a/b\n',
      ['2:1: expected keys with values; found a list'],
    ],
    [
      'a mistyped key is reported once, and not as missing too',
      'repos.yaml',
      'repository:\n  - a/b\n',
      [
        '1:1: unknown key `repository`; expected one of `repositories`; did you mean `repositories`?',
      ],
    ],
    [
      'one that is listed twice, in another case',
      'repos.yaml',
      'repositories:\n  - a/b\n  - c/d\n  - repo: A/B\n',
      ['4:5: `A/B` is listed twice, on lines 2 and 4; keep one'],
    ],
    [
      'two whose documents would have the same path',
      'repos.yaml',
      'repositories:\n  - a/B.json\n  - A/b\n',
      ['2:5: `a/b.json` and the repository on line 3 would have the same published path; keep one'],
    ],
    [
      'one that is listed twice in one line, through an alias',
      'repos.yaml',
      'repositories: [&one a/b, *one]\n',
      ['1:26: `a/b` is listed twice, on lines 1 and 1; keep one'],
    ],
    [
      'a whole address',
      'repos.yaml',
      'repositories:\n  - https://github.com/foo/bar.git\n',
      [
        `2:5: \`repositories[0]\`: ${OWNER_NAME} (here, \`foo/bar\`); found "https://github.com/foo/bar.git"`,
      ],
    ],
    [
      'an entry that is neither text nor settings',
      'repos.yaml',
      'repositories: [7]',
      [
        '1:16: `repositories[0]`: expected owner/name, `repo: owner/name` with settings, or `org: name`; found 7',
      ],
    ],
    [
      'settings without the repository',
      'repos.yaml',
      'repositories:\n  - default_branch: main\n',
      ['2:5: `repositories[0].repo` is missing; expected owner/name'],
    ],
    [
      'settings of another name',
      'repos.yaml',
      'repositories:\n  - repo: a/b\n    branch: main\n',
      [`3:5: unknown key \`branch\`; ${REPO_KEYS}`],
    ],
    [
      'a setting of an organisation of another name',
      'repos.yaml',
      'repositories:\n  - org: a\n    exlude: [b]\n',
      [
        '3:5: unknown key `exlude`; expected one of `org`, `exclude`, `include_forks`, `include_archived`, `topics`; did you mean `exclude`?',
      ],
    ],
    [
      'a repository as an organisation',
      'repos.yaml',
      'repositories:\n  - org: a/b\n',
      ['2:10: `repositories[0].org`: expected the login of an organisation; found "a/b"'],
    ],
    [
      'repositories of an organisation that are no names',
      'repos.yaml',
      'repositories:\n  - {org: a, exclude: [a/b], topics: [A b], include_forks: 1}\n',
      [
        '2:24: `repositories[0].exclude[0]`: expected a name, without the owner; found "a/b"',
        '2:39: `repositories[0].topics[0]`: expected a topic, in small letters; found "A b"',
        '2:60: `repositories[0].include_forks`: expected true or false; found 1',
      ],
    ],
    [
      'an organisation that is listed twice',
      'repos.yaml',
      'repositories:\n  - org: a\n  - a/b\n  - org: A\n',
      ['4:5: `A` is listed twice, on lines 2 and 4; keep one'],
    ],
    [
      'a day that does not exist',
      'repos.yaml',
      'repositories:\n  - repo: a/b\n    never_rescrape_before: 2025-02-30\n',
      [
        '3:28: `repositories[0].never_rescrape_before`: expected a date, YYYY-MM-DD; found "2025-02-30"',
      ],
    ],
    [
      'a branch that looks like a number',
      'repos.yaml',
      'repositories:\n  - {repo: a/b, default_branch: 2}\n',
      [
        '2:33: `repositories[0].default_branch`: expected text; found 2; text that looks like this needs quotes',
      ],
    ],
  ]);

  test.each(['a', 'a/b/c', '/b', 'a/', 'a b/c', 'a/..', 'a/.', 'a/b.git', 'ä/b', `a/b?`])(
    '%s is no name of a repository',
    (name) => {
      const text = `repositories: [${JSON.stringify(name)}]`;
      expect(problemsOf({ 'repos.yaml': text })).toEqual([
        `config/repos.yaml:1:16: \`repositories[0]\`: ${OWNER_NAME}; found "${name}"`,
      ]);
    },
  );

  test.each(['a/b', 'A-1/b.js', 'me_corp/_', '0/.github', 'a/git'])('%s is one', (name) => {
    expect(problemsOf({ 'repos.yaml': `repositories: ['${name}']` })).toEqual([]);
  });
});

describe('values', () => {
  expectCases([
    [
      'text for a number',
      'weights.yaml',
      'base_points:\n  COMMIT: ten\n',
      ['2:11: `base_points.COMMIT`: expected a number; found "ten"'],
    ],
    [
      'a number below its range',
      'weights.yaml',
      'lines: {added: -1}',
      ['1:16: `lines.added`: expected at least 0; found -1'],
    ],
    [
      'a number above its range',
      'budget.yaml',
      'warning_threshold: 80',
      ['1:20: `warning_threshold`: expected at most 1; found 80'],
    ],
    [
      'infinity',
      'budget.yaml',
      'daily_limit_usd: 1e400',
      ['1:18: `daily_limit_usd`: expected a number; found Infinity'],
    ],
    [
      'not a number',
      'budget.yaml',
      'daily_limit_usd: .nan',
      ['1:18: `daily_limit_usd`: expected a number; found NaN'],
    ],
    [
      'more decimals than are published',
      'weights.yaml',
      'base_points: {COMMIT: 0.0005}',
      ['1:23: `base_points.COMMIT`: expected at most three decimals; found 0.0005'],
    ],
    [
      'a fraction for a whole number',
      'site.yaml',
      'page_size: 2.5',
      ['1:12: `page_size`: expected a whole number; found 2.5'],
    ],
    [
      'a word that is not one of the words',
      'pipeline.yaml',
      'sources:\n  - gitub\n',
      [
        `2:5: \`sources[0]\`: expected one of ${SOURCE_NAMES.map((name) => `\`${name}\``).join(', ')}; found "gitub"; did you mean \`github\`?`,
      ],
    ],
    [
      'no source at all',
      'pipeline.yaml',
      'sources: []',
      ['1:10: `sources`: expected at least 1 entry; found a list'],
    ],
    [
      'yes, which is true only in YAML 1.1',
      'site.yaml',
      'avatars: yes',
      ['1:10: `avatars`: expected true or false; found "yes"'],
    ],
    [
      'an address of another kind',
      'site.yaml',
      'url: ftp://x/',
      ['1:6: `url`: expected the address of the site, https://…/; found "ftp://x/"'],
    ],
    [
      'an address with a user and a query',
      'site.yaml',
      'url: "https://user:pw@example.com/?x=1"',
      [
        '1:6: `url`: expected https://host/path/ without a user, a query or a fragment; found "https://user:pw@example.com/?x=1"',
      ],
    ],
    [
      'a date that no database keeps',
      'repos.yaml',
      'repositories: [{repo: a/b, never_rescrape_before: 0000-01-01}]',
      [
        '1:51: `repositories[0].never_rescrape_before`: expected a date from 2000-01-01 on; found "0000-01-01"',
      ],
    ],
    [
      'a long text is cut',
      'site.yaml',
      `url: ${'x'.repeat(500)}`,
      [`1:6: \`url\`: expected the address of the site, https://…/; found "${'x'.repeat(78)}…`],
    ],
    [
      'the value of an alias is reported where the alias stands',
      'budget.yaml',
      'daily_limit_usd: &x -1\nmonthly_limit_usd: *x\n',
      [
        '1:21: `daily_limit_usd`: expected at least 0; found -1',
        '2:20: `monthly_limit_usd`: expected at least 0; found -1',
      ],
    ],
  ]);
});

describe('people', () => {
  expectCases([
    [
      'an account with itself',
      'people.yaml',
      'aliases: [{id: 1, is: 1}]',
      ['1:11: 1 is an alias of itself; remove the entry'],
    ],
    [
      'a chain, with its end',
      'people.yaml',
      'aliases:\n  - {id: 1, is: 2}\n  - {id: 2, is: 3}\n  - {id: 3, is: 4}\n',
      [
        '2:5: 2 is itself an alias, on line 3; write {id: 1, is: 4}',
        '3:5: 3 is itself an alias, on line 4; write {id: 2, is: 4}',
      ],
    ],
    [
      'a circle',
      'people.yaml',
      'aliases:\n  - {id: 1, is: 2}\n  - {id: 2, is: 1}\n',
      [
        '2:5: 1 and 2 are aliases in a circle; see line 3',
        '3:5: 2 and 1 are aliases in a circle; see line 2',
      ],
    ],
    [
      'two targets of one account',
      'people.yaml',
      'aliases:\n  - {id: 1, is: 2}\n  - {id: 1, is: 3}\n',
      ['3:5: 1 is already an alias of 2, on line 2; keep one'],
    ],
    [
      'half an alias',
      'people.yaml',
      'aliases: [{id: 1}]',
      ['1:11: `aliases[0].is` is missing; expected a numeric id'],
    ],
    [
      'a login that YAML reads as a number',
      'people.yaml',
      'opt_out: [0x1f]\nbots: {allow: [1e5]}\n',
      [
        '1:11: `0x1f` reads as the number 31; write 31, or a login in quotes',
        '2:16: `1e5` reads as the number 100000; write 100000, or a login in quotes',
      ],
    ],
    [
      'what is neither id nor login',
      'people.yaml',
      'opt_out: [true, 1.5, a b]',
      [
        '1:11: `opt_out[0]`: expected a numeric id or a login; found true',
        '1:17: `opt_out[1]`: expected a numeric id; found 1.5',
        '1:22: `opt_out[2]`: expected a GitHub login; found "a b"',
      ],
    ],
  ]);
});

describe('YAML', () => {
  const bomb = ['a: &a [x, x]', ...'bcdefg'.split('').map(bombLine)].join('\n');
  function bombLine(name: string, index: number): string {
    const before = 'abcdef'[index];
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
  }
  const duplicate = 'this key is written twice; keep one of them';
  const documents = 'expected one document; remove the `---` and what does not belong here';
  expectCases([
    ['a key twice', 'site.yaml', 'title: a\ntitle: b\n', [`2:1: ${duplicate}`]],
    ['two documents', 'site.yaml', 'title: a\n---\ntitle: b\n', [`2:1: ${documents}`]],
    [
      'a tag',
      'site.yaml',
      'title: !env TITLE\n',
      ['1:8: expected plain YAML, without tags (`!…`)'],
    ],
    [
      "a tag of YAML's own",
      'repos.yaml',
      'repositories: [{repo: a/b, never_rescrape_before: !!timestamp 2025-01-01}]\n',
      ['1:51: expected plain YAML, without tags (`!…`)'],
    ],
    [
      'a tab',
      'site.yaml',
      'title:\n\t- a\n',
      ['2:1: not valid YAML: Tabs are not allowed as indentation'],
    ],
    ['an open quote', 'site.yaml', 'title: "a\n', ['2:1: not valid YAML: Missing closing "quote']],
    [
      'an alias of an anchor that is missing',
      'site.yaml',
      'title: *a\n',
      ['1:1: not valid YAML: Unresolved alias (the anchor must be set before the alias): a'],
    ],
    [
      'an alias bomb',
      'site.yaml',
      bomb,
      ['1:1: not valid YAML: Excessive alias count indicates a resource exhaustion attack'],
    ],
    [
      'an alias of what it is in',
      'people.yaml',
      'opt_out: &a [*a]\n',
      ['1:14: `opt_out[0]`: expected a numeric id or a login; found a list'],
    ],
    [
      'a merge key is an unknown key like any other',
      'budget.yaml',
      '<<: {daily_limit_usd: 1}\n',
      [
        '1:1: unknown key `<<`; expected one of `daily_limit_usd`, `monthly_limit_usd`, `warning_threshold`, `price_per_tib_usd`, `free_tib_per_month`',
      ],
    ],
    [
      "JavaScript's own names are unknown keys, too",
      'weights.yaml',
      '__proto__: 1\nlines: {constructor: 1}\n',
      [
        '1:1: unknown key `__proto__`; expected one of `base_points`, `lines`',
        '2:9: unknown key `constructor`; expected one of `added`, `deleted`, `cap`, `from`',
      ],
    ],
  ]);

  test.each([
    ['open', '['.repeat(100_000)],
    ['closed', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['in a block', '- '.repeat(100_000)],
  ])('very deep nesting (%s) is an error and no crash', (_, nest) => {
    const problems = problemsOf({ 'people.yaml': `opt_out:\n ${nest}` });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^config\/people\.yaml:\d+:\d+: /);
  });
});
