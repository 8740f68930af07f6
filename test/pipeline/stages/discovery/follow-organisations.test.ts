import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { reconcileRepositories } from '../../../../db/queries/repositories.ts';
import { identifyRepository } from '../../../../db/queries/repository-renames.ts';
import { readEnvironment } from '../../../../pipeline/config/environment.ts';
import { CONFIG_SCHEMAS } from '../../../../pipeline/config/schema.ts';
import { fullName } from '../../../../pipeline/domain/names.ts';
import type { Context } from '../../../../pipeline/runtime/context.ts';
import {
  followOrganisations,
  reportFollowed,
} from '../../../../pipeline/stages/discovery/follow-organisations.ts';
import {
  discoveryContext,
  wantedRepositories,
} from '../../../../pipeline/stages/discovery/index.ts';
import { readFiles } from '../../../support/config-folder.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { FAULTS } from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { smallRepository } from '../../../support/github/night.ts';
import { silentLog } from '../../../support/github/scrape.ts';

/** Organisations of `repos.yaml`, followed by what the local GitHub lists. */

const GUILD = { id: 500, login: 'guild', type: 'Organization' } as const;
const TOOLS = [
  smallRepository(0),
  smallRepository(1, { topics: ['web', 'tools'] }),
  smallRepository(2, { isFork: true }),
  smallRepository(3, { archived: true }),
  smallRepository(4, { disabled: true }),
  smallRepository(5, { name: '.github', topics: [] }),
  smallRepository(6, { owner: 'corp' }),
];

const database = useDatabase();
let github: LocalGithub;
beforeAll(async () => {
  github = await startLocalGithub({ world: { people: [GUILD], repositories: TOOLS } });
});
afterAll(() => github.close());
beforeEach(async () => {
  await emptyTables(database.db);
  github.setFault(() => undefined);
  github.setWorld({ people: [GUILD], repositories: TOOLS });
});

const warnings: string[] = [];

function contextOf(repos: string, token = 'a-token') {
  warnings.length = 0;
  return {
    db: database.db,
    log: { ...silentLog, warn: (_: object, text: string) => warnings.push(text) },
    signal: new AbortController().signal,
    sources: ['github'],
    config: { ...readFiles({ 'repos.yaml': repos }), pipeline: CONFIG_SCHEMAS.pipeline.parse({}) },
    environment: readEnvironment({
      GITHUB_TOKEN: token,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    }),
    now: new Date('2025-04-01T00:00:00Z'),
  } as unknown as Context;
}

/** A night: what is wanted is tracked afterwards. */
async function night(repos: string, token?: string) {
  const { wanted, arrived, unread } = await followOrganisations(contextOf(repos, token));
  await database.db.transaction().execute((trx) => reconcileRepositories(trx, wanted));
  return { wanted: wanted.map(fullName), arrived, unread };
}

const follow = (settings = '') => `repositories: [{org: Guild${settings}}]`;

describe('an organisation', () => {
  it.each([
    ['', ['tool0', 'tool1', '.github']],
    [', exclude: [TOOL1, .github]', ['tool0']],
    [', include_forks: true', ['tool0', 'tool1', 'tool2', '.github']],
    [', include_archived: true', ['tool0', 'tool1', 'tool3', '.github']],
    [', topics: [web, other]', ['tool1']],
  ])('gives its public repositories%s', async (settings, names) => {
    const { wanted, unread } = await night(follow(settings));
    expect(wanted).toEqual(names.map((name) => `guild/${name}`));
    expect(unread).toEqual([]);
  });

  it('is asked for a hundred at once, for a point', async () => {
    const many = Array.from({ length: 130 }, (_, index) => smallRepository(index));
    github.setWorld({ people: [GUILD], repositories: many });
    const before = github.requests.length;
    expect((await night(follow())).wanted).toHaveLength(130);
    const asked = github.requests.slice(before);
    expect(asked.map(({ name, points }) => [name, points])).toEqual([
      ['organisation', 1],
      ['organisation', 1],
    ]);
    expect(github.violations).toEqual([]);
  });

  it('adds to those that are listed by name, which keep their settings', async () => {
    const repos = `repositories:
  - {repo: GUILD/tool0, default_branch: trunk}
  - corp/tool6
  - org: guild
    exclude: [tool1]`;
    const { wanted } = await followOrganisations(contextOf(repos));
    expect(wanted.map((one) => [fullName(one), one.defaultBranch])).toEqual([
      ['GUILD/tool0', 'trunk'],
      ['corp/tool6', null],
      ['guild/.github', null],
    ]);
  });

  it('has no two repositories with one published path', async () => {
    const world = [smallRepository(0), smallRepository(1, { name: 'tool0.json' })];
    github.setWorld({ people: [GUILD], repositories: world });
    expect((await night(follow())).wanted).toEqual(['guild/tool0']);
  });
});

