import { z } from 'zod';
import type { Context } from '../runtime/context.ts';
import { createGithubClient, type GithubClient } from '../sources/github/client.ts';
import { isHttpError } from '../sources/github/errors.ts';
import type { Check } from './preflight/run-checks.ts';

const MINUTE_MS = 60_000;

const clients = new WeakMap<Context, GithubClient>();

/** GitHub as the environment and the configuration say; one client and one rate allowance for a run. */
export function openGithub(context: Context): GithubClient {
  const client = clients.get(context) ?? connect(context);
  clients.set(context, client);
  return client;
}

function connect({ environment, config }: Context): GithubClient {
  return createGithubClient({
    token: environment.githubToken,
    apiUrl: environment.githubApiUrl,
    graphqlUrl: environment.githubGraphqlUrl,
    allowanceShare: config.pipeline.github.points_share,
    maximumWaitMs: config.pipeline.github.max_wait_minutes * MINUTE_MS,
  });
}

const limitsSchema = z.object({
  resources: z.object({
    core: z.object({ remaining: z.int(), limit: z.int() }),
    graphql: z.object({ remaining: z.int(), limit: z.int() }).optional(),
  }),
});

/** That GitHub answers and takes the token; asking for the limits costs nothing. */
export function githubCheck(context: Context): Check {
  return {
    name: 'github',
    async run() {
      const { environment, signal } = context;
      if (environment.githubToken === null) {
        throw new Error(
          'the source github needs a token: set GITHUB_TOKEN (in Actions it is there)',
        );
      }
      const answer = await openGithub(context).rest('GET /rate_limit', {}, signal).catch(explain);
      if (answer === null)
        return `${new URL(environment.githubApiUrl).host} answers, without limits`;
      const { core, graphql } = limitsSchema.parse(answer.data).resources;
      const left = `${core.remaining} of ${core.limit} requests`;
      return `${left} and ${graphql?.remaining ?? 0} of ${graphql?.limit ?? 0} points are left`;
    },
  };
}

/** Null where a GitHub of one's own has no limits. */
function explain(error: unknown): null {
  if (isHttpError(error) && error.status === 404) return null;
  throw error;
}
