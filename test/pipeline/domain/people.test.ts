import { describe, expect, it } from 'vitest';
import { flagsOf, type PeopleRules, resolvePeople } from '../../../pipeline/domain/people.ts';

const rules = (changes: Partial<PeopleRules>): PeopleRules => ({
  bots: { ids: [], logins: [], allow: [] },
  opt_out: [],
  aliases: [],
  ...changes,
});
const account = (id: number, login = `user${id}`) => ({ id, login, type: 'User' as const });

describe('the rules for an account', () => {
  it('opts out by id, by login in any case and by a former login', () => {
    const people = resolvePeople(rules({ opt_out: [1, 'Ada', 'former'] }), [3], new Set());
    const optedOut = [account(1), account(2, 'aDA'), account(3), account(4)].map(
      (user) => flagsOf(user, people).isOptedOut,
    );
    expect(optedOut).toEqual([true, true, true, false]);
  });

  it('credits an alias to its target', () => {
    const people = resolvePeople(rules({ aliases: [{ id: 1, is: 2 }] }), [], new Set([1, 2]));
    expect(flagsOf(account(1), people).aliasOf).toBe(2);
    expect(flagsOf(account(2), people).aliasOf).toBeNull();
  });

  it('replaces a target that was never seen by its smallest known alias', () => {
    const aliases = [5, 3, 4].map((id) => ({ id, is: 9 }));
    const people = resolvePeople(rules({ aliases }), [], new Set([5, 4]));
    const targets = [3, 4, 5].map((id) => flagsOf(account(id), people).aliasOf);
    expect(targets).toEqual([null, null, 4]);
  });

  it('opts an alias out with a target that was never seen', () => {
    const people = resolvePeople(
      rules({ opt_out: [9], aliases: [{ id: 1, is: 9 }] }),
      [],
      new Set([1]),
    );
    expect(flagsOf(account(1), people).isOptedOut).toBe(true);
  });
});
