import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../db/client.ts';
import { migrate } from '../../../../db/migrate.ts';
import { readEnvironment } from '../../../../pipeline/config/environment.ts';
import { readConfig } from '../../../../pipeline/config/load.ts';
import { runPipeline } from '../../../../pipeline/run-pipeline.ts';
import type { Context } from '../../../../pipeline/runtime/context.ts';
import { createLog } from '../../../../pipeline/runtime/log.ts';
import { runPreflight } from '../../../../pipeline/stages/preflight/index.ts';
import { graphqlError, ORGANIZATION_REFUSALS, WENT_WRONG } from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { smallRepository, smallWorld } from '../../../support/github/night.ts';

/** What a run depends on is checked at once: the database, the folder, and each repository. */
let github: LocalGithub;
let folder: string;
let db: Awaited<ReturnType<typeof openDatabase>>;
const lines: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leaderboard-preflight-'));
  db = await openDatabase('memory:');
  await migrate(db);
  github = await startLocalGithub({ world: smallWorld(3), limits: { core: 1e6, graphql: 1e6 } });
});
afterAll(async () => {
  await github.close();
  await db.destroy();
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  github.setFault(() => undefined);
  github.setWorld(smallWorld(3));
});

/** A context with some repositories of the local GitHub. */
function contextOf(slugs: readonly string[], change: Partial<Context> = {}): Context {
  writeFileSync(
    join(folder, 'repos.yaml'),
    `repositories:\n${slugs.map((s) => `  - ${s}\n`).join('')}`,
  );
  lines.length = 0;
  return {
    options: {
      config: folder,
      sources: ['github'],
      repositories: null,
      jobType: null,
      from: null,
      to: null,
      out: join(folder, 'out'),
      now: null,
      dryRun: false,
      log: 'json',
    },
    config: readConfig(folder),
    environment: readEnvironment({
      GITHUB_TOKEN: 'a-token',
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    }),
    db,
    log: createLog('json', { destination: { write: (line) => void lines.push(line) } }),
    signal: new AbortController().signal,
    now: new Date(),
    sources: ['github'],
    isSample: false,
    isEmbedded: true,
    owner: 'test',
    reconnectDelaysMs: [],
    ...change,
  };
}

const slugs = (count: number) => Array.from({ length: count }, (_, i) => `guild/tool${i}`);
const messageOf = async (work: Promise<unknown>) => {
  const end = await work.then(
    () => null,
    (error: Error) => error.message,
  );
  return end ?? '';
};
const ofGithub = (results: Awaited<ReturnType<typeof runPreflight>>) =>
  results.find(({ name }) => name === 'github')?.message;

describe('each repository', () => {
  it('is asked for in one query, a point for a hundred', async () => {
    github.setWorld(smallWorld(101));
    const before = github.graphql.total;
    const results = await runPreflight(contextOf(slugs(101)));
    expect(ofGithub(results)).toMatch(/points are left; 101 of 101 repositories answer$/);
    expect(github.graphql.total - before).toBe(2);
    expect(github.violations).toEqual([]);
  });

  it('that is refused is a warning with what to do', async () => {
    const refused = ['saml', 'lifetime', 'ipAllowList', 'permission'] as const;
    const world = smallWorld(1);
    const others = refused.map((refusal, i) => smallRepository(i + 1, { refused: refusal }));
    github.setWorld({ ...world, repositories: [...world.repositories, ...others] });
    const results = await runPreflight(contextOf([...slugs(5), 'guild/misspelt']));
    expect(ofGithub(results)).toMatch(/1 of 6 repositories answer$/);
    const warnings = lines.filter((line) => line.includes('not readable')).join('');
    expect(warnings).toMatch(/guild\/tool1: Resource protected .*: authorize the token/);
    expect(warnings).toMatch(/guild\/tool2: The 'corp' .*: store a token that ends sooner/);
    expect(warnings).toMatch(/guild\/tool3: .*: run on a machine whose address/);
    expect(warnings).toMatch(/guild\/tool4: .*: give the token these rights/);
    expect(warnings).toMatch(/guild\/misspelt: not found: deleted, private or misspelt/);
    expect(warnings).not.toContain('guild/tool0');
  });

  it.each([
    ['one that does not exist', ['guild/misspelt'], /guild\/misspelt: not found/],
    [
      'two of an organisation',
      ['corp/one', 'corp/two'],
      /corp\/one: .*SAML[\s\S]*corp\/two: .*SAML/,
    ],
  ])('is refused (%s): the run stops, and says why', async (_what, names, expected) => {
    const named = (name: string) => smallRepository(7, { owner: 'corp', name, refused: 'saml' });
    github.setWorld({ ...smallWorld(1), repositories: [named('one'), named('two')] });
    const message = await messageOf(runPreflight(contextOf(names)));
    expect(message).toMatch(/^github: no repository can be read:/);
    expect(message).toMatch(expected);
  });

  const partial = {
    type: 'answer',
    status: 200,
    body: { data: { r0: null }, errors: [{ path: ['r0'], message: WENT_WRONG }] },
  } as const;
  const limit = graphqlError({ type: 'RATE_LIMIT', message: 'API rate limit already exceeded.' });

  it.each([
    ['a heavy load', partial],
    ['a spent hour', limit],
  ])('is not judged by %s', async (_what, fault) => {
    writeFileSync(join(folder, 'pipeline.yaml'), 'github:\n  max_wait_minutes: 0\n');
    github.setFault(({ name }) => (name === 'rights' ? fault : undefined));
    expect(ofGithub(await runPreflight(contextOf(slugs(1))))).toMatch(/was not checked$/);
  });
});

describe('a database that can not be used', () => {
  const databaseProblem = new Error('DATABASE_URL: no PostgreSQL lets us in at db.example');

  it('is reported with all else that is wrong', async () => {
    github.setFault(({ name }) =>
      name === '/rate_limit'
        ? { type: 'answer', status: 401, body: { message: 'Bad credentials' } }
        : undefined,
    );
    const context = contextOf(slugs(1), { databaseProblem });
    const expected =
      /^database: DATABASE_URL: no PostgreSQL[\s\S]*\ngithub: GitHub refuses the token/;
    expect(await messageOf(runPreflight(context))).toMatch(expected);
    expect(await messageOf(runPipeline(context))).toMatch(expected);
  });

  it('stops the run where nothing else is wrong', async () => {
    const before = github.requests.length;
    const message = await messageOf(runPipeline(contextOf(slugs(1), { databaseProblem })));
    expect(message).toBe(`database: ${databaseProblem.message}`);
    const asked = github.requests.slice(before).map(({ name }) => name);
    expect(asked).toEqual(['/rate_limit', 'rights']);
  });

  it('names what an organisation refuses, too', async () => {
    const refused = smallRepository(0, { refused: 'kind' });
    github.setWorld({ ...smallWorld(1), repositories: [refused] });
    const message = await messageOf(runPreflight(contextOf(slugs(1), { databaseProblem })));
    expect(message).toContain('database: ');
    expect(message).toContain(ORGANIZATION_REFUSALS.kind.slice(0, 40));
  });
});
