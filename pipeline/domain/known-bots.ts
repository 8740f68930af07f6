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
