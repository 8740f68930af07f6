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

/**
 * Accounts that are programs although neither their type nor a `[bot]` suffix says so,
 * as found on leaderboards and in GH Archive by November 2026.
 * The default of `config/people.yaml`, where a fork adds and removes accounts.
 */
export const KNOWN_BOT_LOGINS: readonly string[] = [
  'actions-user',
  'allcontributors',
  'asfgit',
  'CLAassistant',
  'codecov-commenter',
  'codecov-io',
  'Copilot',
  'coveralls',
  'cursoragent',
  'facebook-github-bot',
  'fossabot',
  'googlebot',
  'k8s-ci-robot',
  'mssonicbld',
  'pre-commit-ci',
  'pytorchbot',
  'pytorchmergebot',
  'pyup-bot',
  'regro-cf-autotick-bot',
  'renovate-bot',
  'scala-steward',
  'semantic-release-bot',
  'snyk-bot',
  'tensorflower-gardener',
  'vercel-release-bot',
  'web-flow',
];

/** Ids of well-known apps and agents: they are recognised after a change of login, too. */
export const KNOWN_BOT_IDS: readonly number[] = [
  49699333, // dependabot[bot]
  29139614, // renovate[bot]
  41898282, // github-actions[bot]
  209825114, // claude[bot]
  175728472, // copilot-pull-request-reviewer[bot]
  198982749, // Copilot
  206951365, // cursor[bot]
  158243242, // devin-ai-integration[bot]
  161369871, // google-labs-jules[bot]
  136622811, // coderabbitai[bot]
  176961590, // gemini-code-assist[bot]
  199175422, // chatgpt-codex-connector[bot]
];
