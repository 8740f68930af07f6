import { describe, expect, it } from 'vitest';
import { describeDamage, findDamage } from '../../site/src/lib/damage.ts';
import { month } from './month.ts';

describe('damage within a board', () => {
  const repositories = [
    { repository: 'a/one', unknown_kinds: {}, months: [month('2025-09', 42, true), month('2025-11', 100)] },
    { repository: 'a/two', unknown_kinds: {}, months: [month('2025-10', 2, true), month('2025-09', 42, true)] },
    { repository: 'a/three', unknown_kinds: {}, months: [month('2025-10', 10)] },
  ];

  it('is a damaged month of any repository in the period', () => {
    expect(findDamage(repositories, '')).toEqual({
      months: ['2025-09', '2025-10'],
      repositories: ['a/one', 'a/two'],
    });
    expect(findDamage(repositories, '2025-10')).toEqual({
      months: ['2025-10'],
      repositories: ['a/two'],
    });
  });

  it('does not include a month that is only incomplete, or before the period', () => {
    expect(findDamage(repositories.slice(2), '')).toBeNull();
    expect(findDamage(repositories, '2025-11')).toBeNull();
  });

  it.each([
    [['a/one'], 1, /GH Archive\.$/],
    [['a/one'], 3, /GH Archive for a\/one\.$/],
    [['a/one', 'a/two'], 1200, /GH Archive for 2 of 1,200 repositories\.$/],
    [['a/one', 'a/two'], 2, /some of October 2025 is known only.* GH Archive\.$/],
  ])('of %j among %s says which', (names, all, text) => {
    expect(describeDamage({ months: ['2025-10'], repositories: names }, all)).toMatch(text);
  });
});
