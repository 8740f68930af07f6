import { MINUTE_MS } from '../../domain/time.ts';
import type { SourceContext } from '../source.ts';
import { createGithubClient, type GithubClient } from './client.ts';

type Settings = Pick<SourceContext, 'environment' | 'config'>;

/** By the environment, which is read once in a run. */
const clients = new WeakMap<Settings['environment'], GithubClient>();

/** The client of a run: all that ask GitHub share one, and so one rate allowance. */
export function openGithub(settings: Settings): GithubClient {
  const client = clients.get(settings.environment) ?? connect(settings);
  clients.set(settings.environment, client);
  return client;
}

function connect({ environment, config }: Settings): GithubClient {
  return createGithubClient({
    token: environment.githubToken,
    apiUrl: environment.githubApiUrl,
    graphqlUrl: environment.githubGraphqlUrl,
    allowanceShare: config.pipeline.github.points_share,
    maximumWaitMs: config.pipeline.github.max_wait_minutes * MINUTE_MS,
  });
}
