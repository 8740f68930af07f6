import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siteAddress } from '../../../pipeline/config/site-address.ts';
import { COUNT_COLUMNS } from '../../../pipeline/domain/contribution-kinds.ts';
import type { DocumentName } from '../../../pipeline/published/paths.ts';
import { documentPath } from '../../../pipeline/published/paths.ts';
import { compareWithPublished, isFall, isRemoved } from '../../../site/check/compare.ts';
import type { DocumentSource } from '../../../site/check/documents.ts';
import { configOf, REPOSITORIES } from '../../support/community.ts';
import { buildDocuments, type Documents } from '../../support/documents.ts';

/** Documents in memory. */
const sourceOf = (documents: Documents): DocumentSource => ({
  name: 'memory',
  async read(name: DocumentName, parameters, schema) {
    const document = documents.get(documentPath(name, parameters));
    return document === undefined ? null : schema.parse(document);
  },
});

const compare = (before: Documents, after: Documents) =>
  compareWithPublished({
    published: sourceOf(before),
    built: sourceOf(after),
    config: { repositories: REPOSITORIES, people: configOf().people },
    acceptDrop: false,
  });

const options = fc.record({
  people: fc.integer({ min: 1, max: 60 }),
  pageSize: fc.integer({ min: 5, max: 60 }),
  contributorPages: fc.integer({ min: 0, max: 10 }),
  sample: fc.boolean(),
  dashboard: fc.boolean(),
});

describe('the comparison with what is published', () => {
  it('finds nothing between documents and themselves', async () => {
    await fc.assert(
      fc.asyncProperty(options, async (given) => {
        const documents = buildDocuments(given);
        const found = await compare(documents, documents);
        expect(found.map(({ level }) => level)).toEqual(['note']);
      }),
      { numRuns: 15 },
    );
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['of all boards', REPOSITORIES, []],
    ['of one board', REPOSITORIES.slice(0, 1), []],
    ['of one board, and half as much is gone', REPOSITORIES.slice(0, 1), REPOSITORIES.slice(0, 1)],
  ])('takes people %s who have no points any more for no loss', async (_, silent, lost) => {
    const before = buildDocuments({ people: 20, pageSize: 50, contributorPages: 0 });
    const after = structuredClone(before);
    for (const scope of silent)
      for (const period of ['all', 'year']) {
        // biome-ignore lint/suspicious/noExplicitAny: a document is changed as no type allows
        const board = after.get(`boards/${scope}/${period}/1.json`) as any;
        const { counts: byKind, ...others } = board.columns;
        const size = Math.ceil(others.username.length / 2);
        board.total -= size;
        const half = others.username.slice(0, size);
        const counts = half.map((_: string, row: number) =>
          COUNT_COLUMNS.reduce((sum, column) => sum + (byKind[column]?.[row] ?? 0), 0),
        );
        for (const column of [
          ...Object.values<unknown[]>(others),
          ...Object.values<unknown[]>(byKind),
        ])
          column.splice(0, size);
        const contributions = lost.includes(scope)
          ? 0
          : counts.reduce((sum: number, one: number) => sum + one, 0);
        board.unranked = { contributors: half.length, contributions };
      }
    const found = (await compare(before, after)).filter(({ level }) => level === 'error');
    if (lost.length === 0) expect(found).toEqual([]);
    for (const name of lost)
      expect(found.map(({ text }) => text)).toContainEqual(expect.stringMatching(`^${name} has `));
  });

  it('finds that people are lost, however the boards are cut into pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: 60 }), async (pageSize) => {
        const before = buildDocuments({ people: 60, pageSize, contributorPages: 0 });
        const after = buildDocuments({ people: 15, pageSize: 50, contributorPages: 0 });
        const found = (await compare(before, after)).filter(({ level }) => level === 'error');
        for (const name of REPOSITORIES)
          expect(found.map(({ text }) => text)).toContainEqual(
            expect.stringMatching(`^${name} has .* of all time, \\d+ % less`),
          );
        // The other way around it is growth.
        const grown = await compare(after, before);
        expect(grown.map(({ level }) => level)).not.toContain('error');
      }),
      { numRuns: 5 },
    );
  });

  it.each([
    [100, 80, 0, false],
    [100, 79, 0, true],
    [100, 50, 30, false],
    [100, 50, 29, true],
    [0, 0, 0, false],
    [1, 0, 0, true],
    [10, 0, Infinity, false],
  ])('calls %i → %i, of which %i left the period, a fall: %s', (before, after, left, expected) => {
    expect(isFall({ before, after, left })).toBe(expected);
  });

  it.each([
    [{ username: 'Ada', githubId: 1 }, { opt_out: ['ADA'] }, true],
    [{ username: 'Ada', githubId: 1 }, { opt_out: [1] }, true],
    [{ username: 'Ada', githubId: 1 }, { aliases: [{ id: 1, is: 2 }] }, true],
    [{ username: 'Ada', githubId: 2 }, { aliases: [{ id: 1, is: 2 }] }, false],
    [{ username: 'Ada', githubId: null }, { bots: { ids: [], logins: ['ada'], allow: [] } }, true],
    [{ username: 'Ada', githubId: 1 }, {}, false],
  ])('knows whom the configuration takes away: %j by %j', (person, people, expected) => {
    const entry = { ...person, score: 0, points: 0, contributions: 0 };
    expect(isRemoved(entry, configOf({ people }).people)).toBe(expected);
  });
});

describe('where the published site stands', () => {
  const example = 'https://example.github.io/leaderboard/';
  const github = { GITHUB_REPOSITORY: 'Octo/board', GITHUB_SERVER_URL: 'https://github.com' };

  it.each([
    ['https://board.example/', '/', {}, 'https://board.example/'],
    [example, '/leaderboard/', {}, null],
    [example, '/board/', github, 'https://octo.github.io/board/'],
    [example, '/board/', { ...github, GITHUB_SERVER_URL: 'https://github.corp.example' }, null],
  ])('for %s under %s', (url, base, variables, expected) => {
    expect(siteAddress({ url, base }, variables)).toBe(expected);
  });
});
