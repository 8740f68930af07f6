import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../pipeline/config/environment.ts';
import { readConfig } from '../../pipeline/config/load.ts';
import { archiveEvent, push, sha } from '../support/archive-events.ts';
import {
  CASE_DAY,
  type CaseInput,
  type CaseNight,
  readCase,
  runCase,
} from '../support/case-run.ts';
import { problemsIn, problemsOf } from '../support/config-folder.ts';
import { KINDS } from '../support/database-kinds.ts';
import { casePath, hasSharedCases } from '../support/shared-data.ts';

/**
 * Faults that others met: the case that lies beside a checkout, and others of its kind. Case 05 is in
 * `test/site/published-names.long.test.ts`.
 */

const isThere = hasSharedCases();

const ADA = { id: 901, login: 'ada' };
const BEN = { id: 902, login: 'ben' };
const CYD = { id: 903, login: 'cyd' };

const TOOL = { id: 10, name: 'acme/tool' };
const at = (hour: number) => ({ id: `${hour}`, created_at: `${CASE_DAY}T0${hour}:10:00Z` });

const pushed = (hour: number, actor: typeof ADA, branch: string) =>
  archiveEvent({
    ...at(hour),
    actor,
    ...push(`refs/heads/${branch}`, [{ sha: sha(actor.id), distinct: true }]),
  });

function merged(hour: number, actor: typeof ADA, repo: typeof TOOL) {
  const pull = { number: 1, user: actor };
  const isMerged = { merged: true, merged_at: `${CASE_DAY}T0${hour}:20:00Z` };
  const payloads = [
    { action: 'opened', pull_request: pull },
    { action: 'closed', pull_request: { ...pull, ...isMerged } },
  ];
  return payloads.map((payload) =>
    archiveEvent({ ...at(hour), type: 'PullRequestEvent', actor, repo, payload }),
  );
}

function commented(hour: number, actor: typeof ADA, repo: typeof TOOL) {
  const payload = { action: 'created', issue: { number: 1 }, comment: { id: actor.id } };
  return archiveEvent({ ...at(hour), type: 'IssueCommentEvent', actor, repo, payload });
}

const EMPTY = [1, 2].map((hour) => archiveEvent({ ...at(hour), type: 'WatchEvent', payload: {} }));

const of = (repos: string, ...events: ReturnType<typeof archiveEvent>[]): CaseInput => ({
  config: { 'repos.yaml': `repositories: [${repos}]\n` },
  hours: [...EMPTY, ...events],
});

/** What is right after the first night and after the second, and the ids that are left out. */
interface Right {
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly others?: readonly number[];
  /** Hours that the first night could not read. */
  readonly missing?: number;
}

type Row = readonly [name: string, input: () => CaseInput, right: Right];

const own = (name: string, right: Right): Row[] =>
  isThere ? [[`case ${name}`, () => readCase(name), right]] : [];

const same = (...scores: string[]) => ({ first: scores, second: scores });

const DEFAULT_BRANCHES: readonly Row[] = [
  ...own('15-default-branch-renamed', same('ben 10', 'ada 10')),
  [
    'renamed back to master, while nothing is configured',
    () => of('acme/tool', pushed(0, ADA, 'main'), pushed(2, BEN, 'master')),
    same('ben 10', 'ada 10'),
  ],
  [
    'main configured, and a topic branch before',
    () =>
      of(
        '{repo: acme/tool, default_branch: main}',
        pushed(0, ADA, 'master'),
        pushed(1, CYD, 'topic'),
        pushed(2, BEN, 'main'),
      ),
    same('ben 10', 'ada 10'),
  ],
];

const RENAMES: readonly Row[] = [
  ...own('16-repository-renamed', {
    first: ['ben 15'],
    second: ['ben 15', 'ada 15'],
    missing: 3,
  }),
  [
    'renamed twice, also by case alone',
    () =>
      of(
        'acme/tool',
        ...merged(0, ADA, { id: 10, name: 'ada/draft' }),
        commented(1, CYD, { id: 10, name: 'acme/Tool-Box' }),
        commented(2, BEN, { id: 10, name: 'Acme/TOOL' }),
      ),
    { first: ['ben 3'], second: ['ada 40', 'ben 3', 'cyd 3'], missing: 3 },
  ],
  [
    'renamed away and back',
    () =>
      of(
        'acme/tool',
        commented(0, ADA, TOOL),
        ...merged(1, BEN, { id: 10, name: 'acme/elsewhere' }),
        commented(2, CYD, TOOL),
      ),
    same('ben 40', 'cyd 3', 'ada 3'),
  ],
];

