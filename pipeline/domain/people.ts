import { asciiLower } from './ascii-lower.ts';
import { type BotRules, isBot } from './bots.ts';
import type { Account } from './contribution.ts';

/** `people` of the configuration. */
export interface PeopleRules {
  readonly bots: BotRules;
  /** Numeric ids or logins, present or former. */
  readonly opt_out: readonly (number | string)[];
  /** `{id: 1, is: 2}`: what account 1 did counts for account 2. */
  readonly aliases: readonly { readonly id: number; readonly is: number }[];
}

/** What the rules say of one account. */
export interface Flags {
  readonly isBot: boolean;
  readonly isOptedOut: boolean;
  /** The account that its contributions count for, if another. */
  readonly aliasOf: number | null;
}

/** The rules together with what only the database can tell. */
export interface People {
  readonly rules: PeopleRules;
  /** Ids that opted out, by themselves, by a former login or through the account they are. */
  readonly optedOutIds: ReadonlySet<number>;
  /** Logins that opted out, in lower case. */
  readonly optedOutLogins: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<number, number>;
}

/** Opted-out logins in lower case, as the search for former logins needs them. */
export function optedOutLogins(rules: PeopleRules): string[] {
  return rules.opt_out.filter((name) => typeof name === 'string').map((login) => asciiLower(login));
}

/** Every account that an alias names, on either side. */
export function aliasedIds(rules: PeopleRules): number[] {
  return [...new Set(rules.aliases.flatMap(({ id, is }) => [id, is]))];
}

/**
 * Completes the rules. `formerHolders` held an opted-out login once: a rename does not undo an
 * opt-out. `knownIds` are the aliased accounts that exist.
 */
export function resolvePeople(
  rules: PeopleRules,
  formerHolders: readonly number[],
  knownIds: ReadonlySet<number>,
): People {
  const named = new Set(rules.opt_out.filter((name) => typeof name === 'number'));
  // The target may not have been seen yet, and then has no row that could carry the flag.
  const through = rules.aliases.filter(({ is }) => named.has(is)).map(({ id }) => id);
  return {
    rules,
    optedOutIds: new Set([...named, ...formerHolders, ...through]),
    optedOutLogins: new Set(optedOutLogins(rules)),
    aliases: resolveAliases(rules.aliases, knownIds),
  };
}

/**
 * Account → the account it counts for. While the target has never been seen, the smallest known
 * id among its aliases stands for the person, so that the work still shows and shows once.
 */
function resolveAliases(
  aliases: PeopleRules['aliases'],
  knownIds: ReadonlySet<number>,
): Map<number, number> {
  const resolved = new Map<number, number>();
  for (const [target, group] of Map.groupBy(aliases, ({ is }) => is)) {
    const known = group.map(({ id }) => id).filter((id) => knownIds.has(id));
    const shown = knownIds.has(target) ? target : Math.min(...known);
    for (const id of known) if (id !== shown) resolved.set(id, shown);
  }
  return resolved;
}

/** What holds for one account. */
export function flagsOf(account: Account, people: People): Flags {
  return {
    isBot: isBot(account, people.rules.bots),
    isOptedOut:
      people.optedOutIds.has(account.id) || people.optedOutLogins.has(asciiLower(account.login)),
    aliasOf: people.aliases.get(account.id) ?? null,
  };
}
