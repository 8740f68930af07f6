import type { PreviewAccount } from '../../../db/queries/preview-names.ts';
import { type PeopleChanges, some } from './report.ts';

/** The accounts that opted out, or that are an alias of one that did. */
export function hiddenIds(accounts: readonly PreviewAccount[]): Set<number> {
  const own = new Set(accounts.flatMap(([id, , , isOptedOut]) => (isOptedOut ? [id] : [])));
  const aliases = accounts.filter(([, , , , aliasOf]) => aliasOf !== null && own.has(aliasOf));
  return new Set([...own, ...aliases.map(([id]) => id)]);
}

/**
 * Accounts whose flags differ.
 * @param hidden people who opt out: they are counted alone
 */
export function comparePeople(
  before: readonly PreviewAccount[],
  after: readonly PreviewAccount[],
  hidden: ReadonlySet<number>,
): PeopleChanges {
  const former = new Map(before.map((account) => [account[0], account]));
  const logins = new Map(after.map(([id, login]) => [id, login]));
  const pairs = after.map((account) => ({
    is: account,
    was: former.get(account[0]) ?? ([account[0], account[1], false, false, null] as const),
  }));
  const named = pairs.filter(({ is: [id, , , , of] }) => !hidden.has(id) && !hidden.has(of ?? id));
  const names = (isOne: (pair: (typeof pairs)[number]) => boolean) =>
    some(named.filter(isOne).map(({ is }) => is[1]));
  return {
    bots: names(({ was, is }) => !was[2] && is[2]),
    no_longer_bots: names(({ was, is }) => was[2] && !is[2]),
    aliases: some(
      named
        .filter(({ was, is }) => is[4] !== null && was[4] !== is[4])
        .map(({ is }) => ({ login: is[1], of: logins.get(is[4] ?? is[0]) ?? '' })),
    ),
    no_longer_aliases: names(({ was, is }) => was[4] !== null && is[4] === null),
    opted_out: pairs.filter(({ was, is }) => !was[3] && is[3]).length,
    no_longer_opted_out: pairs.filter(({ was, is }) => was[3] && !is[3]).length,
  };
}
