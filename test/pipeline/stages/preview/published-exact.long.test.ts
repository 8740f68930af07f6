import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewPublished } from '../../../../pipeline/stages/preview/index.ts';
import type { Published } from '../../../../pipeline/stages/preview/read-published.ts';
import {
  addRepository,
  ago,
  configOf,
  contribute,
  NOW,
  PEOPLE,
} from '../../../support/community.ts';
import { keepRows, useDatabase } from '../../../support/databases.ts';
import { fillShape } from '../../../support/fill-shape.ts';
import { addFixedCommunity, FIXED_PEOPLE } from '../../../support/fixed-community.ts';
import {
  type Change,
  calculateFromPublished,
  publish,
  publishedRanks,
  ranksOf,
  readFolder,
  wantedOf,
} from '../../../support/preview-community.ts';

const { ada, bob, cyd } = PEOPLE;

/** What is in force: an alias, two people who opted out, and the shipped weights. */
const BASE: Change = { config: { people: FIXED_PEOPLE } };

const people = (changes: object) => ({ config: { people: { ...FIXED_PEOPLE, ...changes } } });
const weights = (changes: object) => ({ config: { people: FIXED_PEOPLE, weights: changes } });
const optOut = (...more: (number | string)[]) =>
  people({ opt_out: [...FIXED_PEOPLE.opt_out, ...more] });
const aliases = (...more: object[]) => people({ aliases: [...FIXED_PEOPLE.aliases, ...more] });

/** The busiest of the people of a real shape. */
const [FIRST, SECOND, THIRD] = [100_000, 101_987, 103_974];

const CHANGES: Readonly<Record<string, Change>> = {
  'nothing changed': BASE,
  weights: weights({ base_points: { COMMIT: 1.125, RELEASE: 200 }, lines: { cap: 3, added: 0.5 } }),
  'a weight of 0': weights({ base_points: { COMMENT: 0, ISSUE_OPENED: 0 } }),
  bots: people({ bots: { ids: [FIRST], logins: ['BOB'] } }),
  'an opt-out by id': optOut(SECOND),
  'an opt-out by login': optOut('CYD'),
  'an opt-out by a former login': optOut('first-before'),
  'a repository removed': { ...BASE, removed: ['octo/one', 'meadow/garden-3'] },
  'an alias': aliases({ id: SECOND, is: FIRST }),
  'aliases of an account that nobody has seen': aliases(
    { id: FIRST, is: 999_999 },
    { id: THIRD, is: 999_999 },
  ),
  'an alias of a bot': {
    config: {
      people: {
        ...FIXED_PEOPLE,
        aliases: [...FIXED_PEOPLE.aliases, { id: cyd.id, is: bob.id }],
        bots: { ids: [bob.id] },
      },
    },
  },
  'an alias who reviewed the other': aliases({ id: bob.id, is: ada.id }),
};

describe('a preview from published documents', () => {
  const database = useDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-published-'));
  let published: Published;
  let restore: () => Promise<void>;

  beforeAll(async () => {
    const { db } = database;
    await fillShape(db, { people: 150, repositories: 6, contributions: 4_000 }, NOW);
    await addFixedCommunity(db);
    // Reviews of each other's pull requests count until one account is an alias of the other.
    const pairs = await addRepository(db, 'octo', 'pairs');
    for (const [days, subject] of [
      [3, 31],
      [50, 32],
    ] as const) {
      await contribute(db, pairs, FIRST, 'PR_OPENED', 1, { at: ago(days + 1), from: subject });
      await contribute(db, pairs, SECOND, 'PR_REVIEWED', 2, { at: ago(days), subject });
    }
    await db
      .insertInto('github_user_logins')
      .values({
        github_id: FIRST,
        login: 'First-Before',
        first_seen_at: ago(900),
        last_seen_at: ago(800),
      })
      .execute();
    restore = await keepRows(db);
    await publish(db, BASE, join(folder, 'base'));
    published = await readFolder(join(folder, 'base'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.entries(CHANGES))('is what the next run publishes: %s', async (_, change) => {
    const { db } = database;
    await restore();
    const { before, after } = await calculateFromPublished(published, {
      config: configOf(change.config),
      wanted: await wantedOf(db, change),
    });
    await publish(db, change, join(folder, 'next'));
    const next = await publishedRanks(join(folder, 'next'));
    expect(next.length).toBeGreaterThan(500);
    expect(ranksOf(after)).toEqual(next);
    expect(ranksOf(after).join() === ranksOf(before).join()).toBe(change === BASE);
  });

  it('keeps the repositories of an organisation without asking GitHub', async () => {
    const settings = { includeForks: false, includeArchived: false, topics: [] };
    const owners = new Set(published.repositories.map(({ owner }) => owner.toUpperCase()));
    const follow = (exclude: string[]) =>
      previewPublished(
        join(folder, 'base'),
        {
          ...configOf(people({}).config),
          repositories: [],
          organisations: [...owners].map((org) => ({ ...settings, org, exclude })),
        },
        { signal: new AbortController().signal, lookUp: null },
      );
    const all = await follow([]);
    expect(all.repositories).toMatchObject({ added: [], removed: [] });
    expect(all.boards.every(({ leaving }) => leaving.length === 0)).toBe(true);
    expect(all.unknown.map(({ names }) => names)).toContainEqual([...owners]);
    const fewer = await follow(['TWO.js']);
    expect(fewer.repositories.removed.map(({ repository }) => repository)).toEqual(['Octo/Two.js']);
  });

  it('names nobody who opts out, and says what it cannot know', async () => {
    const { db } = database;
    await restore();
    const config = configOf(people({ opt_out: [SECOND], bots: { allow: [424_242] } }).config);
    const wanted = await wantedOf(db, { removed: ['octo/two.js'] });
    const added = { ...wanted[0], owner: 'octo', name: 'new' } as (typeof wanted)[number];
    const report = await previewPublished(
      join(folder, 'base'),
      { ...config, repositories: [...wanted, added] },
      { signal: new AbortController().signal, lookUp: null },
    );
    const login = published.accounts.find(({ id }) => id === SECOND)?.login ?? expect.fail();
    expect(JSON.stringify(report)).not.toContain(login);
    expect(report.people).toMatchObject({ opted_out: 1, bots: { count: 0 } });
    expect(report.boards[0]).toMatchObject({ scope: 'global', period: 'all' });
    expect(report.boards[0]?.leaving.map((one) => one.login)).toContain('only.login');
    expect(report.repositories).toMatchObject({
      added: ['octo/new'],
      removed: [{ repository: 'Octo/Two.js', people: 3 }],
    });
    expect(report.unknown.map(({ names }) => names)).toEqual([[], ['octo/new'], ['424242'], []]);
  });
});
