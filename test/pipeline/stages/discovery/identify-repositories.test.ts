import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reconcileRepositories } from '../../../../db/queries/repositories.ts';
import { readEnvironment } from '../../../../pipeline/config/environment.ts';
import { CONFIG_SCHEMAS } from '../../../../pipeline/config/schema.ts';
import type { SourceName } from '../../../../pipeline/domain/source.ts';
import type { Context } from '../../../../pipeline/runtime/context.ts';
import { identifyRepositories } from '../../../../pipeline/stages/discovery/identify-repositories.ts';
import { archiveEvent } from '../../../support/archive-events.ts';
import {
  archiveNight,
  storedContributions,
  withHourFiles,
} from '../../../support/archive-nights.ts';
import { emptyTables, useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { smallRepository } from '../../../support/github/night.ts';
import { silentLog } from '../../../support/github/scrape.ts';
import type { RawEvent } from '../../../support/read-events.ts';

/** GitHub says which repositories the names mean, before the archive is read. */

const database = useDatabase();
let github: LocalGithub;

/** The second one was called `guild/before`, and another one has the name now. */
const WORLD = {
  people: [],
  repositories: [
    smallRepository(0),
    smallRepository(1, { owner: 'corp', formerNames: ['guild/was1', 'guild/was2'] }),
    smallRepository(2, { id: 5 }),
  ],
};

beforeAll(async () => {
  github = await startLocalGithub({ world: WORLD });
});
afterAll(() => github.close());
beforeEach(() => emptyTables(database.db));

const NOW = new Date('2025-04-01T00:00:00Z');

async function identify(sources: readonly SourceName[] = ['gharchive'], token = 'a-token') {
  const before = github.requests.length;
  await identifyRepositories({
    db: database.db,
    log: silentLog,
    signal: new AbortController().signal,
    sources,
    config: { pipeline: CONFIG_SCHEMAS.pipeline.parse({}) },
    environment: readEnvironment({
      GITHUB_TOKEN: token,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
    }),
    now: NOW,
  } as unknown as Context);
  return github.requests.slice(before).map(({ name }) => name);
}

const configure = (...names: readonly string[]) =>
  database.db.transaction().execute((trx) =>
    reconcileRepositories(
      trx,
      names.map((full) => {
        const [owner = '', name = ''] = full.split('/');
        return { owner, name, neverRescrapeBefore: null, defaultBranch: null };
      }),
    ),
  );

async function rows() {
  const all = await database.db.selectFrom('repositories').selectAll().orderBy('id').execute();
  return all.map((row) => [`${row.owner}/${row.name}`, row.github_id]);
}

describe('the repositories', () => {
  it('are asked for together, once, and have their present names', async () => {
    await configure('guild/tool0', 'GUILD/was1', 'guild/nowhere', 'guild/TOOL2');
    expect(await identify()).toEqual(['identities']);
    expect(await rows()).toEqual([
      ['guild/tool0', 9_000_000],
      ['corp/tool1', 9_000_001],
      ['guild/nowhere', null],
      ['guild/tool2', 5],
    ]);
    await database.db.deleteFrom('repositories').where('github_id', 'is', null).execute();
    expect(await identify()).toEqual([]);
  });

  it('are one where two names mean the same', async () => {
    await configure('guild/was1', 'corp/tool1', 'guild/was2');
    await identify();
    expect(await rows()).toEqual([['corp/tool1', 9_000_001]]);
  });

  it.each([
    ['without a token', ['gharchive'], ''],
    ['without the archive', ['github'], 'a-token'],
    ['of the sample', ['sample'], 'a-token'],
  ] as const)('are not asked for %s', async (_, sources, token) => {
    await configure('guild/tool0');
    expect(await identify(sources, token)).toEqual([]);
  });

  it('are read all the same when GitHub does not answer', async () => {
    await configure('guild/tool0');
    github.setFault(() => ({ type: 'answer', status: 401, body: { message: 'Bad credentials' } }));
    await identify();
    github.setFault(() => undefined);
    expect(await rows()).toEqual([['guild/tool0', null]]);
  });

  it('lose what the archive gave them of another one that had the name', async () => {
    const actor = { id: 901, login: 'ada' };
    const event = archiveEvent({
      type: 'PullRequestEvent',
      repo: { id: 77, name: 'guild/tool0' },
      created_at: '2024-06-01T00:10:00Z',
      actor,
      payload: { action: 'opened', pull_request: { number: 1, user: actor } },
    }) as RawEvent;
    const window = { from: new Date('2024-06-01'), to: new Date('2024-06-01T01:00:00Z') };
    await withHourFiles([event], async (read) => {
      const night = { repositories: ['guild/tool0'], source: 'gharchive', read, window } as const;
      await archiveNight(database.db, { ...night, now: window.to });
      expect(Object.keys(await storedContributions(database.db))).toEqual(['guild/tool0']);
      await identify();
      expect(await storedContributions(database.db)).toEqual({});
      const left = await archiveNight(database.db, { ...night, now: window.to });
      expect(left).toEqual({ other_repository: 1 });
    });
    expect(await storedContributions(database.db)).toEqual({});
    expect(await rows()).toEqual([['guild/tool0', 9_000_000]]);
  });
});
