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
  const login = asciiLower(account.login);
  const { listed, allowed } = asSets(rules);
  if (allowed.has(account.id) || allowed.has(login)) return false;
  return (
    account.type === 'Bot' ||
    login.endsWith(APP_SUFFIX) ||
    listed.has(account.id) ||
    listed.has(login)
  );
}

type Names = ReadonlySet<number | string>;

/** The lists as sets, made once, because the rule is applied to every account. */
const sets = new WeakMap<BotRules, { listed: Names; allowed: Names }>();

function asSets(rules: BotRules): { listed: Names; allowed: Names } {
  const known = sets.get(rules);
  if (known) return known;
  const made = {
    listed: new Set([...rules.ids, ...rules.logins].map(folded)),
    allowed: new Set(rules.allow.map(folded)),
  };
  sets.set(rules, made);
  return made;
}

function folded(name: number | string): number | string {
  return typeof name === 'string' ? asciiLower(name) : name;
}
