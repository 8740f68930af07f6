import { type BotRules, isBot } from './bots.ts';
import type { Account, AccountType } from './contribution.ts';
import { asciiLower } from './names.ts';

/** `people` of the configuration. */
export interface PeopleRules {
  readonly bots: BotRules;
  /** Numeric ids or logins, present or former. */
  readonly opt_out: readonly (number | string)[];
  /** `{id: 1, is: 2}`: the contributions of account 1 count for account 2. */
  readonly aliases: readonly { readonly id: number; readonly is: number }[];
}

/** The result of the rules for one account. */
export interface Flags {
  readonly isBot: boolean;
  readonly isOptedOut: boolean;
  /** The account that gets the credit; null: the account itself. */
  readonly aliasOf: number | null;
}

/** The rules, completed by facts from the database. */
export interface People {
  readonly rules: PeopleRules;
  /** Ids that opted out: by id, by a former login, or because their alias target opted out. */
  readonly optedOutIds: ReadonlySet<number>;
  /** Logins that opted out, in lower case. */
  readonly optedOutLogins: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<number, number>;
}

/** Somebody of the sample who has opted out, and whom titles of others name. */
export const SAMPLE_OPTED_OUT = 'sample-silver-vole';

/** The rules of a run that reads the sample. */
export const withSamplePeople = (rules: PeopleRules): PeopleRules => ({
  ...rules,
  opt_out: [...rules.opt_out, SAMPLE_OPTED_OUT],
});

/** Opted-out logins in lower case, as the search for former logins needs them. */
export function optedOutLogins(rules: PeopleRules): string[] {
  return rules.opt_out.filter((name) => typeof name === 'string').map((login) => asciiLower(login));
}

/** Every account that an alias names, on either side. */
export function aliasedIds(rules: PeopleRules): number[] {
  return [...new Set(rules.aliases.flatMap(({ id, is }) => [id, is]))];
}

/**
 * Completes the rules. `formerHolders` had an opted-out login before: a rename does not undo an
 * opt-out. `knownIds` are the aliased accounts that the database has.
 */
export function resolvePeople(
  rules: PeopleRules,
  formerHolders: readonly number[],
  knownIds: ReadonlySet<number>,
): People {
  const named = new Set(rules.opt_out.filter((name) => typeof name === 'number'));
  // A target that has not been seen yet has no row for the flag, so its aliases get the flag.
  const through = rules.aliases.filter(({ is }) => named.has(is)).map(({ id }) => id);
  return {
    rules,
    optedOutIds: new Set([...named, ...formerHolders, ...through]),
    optedOutLogins: new Set(optedOutLogins(rules)),
    aliases: resolveAliases(rules.aliases, knownIds),
  };
}

/**
 * Account → the account that gets its credit. Until the target is seen, the smallest known id
 * among its aliases replaces it, so that the work is shown, and only once.
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

/** Applies the rules to one account. */
export function flagsOf(account: Account, people: People): Flags {
  return {
    isBot: isBot(account, people.rules.bots),
    isOptedOut:
      people.optedOutIds.has(account.id) || people.optedOutLogins.has(asciiLower(account.login)),
    aliasOf: people.aliases.get(account.id) ?? null,
  };
}

/** A person with id and the login that was seen last. */
export interface KnownPerson {
  readonly id: number;
  readonly login: string;
}

/** The public profile of an account on GitHub. */
export interface Profile extends KnownPerson {
  readonly type: AccountType;
  readonly displayName: string | null;
  readonly avatarUrl: string | null;
  readonly company: string | null;
  readonly location: string | null;
  /** Only when public. */
  readonly email: string | null;
  /** The name on Twitter/X, as GitHub states it. */
  readonly twitter: string | null;
  readonly website: string | null;
  /** As GitHub states them; empty if they were not requested. */
  readonly accounts: readonly { readonly provider: string; readonly url: string }[];
}