const REUSED: readonly Row[] = [
  ...own('17-name-used-again', { ...same('ben 40'), others: [10] }),
  [
    'taken by a fork, while the first one is configured under its new name',
    () =>
      of(
        'acme/core, acme/tool',
        ...merged(0, ADA, TOOL),
        commented(1, ADA, { id: 10, name: 'acme/core' }),
        ...merged(2, BEN, { id: 77, name: 'acme/tool' }),
      ),
    { first: ['ben 40'], second: ['ada 43', 'ben 40'], others: [10], missing: 3 },
  ],
  [
    'deleted and made again, twice',
    () =>
      of(
        'acme/tool',
        ...merged(0, ADA, { id: 77, name: 'acme/tool' }),
        ...merged(1, BEN, { id: 9, name: 'ACME/tool' }),
        commented(2, CYD, TOOL),
      ),
    { ...same('cyd 3'), others: [9, 77] },
  ],
];

const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

const missingHours = ({ coverage }: CaseNight) =>
  Math.max(
    ...coverage.repositories.map(({ months }) => sum(months.map((one) => one.missing_hours))),
  );

const otherIds = ({ coverage }: CaseNight) =>
  coverage.repositories
    .flatMap(({ left_out }) => left_out?.other_repositories ?? [])
    .map((other) => other.github_id);

describe.each([
  ['a default branch that was renamed', DEFAULT_BRANCHES],
  ['a repository that was renamed', RENAMES],
  ['a name that was used again', REUSED],
] as const)('%s', (_, rows) => {
  it.each(rows)('%s', async (__, input, { first, second, others = [], missing = 0 }) => {
    const [before, after] = (await runCase(input(), 2)) as [CaseNight, CaseNight];
    expect(before).toMatchObject({ code: 0, scores: first });
    expect(after).toMatchObject({ code: 0, scores: second });
    expect([before, after].map(missingHours)).toEqual([missing, 0]);
    expect(otherIds(after).toSorted((a, b) => a - b)).toEqual(others);
  });
});

describe('logins of other times', () => {
  const people = (login: string) => ({ 'people.yaml': `opt_out: ["${login}"]\n` });

  it.runIf(isThere)('case 01-login-hyphen', () => {
    const config = readConfig(casePath('01-login-hyphen'));
    expect(config.people.opt_out).toEqual(['-old-name-']);
    expect(config.repositories).toMatchObject([{ owner: '-old-name-', name: 'tool' }]);
  });

  it.each(['-old-name-', '1234567', 'ada_acme', 'old-'])(
    '%s owns a repository, and opts out of its board',
    async (login) => {
      const repo = { id: 10, name: `${login}/tool` };
      const input = of(`"${repo.name}"`, commented(0, { id: 7, login }, repo));
      const also = commented(1, ADA, repo);
      const hours = [...(input.hours as typeof EMPTY), also];
      const [night] = await runCase({ config: { ...input.config, ...people(login) }, hours }, 1);
      expect(night).toMatchObject({ code: 0, scores: ['ada 3'] });
    },
  );
});

describe('characters that nobody sees', () => {
  it.runIf(isThere)('case 08-invisible-character', () => {
    const problems = problemsIn(casePath('08-invisible-character'));
    expect(problems).toEqual([expect.stringContaining('found "octo/oneU+200B"')]);
  });

  it.each([
    ['repos.yaml', 'repositories: ["octo/\u2060one"]\n', 'octo/U+2060one'],
    ['repos.yaml', 'repositories: ["\u202eocto/one"]\n', 'U+202Eocto/one'],
    ['people.yaml', 'opt_out: ["ada\ufeff"]\n', 'adaU+FEFF'],
    ['people.yaml', 'bots: {logins: ["a\u00adda"]}\n', 'aU+00ADda'],
  ])('%s with %j', (file, text, shown) => {
    expect(problemsOf({ [file]: text }).join('\n')).toContain(shown);
  });
});

describe.runIf(isThere)('case 03-database-address', () => {
  const text = isThere ? readFileSync(casePath('03-database-address/addresses.txt'), 'utf8') : '';
  const addresses = [...text.matchAll(/^postgres:\S+/gm)].map(([address]) => address);
  const isBroken = (address: string) => /[#/]rest@/.test(address);

  it('has addresses of both sorts', () => {
    expect(addresses.filter(isBroken)).toHaveLength(2);
    expect(addresses).toHaveLength(10);
  });

  it.each(addresses.filter(isBroken))('%s: says what to encode, and nothing of it', (address) => {
    const read = () => readEnvironment({ DATABASE_URL: address });
    expect(read).toThrow('percent-encode the special characters of user and password: # as %23');
    expect(read).not.toThrow(/12345|rest|db\.example/);
  });

  // What happens there is tried on a server in `test/pipeline/stages/preflight/databases.long.test.ts`.
  it.each(addresses.filter((address) => !isBroken(address)))('%s is taken', (address) => {
    expect(readEnvironment({ DATABASE_URL: address }).databaseUrl).toBe(address);
    const query = (one: string) => one.replaceAll(/(TimeZone%3D).*/g, '$1');
    const tried = KINDS.map((kind) => query(kind.query ?? ''));
    expect(tried).toContain(query(new URL(address).search.slice(1)));
  });
});
