import { createGithubClient, type GithubClient } from '../sources/github/client.ts';
import type { Context } from './context.ts';

/** An hour and a little: a spent allowance is waited for once it is sure to come back. */
const MAXIMUM_WAIT_MS = 65 * 60_000;

/** GitHub as the environment and the configuration say; one client for all that a run asks. */
export function openGithub({ environment, config }: Context): GithubClient {
  return createGithubClient({
    token: environment.githubToken,
    apiUrl: environment.githubApiUrl,
    graphqlUrl: environment.githubGraphqlUrl,
    share: config.pipeline.github.points_share,
    maximumWaitMs: MAXIMUM_WAIT_MS,
  });
}
