import type { Account } from './contribution.ts';
import { asciiLower } from './names.ts';

/** `people.bots` of the configuration: numeric ids and logins (without regard to case). */
export interface BotRules {
  readonly ids: readonly number[];
  readonly logins: readonly string[];
  /** Ids or logins that are never bots. This list comes before all other rules. */
  readonly allow: readonly (number | string)[];
}

/** How GitHub marks the login of an app, in its REST API and in the archive. */
export const APP_SUFFIX = '[bot]';

/**
 * Whether an account is a program: GitHub says so by type or suffix, or the lists name it.
 * Only whole ids and logins match: a search for `bot` or `-ci` inside a login hits people.
 */
export function isBot(account: Account, rules: BotRules): boolean {
  const { isListed, isAllowed } = matchersOf(rules);
  if (isAllowed(account)) return false;
  const isApp = asciiLower(account.login).endsWith(APP_SUFFIX);
  return account.type === 'Bot' || isApp || isListed(account);
}

type IsOneOf = (account: Pick<Account, 'id' | 'login'>) => boolean;

/** Whether an account is on a list, by id or by login without regard to case. */
export function accountMatcher(list: readonly (number | string)[]): IsOneOf {
  const names = new Set(list.map((one) => (typeof one === 'string' ? asciiLower(one) : one)));
  return ({ id, login }) => names.has(id) || names.has(asciiLower(login));
}

/** Made once, because the rule is applied to every account. */
const matchers = new WeakMap<BotRules, { isListed: IsOneOf; isAllowed: IsOneOf }>();

function matchersOf(rules: BotRules) {
  const known = matchers.get(rules);
  if (known) return known;
  const made = {
    isListed: accountMatcher([...rules.ids, ...rules.logins]),
    isAllowed: accountMatcher(rules.allow),
  };
  matchers.set(rules, made);
  return made;
}
