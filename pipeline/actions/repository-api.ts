import { Octokit } from '@octokit/rest';
import { FULL_NAME } from '../domain/names.ts';
import { SECOND_MS } from '../domain/time.ts';
import { repeatFailed } from '../util/repeat-requests.ts';
import { UsageError } from '../util/usage-error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** This repository on GitHub, as a job of a workflow may use it. */
export interface RepositoryApi {
  readonly octokit: Octokit;
  readonly owner: string;
  readonly repo: string;
  /** `https://github.com/owner/repo`. */
  readonly url: string;
}

/** Who acts with the token of a workflow. Nobody else can have a login with brackets. */
export const WORKFLOW_LOGIN = 'github-actions[bot]';

/** Longest time for one answer. */
const TIMEOUT_MS = 30 * SECOND_MS;

/** Only reading is repeated after an error of the server: an issue may have been opened all the same. */
const READ_RETRIES = 2;

const Retrying = Octokit.plugin(repeatFailed);

/** @throws UsageError outside of a workflow */
export function openRepository(
  variables: Variables = process.env,
  stop?: AbortSignal,
): RepositoryApi {
  const { GITHUB_TOKEN, GITHUB_REPOSITORY = '' } = variables;
  const [owner = '', repo = ''] = GITHUB_REPOSITORY.split('/');
  if (!GITHUB_TOKEN || !FULL_NAME.test(GITHUB_REPOSITORY)) {
    throw new UsageError('This runs in a workflow: it needs GITHUB_TOKEN and GITHUB_REPOSITORY.');
  }
  const server = variables.GITHUB_SERVER_URL || 'https://github.com';
  return {
    octokit: connect(GITHUB_TOKEN, variables, stop),
    owner,
    repo,
    url: `${server}/${owner}/${repo}`,
  };
}

function connect(auth: string, variables: Variables, stop?: AbortSignal): Octokit {
  const octokit = new Retrying({
    auth,
    baseUrl: variables.GITHUB_API_URL || 'https://api.github.com',
    userAgent: 'contributor-leaderboard',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    request: { fetch: timedFetch(stop) },
  });
  octokit.hook.before('request', (options) => {
    options.request.retries = options.method === 'GET' ? READ_RETRIES : 0;
  });
  return octokit;
}

function timedFetch(stop: AbortSignal = new AbortController().signal): typeof fetch {
  return (input, init) =>
    fetch(input, { ...init, signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]) });
}

/** The status of GitHub's refusal; null for any other error. */
export function statusOf(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' ? status : null;
}