describe('from night to night', () => {
  it('a repository comes, is named once, and goes', async () => {
    expect((await night(follow())).arrived).toEqual([
      'guild/tool0',
      'guild/tool1',
      'guild/.github',
    ]);
    expect((await night(follow())).arrived).toEqual([]);
    const next = [...TOOLS.filter(({ name }) => name !== 'tool1'), smallRepository(9)];
    github.setWorld({ people: [GUILD], repositories: next });
    const second = await night(follow());
    expect(second.arrived).toEqual(['guild/tool9']);
    expect(second.wanted).not.toContain('guild/tool1');
    const rows = await database.db.selectFrom('repositories').select(['name', 'status']).execute();
    expect(rows.find(({ name }) => name === 'tool1')?.status).toBe('ARCHIVED');
  });

  it('one under another name is the same, and not new', async () => {
    await night(follow());
    const [{ id } = { id: 0 }] = await database.db
      .selectFrom('repositories')
      .select('id')
      .where('name', '=', 'tool0')
      .execute();
    const stated = { repositoryId: id, githubId: 9_000_000, owner: 'guild', name: 'tool0' };
    await identifyRepository(database.db, stated, new Date());
    const renamed = TOOLS.map((one) => (one.name === 'tool0' ? { ...one, name: 'hammer' } : one));
    github.setWorld({ people: [GUILD], repositories: renamed });
    const { wanted, arrived } = await night(follow());
    expect(arrived).toEqual([]);
    expect(wanted).toContain('guild/tool0');
    expect(wanted).not.toContain('guild/hammer');
  });

  it.each([
    [
      'GitHub refuses',
      FAULTS.forbidden,
      'a-token',
      /could not be listed \(.+\): the 3 of the last/,
    ],
    ['there is no token', undefined, '', /\(there is no token\): the 3 of the last run stay/],
  ])('those of the last one stay when %s', async (_, fault, token, sentence) => {
    const before = await night(follow());
    github.setFault(() => fault);
    const { wanted, arrived, unread } = await night(follow(', exclude: [tool1]'), token);
    expect(wanted).toEqual(before.wanted.filter((name) => name !== 'guild/tool1'));
    expect(arrived).toEqual([]);
    expect(unread).toEqual([expect.stringMatching(sentence.source.replace('3', '2'))]);
  });

  it('those of an organisation that has another name stay', async () => {
    await night(follow());
    const { id } = await database.db
      .selectFrom('repositories')
      .select('id')
      .where('name', '=', 'tool0')
      .executeTakeFirstOrThrow();
    const stated = { repositoryId: id, githubId: 9_000_000, owner: 'league', name: 'tool0' };
    await identifyRepository(database.db, stated, new Date());
    github.setWorld({ people: [], repositories: [] });
    const { wanted, unread } = await night(follow());
    expect(wanted).toContain('league/tool0');
    expect(unread[0]).toContain('GitHub knows no owner Guild');
  });

  it('those of tonight are what discovery plans for', async () => {
    const options = { repositories: ['guild/TOOL1'], jobType: null, from: null, to: null };
    const context = { ...contextOf(follow()), options } as unknown as Context;
    const { wanted, arrived } = await discoveryContext(context);
    expect(wanted.map(fullName)).toEqual(arrived);
    expect(arrived).toContain('guild/tool1');
    const unknown = { ...options, config: 'config', repositories: ['guild/tool2'] };
    await expect(discoveryContext({ ...context, options: unknown } as never)).rejects.toThrow(
      '--repo guild/tool2: it is not in config/repos.yaml',
    );
  });

  it('those of the last one are known without GitHub', async () => {
    await night(follow());
    const before = github.requests.length;
    const wanted = await wantedRepositories(contextOf(follow(', exclude: [tool0]')));
    expect(wanted.map(fullName)).toEqual(['guild/tool1', 'guild/.github']);
    expect(github.requests).toHaveLength(before);
  });
});

it('the summary names what is new and what could not be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'summary-'));
  const path = join(folder, 'summary.md');
  writeFileSync(path, '');
  vi.stubEnv('GITHUB_STEP_SUMMARY', path);
  const context = contextOf('repositories: []');
  const arrived = ['guild/_new_', ...Array.from({ length: 120 }, (_, index) => `guild/t${index}`)];
  reportFollowed(context, { arrived, unread: ['The repositories of *x* could not be listed'] });
  vi.unstubAllEnvs();
  const text = readFileSync(path, 'utf8');
  rmSync(folder, { recursive: true });
  expect(text).toContain('## New repositories of organisations\n\n- guild/\\_new\\_\n');
  expect(text).toContain('- and 21 more\n');
  expect(text).toContain('> [!WARNING]\n> The repositories of \\*x\\* could not be listed');
  expect(warnings).toEqual(['The repositories of *x* could not be listed']);
});
