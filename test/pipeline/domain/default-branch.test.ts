import { describe, expect, it } from 'vitest';
import { branchOfRef, reachesDefaultBranch } from '../../../pipeline/domain/default-branch.ts';

const noon = new Date('2024-06-01T12:00:00Z');
const hours = (count: number) => new Date(noon.getTime() + count * 3_600_000);
const nothing = { name: null, former: [], firstPushAt: null };
const main = { ...nothing, name: 'main' };
const master = { ...nothing, name: 'master' };
const develop = { ...nothing, name: 'develop' };

describe('a push to a branch', () => {
  it.each([
    ['main', 'nothing known', nothing, true],
    ['master', 'nothing known', nothing, true],
    ['develop', 'nothing known', nothing, false],
    ['main', 'main known', main, true],
    ['master', 'main known, and no push to it', main, true],
    ['master', 'a push to main after it', { ...main, firstPushAt: hours(1) }, true],
    ['master', 'a push to main at that moment', { ...main, firstPushAt: noon }, false],
    ['master', 'a push to main before it', { ...main, firstPushAt: hours(-1) }, false],
    ['main', 'master known, and no push to it', master, true],
    ['main', 'a push to master before it', { ...master, firstPushAt: hours(-1) }, false],
    ['main', 'develop known', develop, false],
    ['develop', 'develop known', develop, true],
    ['Main', 'main known', main, false],
    ['trunk', 'the default one until later', was('trunk', 1), true],
    ['trunk', 'the default one until then', was('trunk', 0), false],
    ['master', 'the default one until later', was('master', 1, hours(-9)), true],
    ['master', 'the default one until earlier', was('master', -1, hours(-9)), false],
  ] as const)('%s, with %s: %j counts: %s', (branch, _, known, counts) => {
    expect(reachesDefaultBranch(branch, noon, known)).toBe(counts);
  });

  it('is none where it is to a tag', () => {
    expect(branchOfRef('refs/tags/main')).toBeNull();
    expect(branchOfRef('refs/heads/feature/main')).toBe('feature/main');
    expect(reachesDefaultBranch(branchOfRef('refs/tags/main'), noon, nothing)).toBe(false);
  });

  function was(branch: string, until: number, firstPushAt: Date | null = null) {
    return { ...main, firstPushAt, former: [{ branch, until: hours(until) }] };
  }
});
