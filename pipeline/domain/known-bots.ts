/**
 * Programs whose accounts neither GitHub's type nor a `[bot]` suffix shows as such, and ids of
 * well-known apps, which hold after a change of login. The default of `config/people.yaml`, where a
 * community adds and removes accounts.
 */

interface KnownBot {
  readonly login: string;
  /** Known from the address `ID+LOGIN@users.noreply.github.com` of its commits, or from the API. */
  readonly id?: number;
}

/** By where it is said that they are programs, as of November 2026. */
const BY_SOURCE: Readonly<Record<string, readonly KnownBot[]>> = {
  "GitHub's API, type Bot": [
    { login: 'dependabot[bot]', id: 49699333 },
    { login: 'renovate[bot]', id: 29139614 },
    { login: 'github-actions[bot]', id: 41898282 },
    { login: 'claude[bot]', id: 209825114 },
    { login: 'copilot-pull-request-reviewer[bot]', id: 175728472 },
    { login: 'Copilot', id: 198982749 },
    { login: 'cursor[bot]', id: 206951365 },
    { login: 'devin-ai-integration[bot]', id: 158243242 },
    { login: 'google-labs-jules[bot]', id: 161369871 },
    { login: 'coderabbitai[bot]', id: 136622811 },
    { login: 'gemini-code-assist[bot]', id: 176961590 },
    { login: 'chatgpt-codex-connector[bot]', id: 199175422 },
  ],
  'Commits of AI agents: Co-Authored-By: Claude <81847+claude@users.noreply.github.com>': [
    { login: 'claude', id: 81847 },
    { login: 'cursoragent', id: 199161495 },
  ],
  'github.com/cncf/devstats, util_sql/exclude_bots.sql (names, and patterns like %-robot)': [
    ...['asfgit', 'CLAassistant', 'codecov-commenter', 'codecov-io', 'coveralls', 'fossabot'],
    ...['googlebot', 'k8s-ci-robot', 'openshift-ci-robot', 'openshift-merge-robot', 'web-flow'],
    ...['istio-testing', 'prombot', 'prowbot', 'fluxcdbot', 'opentelemetrybot', 'spinnakerbot'],
    ...['zephyrbot', 'golangcibot', 'appveyorbot', 'goreleaserbot', 'openssl-machine'],
  ].map((login) => ({ login })),
  'github.com/rust-lang/team, the bots of its repositories': [
    ...['bors', 'rust-highfive', 'rust-timer', 'rustbot'],
  ].map((login) => ({ login })),
  'github.com/databricks/spark-pr-dashboard, the accounts that it leaves out': [
    ...['SparkQA', 'AmplabJenkins'],
  ].map((login) => ({ login })),
  'github.com/NixOS/nixpkgs, the account of nixpkgs-update': [{ login: 'r-ryantm' }],
  'github.com/Homebrew/homebrew-core, the account of its workflows': [{ login: 'BrewTestBot' }],
  'github.com/elastic, the accounts of its builds': [...['elasticmachine', 'kibanamachine']].map(
    (login) => ({ login }),
  ),
  'github.com/llvm/llvm-project, llvm/utils/git/github-automation.py': [{ login: 'llvmbot' }],
  'docs.weblate.org, the account of Hosted Weblate': [{ login: 'weblate' }],
  'github.com/pytorch/pytorch, tools/stats/upload_external_contrib_stats.py and its workflows': [
    ...['facebook-github-bot', 'pytorchbot', 'pytorchmergebot'],
  ].map((login) => ({ login })),
  'github.com/lerna/lerna-changelog, the accounts that its configuration leaves out': [
    ...['greenkeeperio-bot', 'renovate-bot'],
  ].map((login) => ({ login })),
  'github.com/cookiecutter/cookiecutter-django, scripts/update_contributors.py': [
    { login: 'pyup-bot' },
  ],
  'github.com/semantic-release/semantic-release, lib/definitions/constants.js': [
    { login: 'semantic-release-bot' },
  ],
  'github.com/scala-steward-org/scala-steward, README': [{ login: 'scala-steward' }],
  'Commits of services: 65916846+actions-user@users.noreply.github.com and its like': [
    { login: 'actions-user', id: 65916846 },
    { login: 'snyk-bot', id: 19733683 },
  ],
  "GraphQL's names of apps, without the suffix: allcontributors[bot], pre-commit-ci[bot]": [
    ...['allcontributors', 'pre-commit-ci'],
  ].map((login) => ({ login })),
  'The project whose account it is: sonic-net, conda-forge, tensorflow, next.js, go, node': [
    ...['mssonicbld', 'regro-cf-autotick-bot', 'tensorflower-gardener', 'vercel-release-bot'],
    ...['gopherbot', 'nodejs-github-bot'],
  ].map((login) => ({ login })),
  'As above, where an answer gives no id': [
    ...['Copilot', 'cursoragent', 'actions-user', 'snyk-bot'],
  ].map((login) => ({ login })),
};

const ALL: readonly KnownBot[] = Object.values(BY_SOURCE).flat();

/** Those whose id is known: it holds when a login changes, and when another account takes it. */
export const KNOWN_BOT_IDS: readonly number[] = ALL.flatMap(({ id }) => id ?? []);

/** Those of which only the login is known. Sorted without regard to case. */
export const KNOWN_BOT_LOGINS: readonly string[] = ALL.filter(({ id }) => id === undefined)
  .map(({ login }) => login)
  .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
