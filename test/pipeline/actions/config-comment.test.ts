import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Db } from '../../../db/client.ts';
import { commentText } from '../../../pipeline/actions/preview-comment.ts';
import { describeProposal } from '../../../pipeline/actions/preview-config.ts';
import { openRepository } from '../../../pipeline/actions/repository-api.ts';
import { readEnvironment } from '../../../pipeline/config/environment.ts';
import type { PublishedCalculation } from '../../../pipeline/stages/preview/preview-published.ts';
import { PEOPLE } from '../../support/community.ts';
import { emptyTables, useDatabase } from '../../support/databases.ts';
import { FIXED_PEOPLE } from '../../support/fixed-community.ts';
import { createCopy } from '../../support/github/copy.ts';
import { type Pushed, pushConfig, pushInPlaceOfConfig } from '../../support/github/copy-pulls.ts';
import { FAULTS } from '../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../support/github/local-github.ts';
import { makeWorld } from '../../support/github/made-up-world.ts';
import { reportNaming } from '../../support/preview-report.ts';
import { IN_FORCE, peopleYaml, publishCommunity, reposYaml } from '../../support/proposals.ts';

/** Tables for all previews: to make them for each takes most of its time. */
const tables: { db?: Db } = {};
type Tried = Parameters<PublishedCalculation['calculate']>;
vi.mock(import('../../../pipeline/stages/preview/preview-published.ts'), async (original) => {
  const real = await original();
  // Test files share their modules: the next one has its own tables again.
  const openCalculation = (): ReturnType<typeof real.openCalculation> => {
    const { db } = tables;
    if (!db) return real.openCalculation();
    const calculate = (...tried: Tried) => real.calculateWithin(db, ...tried);
    return { calculate, close: async () => {} };
  };
  return { ...real, openCalculation };
});

/** The comment on a pull request that changes the configuration, whole. */

const COMMIT = 'c0ffee'.padEnd(40, '0');
const PLACE = {
  runUrl: 'https://github.com/guild/leaderboard/actions/runs/1001',
  changesWorkflows: false,
};
const { signal } = new AbortController();

const weights = (text: string) => ({ 'weights.yaml': text });
const people = (changes: object) => ({ 'people.yaml': peopleYaml(changes) });

/** Ten, of which GitHub shows six: three do not exist, and `guild/secret` is private. */
const ADDED = [
  'guild/engine',
  'guild/tools',
  'guild/docs',
  'guild/site',
  'guild/plugins',
  'guild/old-name',
  'guild/secret',
  'guild/no-such',
  'guild/nor-this',
  'nobody/nothing',
];

/** The repositories of the invented guild, and one of the published community. */
function makeGuild() {
  const world = makeWorld();
  const [engine] = world.repositories;
  if (!engine) throw new Error('the world has a repository');
  const named = (fullName: string, id: number, formerNames: readonly string[] = []) => {
    const [owner = '', name = ''] = fullName.split('/');
    return { ...engine, id, owner, name, formerNames, stars: 10 * id };
  };
  return {
    ...world,
    repositories: [
      engine,
      ...ADDED.slice(1, 5).map((name, place) => named(name, 900 + place)),
      named('guild/new-name', 910, ['guild/old-name']),
      named('octo/one', 911, ['octo/first']),
    ],
  };
}

/** Files in the place of those in force. */
const CHANGES: Readonly<Record<string, Readonly<Record<string, Pushed>>>> = {
  'nothing-changed': { 'site.yaml': 'title: Another one\n' },
  'each-weight': weights(`base_points:
  RELEASE: 31
  PR_MERGED: 20
  PR_REVIEWED: 25
  PR_OPENED: 10
  COMMIT: 9.125
  ISSUE_OPENED: 16
  ISSUE_CLOSED: 6
  PR_REVIEW_COMMENT: 4
  COMMENT: 1
lines:
  added: 0.02
  deleted: 0
  cap: 3
  from: COMMIT
`),
  'a-weight-of-0': weights('base_points: { COMMIT: 0 }\n'),
  'an-opt-out': people({ opt_out: [...FIXED_PEOPLE.opt_out, 'cyd'] }),
  'an-alias': people({
    aliases: [...FIXED_PEOPLE.aliases, { id: PEOPLE.cyd.id, is: PEOPLE.ada.id }],
  }),
  'a-bot': people({ bots: { logins: ['BOB'] } }),
  'a-repository-removed': { 'repos.yaml': reposYaml(['octo/one']) },
  'ten-repositories-added': { 'repos.yaml': reposYaml([], ADDED) },
  'ten-repositories-by-bigquery': {
    'repos.yaml': reposYaml([], ADDED),
    'pipeline.yaml': 'sources: [github, bigquery]\n',
  },
  'a-former-name': { 'repos.yaml': reposYaml(['octo/one'], ['octo/first']) },
  'broken-yaml': {
    'repos.yaml': 'repositories:\n  - octo/one\n  - https://github.com/octo/two\n',
    'weights.yaml': 'base_points:\n  COMIT: 3\n  RELEASE: many\nlines: {added: [\n',
    'people.yml': 'opt_out: [cyd]\n',
  },
  'a-file-of-5-mb': { 'people.yaml': Buffer.alloc(5_000_000, 'a') },
  'a-path-in-a-name': { '../weights.yaml': 'base_points: {}\n', '..\\a.yaml': '' },
  'a-link-for-a-file': { 'weights.yaml': { link: '/etc/passwd' } },
  'aliases-by-the-thousand': {
    'people.yaml': `opt_out: &a [cyd]\naliases: [${'*a, '.repeat(5_000)}]\n`,
  },
  'names-that-do-harm': {
    'repos.yaml': reposYaml([], ['"@everyone/<img src=x>"', '"[x](https://evil.example)/a|b"']),
    'people.yaml': 'opt_out: ["@everyone ``` <b>"]\n"::error::x": 1\n',
  },
};

