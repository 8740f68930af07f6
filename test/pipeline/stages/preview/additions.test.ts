import { expect, it } from 'vitest';
import { type LookUp, lookUpAdditions } from '../../../../pipeline/stages/preview/additions.ts';
import type { Published } from '../../../../pipeline/stages/preview/read-published.ts';
import { configOf, NOW } from '../../../support/community.ts';

const PUBLISHED = {
  now: NOW,
  repositories: [
    { owner: 'octo', name: 'one' },
    { owner: 'Octo', name: 'Two.js' },
  ],
} as unknown as Published;

const SIZE = { stars: 1, pull_requests: 10_000, issues: 10_000, commits: 50_000, releases: 10 };

const named = (fullName: string) => {
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name, neverRescrapeBefore: null, defaultBranch: null };
};

/** GitHub has every name as it is, but for those that lead to another one, or nowhere. */
function githubWith(others: Readonly<Record<string, string | null>> = {}) {
  const asked: string[] = [];
  const lookUp: LookUp = async (names) =>
    names.map(({ owner, name }) => {
      const fullName = `${owner}/${name}`;
      asked.push(fullName);
      const present = fullName in others ? others[fullName] : fullName;
      return present ? { present: named(present), isPrivate: false, size: SIZE } : null;
    });
  return { asked, lookUp };
}

const look = (
  names: readonly string[],
  lookUp: LookUp | null,
  signal = new AbortController().signal,
) => lookUpAdditions(PUBLISHED, { ...configOf(), repositories: names.map(named) }, lookUp, signal);

const wantedOf = ({ wanted }: Awaited<ReturnType<typeof look>>) =>
  wanted.map(({ owner, name }) => `${owner}/${name}`);

it('asks about no repository that is published, however its name is written', async () => {
  const { asked, lookUp } = githubWith();
  expect(await look(['OCTO/one', 'octo/two.js'], lookUp)).toMatchObject({ additions: null });
  expect(asked).toEqual([]);
});

it('takes a former name for the published one, once', async () => {
  const { lookUp } = githubWith({ 'octo/uno': 'octo/ONE', 'octo/first': 'octo/one' });
  const found = await look(['octo/uno', 'octo/first', 'octo/one', 'a/b'], lookUp);
  expect(wantedOf(found)).toEqual(['octo/one', 'a/b']);
  expect(found.renamed).toEqual([
    { listed: 'octo/uno', now: 'octo/one' },
    { listed: 'octo/first', now: 'octo/one' },
  ]);
  expect(found.additions?.repositories.map(({ repository }) => repository)).toEqual(['a/b']);
});

it('asks about two hundred at most, and counts the others', async () => {
  const { asked, lookUp } = githubWith({ 'a/0': null });
  const names = Array.from({ length: 250 }, (_, place) => `a/${place}`);
  const { additions, wanted } = await look(names, lookUp);
  expect(asked).toHaveLength(200);
  expect(wanted).toHaveLength(250);
  expect(additions).toMatchObject({ unasked: 50, not_shown: ['a/0'] });
  expect(additions?.repositories).toHaveLength(199);
});

it('adds up what all of them take, over the nights that it needs', async () => {
  const { lookUp } = githubWith();
  const { additions } = await look(['a/b', 'a/c'], lookUp);
  // 400 + 100 + 500 + 1 points each, of the 800 that a night has.
  expect(additions?.github).toEqual({
    ...{ points: 2_002, seconds: 3_004, nights: 3, complete_on: '2026-03-18' },
  });
});

it('reads nothing where GitHub shows none of them', async () => {
  const { lookUp } = githubWith({ 'a/b': null });
  expect((await look(['a/b'], lookUp)).additions).toMatchObject({ github: null, bigquery: null });
});

it('goes on without GitHub, unless the work was stopped', async () => {
  const failing = (error: Error) => () => Promise.reject(error);
  const found = await look(['a/b'], failing(new Error('no answer')));
  expect(found).toMatchObject({ additions: null, renamed: [] });
  expect(wantedOf(found)).toEqual(['a/b']);
  const stopped = new Error('stopped by a signal');
  const signal = AbortSignal.abort(stopped);
  await expect(look(['a/b'], failing(new Error('cut off')), signal)).rejects.toBe(stopped);
});
