import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerNumber, explain } from '../../../../pipeline/actions/forms/answer-number.ts';
import type {
  Contributor,
  ContributorShard,
  Index,
} from '../../../../pipeline/published/documents.ts';
import {
  openDocuments,
  type ReadDocument,
} from '../../../../pipeline/stages/preview/document-source.ts';
import { buildDocuments, writeDocuments } from '../../../support/documents.ts';

/** The answer to "a number is wrong", from published documents. */

const documents = buildDocuments({ people: 90, contributorPages: 30, sample: false });
const places = { site: 'https://guild.github.io/leaderboard/', server: 'https://github.com' };

let folder = '';
let read: ReadDocument;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'numbers-'));
  writeDocuments(folder, documents);
  read = await openDocuments(folder, new AbortController().signal);
});
afterAll(() => rmSync(folder, { recursive: true }));

const answer = async (login: string, repository = '') =>
  (await explain({ login, repository }, read, places)).join('\n\n');

const index = documents.get('index.json') as Index;
const [first = ''] = index.contributors;
const [shard] = [...documents].flatMap(([path, document]) =>
  path.startsWith('contributor-shards/') ? [document as ContributorShard] : [],
);
const unbuilt = shard?.contributors.find(({ contributions }) => contributions > 0)?.username ?? '';

/** The sum of the last column of the table. */
const sumOf = (text: string) =>
  [...text.matchAll(/^\| [a-z ]+ \| [\d,]+ \| ([\d.,]+) \|$/gm)]
    .map(([, points = '']) => Number(points.replaceAll(',', '')))
    .reduce((sum, points) => sum + points, 0);

describe('a person', () => {
  it('is shown with the parts of the score, which sum to it', async () => {
    const { periods } = documents.get(`contributors/${first}.json`) as Contributor;
    const text = await answer(first.toUpperCase());
    expect(sumOf(text)).toBeCloseTo(periods.all?.total_score ?? 0, 2);
    expect(text).toContain(`[All of it](${places.site}contributors/${first}/)`);
  });

  it('is shown with the contributions, which link to GitHub and leave no note there', async () => {
    const text = await answer(first);
    const lines = text.split('\n').filter((line) => line.startsWith('- '));
    expect(lines).toHaveLength(40);
    expect(text.match(/\]\(https:\/\/redirect\.github\.com\/meadow\//g)?.length).toBeGreaterThan(9);
    expect(text).not.toContain('https://github.com/');
    expect(text.length).toBeLessThan(30_000);
  });

  it('without a built page is shown the same way', async () => {
    const text = await answer(unbuilt);
    const { periods } = documents.get(`contributors/${unbuilt}.json`) as Contributor;
    expect(sumOf(text)).toBeCloseTo(periods.all?.total_score ?? 0, 2);
    expect(text).toContain(`contributor/?login=${unbuilt})`);
    expect(text).toMatch(/^- 20\d\d-\d\d-\d\d · .* · meadow\//m);
  });

  it('is shown in one repository', async () => {
    const { repository } = (
      documents.get(`contributors/${first}/repositories.json`) as {
        repositories: { repository: string }[];
      }
    ).repositories[0] ?? { repository: '' };
    const text = await answer(first, repository.toUpperCase());
    expect(text).toContain(`of all time in ${repository}`);
    const others = text
      .split('\n')
      .filter((line) => line.startsWith('- ') && !line.includes(repository));
    expect(others).toEqual([]);
    expect(await answer(first, 'octo/cat')).toContain(
      'has no contribution with points in octo/cat',
    );
  });

  it('reads as if there were nobody: who has opted out is not said', async () => {
    expect(await answer('somebody-else')).toContain('Nobody with that login is on the site.');
    expect(await answer('ci[bot]')).toBe(await answer('somebody-else'));
  });
});

it('shows titles as text, whatever they hold', async () => {
  const text = await answer(first);
  expect(text).toContain('Water the roses &lt;script>alert(5)&lt;/script>');
  expect(text).not.toContain('<script');
  expect(text).not.toContain('\u202e');
  expect(text).toContain('\\`code\\`');
});

it('links to no other place, and takes no title for one', async () => {
  const hostile: ReadDocument = async (name, parameters) => {
    const document = await read(name, parameters);
    if (name !== 'contributor_activity') return document;
    const recent = [
      {
        repository: 'meadow/garden',
        url: 'https://evil.example/x',
        title: 'a https://github.com/a/b/issues/1 www.c.example @ada #1',
      },
      { repository: 'meadow/garden', url: 'https://github.com@evil.example/x', title: 'b' },
      {
        repository: 'meadow/garden',
        url: 'https://github.com/a/b/pull/1)[x](http://e.example',
        title: 'c',
      },
      { repository: '](http://e.example)', url: null, title: null },
    ].map((one) => ({ ...one, kind: 'COMMIT', occurred_at: '2026-11-20T00:00:00Z' }));
    return { ...document, recent } as typeof document;
  };
  const text = (await explain({ login: first, repository: '' }, hostile, places)).join('\n');
  const lines = text.split('\n').filter((line) => line.startsWith('- '));
  expect(lines).toHaveLength(4);
  expect(lines.join('\n').match(/\]\([^)]*\)/g)).toEqual([
    '](https://redirect.github.com/a/b/pull/1%29[x]%28http://e.example)',
    '](http:\u200B//e.example)',
  ]);
  expect(lines[0]).not.toMatch(/https?:\/\/|www\.|@a|#1/);
  expect(lines[3]).toContain('\\](http');
});

describe('a repository', () => {
  it('is shown with its sums', async () => {
    const text = await answer('', 'meadow/garden');
    expect(text).toContain('meadow/garden has ');
    expect(text).toContain(`${places.site}repositories/meadow/garden/`);
  });

  it.each([
    ['octo/cat', 'is not on the site'],
    ['octo', 'Neither a login nor a repository'],
  ])('that can not be answered says why: %s', async (name, words) => {
    expect(await answer('', name)).toContain(words);
  });
});

it('repeats nothing of a field that is no name', async () => {
  const harm = '@everyone <img src=x> [x](https://harm.example)\n# x';
  const texts = [await answer(harm, harm), await answer(first, harm), await answer(harm, 'octo/x')];
  expect(texts.join('\n')).not.toMatch(/harm|@everyone|<img|^# x/m);
  expect(texts[0]).toBe('Neither a login nor a repository as owner/name is given.');
  expect(texts[1]).toContain(first);
});

describe('a site that can not be read', () => {
  const api = { owner: 'guild', repo: 'leaderboard', url: 'https://github.com/guild/leaderboard' };
  const ask = (variables: NodeJS.ProcessEnv) =>
    answerNumber({ login: 'ada', repository: '' }, api as never, variables);

  it('is not asked where it is not known', async () => {
    const [words] = await ask({});
    expect(words).toContain('It is not known where the site is published');
  });
});