describe('a comment', () => {
  const database = useDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'comment-'));
  const copy = createCopy();
  let github: LocalGithub;
  beforeAll(async () => {
    tables.db = database.db;
    await publishCommunity(database.db, folder);
    await emptyTables(database.db);
    github = await startLocalGithub({ world: makeGuild(), copy });
  });
  afterAll(async () => {
    delete tables.db;
    await github.close();
    rmSync(folder, { recursive: true });
  });

  const describeMerged = (merged: string, published: string | null = folder) => {
    const variables = {
      GITHUB_TOKEN: 'token',
      GITHUB_REPOSITORY: 'guild/leaderboard',
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    };
    const proposal = { pull_request: 7, commit: COMMIT, merged };
    const environment = readEnvironment(variables);
    return describeProposal(openRepository(variables), proposal, {
      ...{ published, environment, signal },
    });
  };
  const commentOn = async (merged: string, published: string | null = folder) =>
    commentText(await describeMerged(merged, published), PLACE);
  const golden = (name: string) => `../../golden/config-comment/${name}.md`;

  it.each(Object.entries(CHANGES))('is that of %s', async (name, files) => {
    const text = await commentOn(pushConfig(copy.git, { ...IN_FORCE, ...files }));
    await expect(text).toMatchFileSnapshot(golden(name));
    if (name === 'an-opt-out') expect(text).not.toMatch(/cyd/i);
    expect(github.violations).toEqual([]);
  });

  it('is that of a link in the place of the folder', async () => {
    const text = await commentOn(pushInPlaceOfConfig(copy.git, { link: '/etc' }));
    await expect(text).toMatchFileSnapshot(golden('a-link-for-the-folder'));
  });

  it('says that GitHub was not asked', async () => {
    github.setFault(({ kind }) => (kind === 'graphql' ? FAULTS.forbidden : undefined));
    const text = await commentOn(
      pushConfig(copy.git, { ...IN_FORCE, 'repos.yaml': reposYaml([], ['guild/engine']) }),
    );
    github.setFault(() => undefined);
    expect(text).toContain('there is no token for GitHub, or it does not answer');
    expect(text).toContain('New repositories, which count once they are read: `guild/engine`');
    expect(text).not.toContain('New repositories on GitHub');
  });

  it('says why there is no preview', async () => {
    const merged = pushConfig(copy.git, IN_FORCE);
    expect(await commentOn(merged, null)).toContain('set `url` in config/site.yaml');
    expect(await commentOn(merged, join(folder, 'gone'))).toContain('there is no folder');
  });
});

describe('a comment of names that do harm', () => {
  const document = (name: string) => ({
    ...{ pull_request: 7, commit: COMMIT, problems: [], obstacle: null },
    preview: reportNaming(name),
  });

  it('shows them as names', async () => {
    const name = '@everyone](https://evil.example) <!-- | ``` \u202e\n# x';
    await expect(commentText(document(name), PLACE)).toMatchFileSnapshot(
      '../../golden/config-comment/markdown-in-names.md',
    );
  });

  it('is cut between its parts where it is too long', () => {
    const text = commentText(document('n'.repeat(255).repeat(40)), PLACE);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(
      /\n\nThe rest is too long for a comment: \[the summary of the run\]\(https.*\n\nNothing is/,
    );
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  it('warns of a pull request that changes the workflows', () => {
    const place = { ...PLACE, changesWorkflows: true };
    expect(commentText(document('ada'), place)).toContain('also changes files under `.github/`');
    expect(commentText(document('ada'), PLACE)).not.toContain('.github/');
  });
});
