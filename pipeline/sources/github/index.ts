import { z } from 'zod';
import { RECHECKED_LISTS } from '../../domain/github-lists.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import type { Source, SourceContext } from '../source.ts';
import { createGithubClient, type GithubClient } from './client.ts';
import { isHttpError } from './errors.ts';
import { hasNothingNew } from './fetch-repository.ts';
import { fetchIdentities } from './identities.ts';
import { listOrganisation } from './organisations.ts';
import { fetchProbes } from './probe.ts';
import { findRefusals } from './rights.ts';
import { createGithubSource } from './source.ts';

/** GitHub's own API: the truth, at all times. */
export const github: Source = {
  rechecked: RECHECKED_LISTS,
  open: (context) =>
    createGithubSource({
      client: openGithub(context).fork(),
      coAuthors: context.config.pipeline.github.co_authors,
      countHidden: context.config.pipeline.github.count_hidden,
      memory: context.memory,
    }),
  check: checkGithub,
  identify: (context, repositories) =>
    fetchIdentities(openGithub(context), repositories, context.signal),
  listOrganisation: (context, login) =>
    listOrganisation(openGithub(context), login, context.signal),
  findRefusals: (context, repositories) =>
    findRefusals(openGithub(context), repositories, context.signal),
  probe: {
    find: (context, repositories) =>
      fetchProbes(openGithub(context), repositories, context.wallClock, context.signal),
    isUnchanged: ({ memory }, repository, request) => hasNothingNew(memory, request, repository),
  },
};

const limitsSchema = z.object({
  resources: z.object({
    core: z.object({ remaining: z.int(), limit: z.int() }),
    graphql: z.object({ remaining: z.int(), limit: z.int() }).optional(),
  }),
});

/** GitHub answers and takes the token. Asking for the limits costs nothing. */
export async function checkGithub(
  context: Pick<SourceContext, 'environment' | 'config' | 'signal'>,
): Promise<string> {
  const { environment, signal } = context;
  if (environment.githubToken === null) {
    throw new Error('the source github needs a token: set GITHUB_TOKEN (in Actions it is there)');
  }
  const answer = await openGithub(context)
    .rest('GET /rate_limit', {}, signal)
    .catch(nullIfNotFound);
  if (answer === null) return `${new URL(environment.githubApiUrl).host} answers, without limits`;
  const { core, graphql } = limitsSchema.parse(answer.data).resources;
  const left = `${core.remaining} of ${core.limit} requests`;
  return `${left} and ${graphql?.remaining ?? 0} of ${graphql?.limit ?? 0} points are left`;
}

/** A GitHub Enterprise Server may have no limits to state. */
function nullIfNotFound(error: unknown): null {
  if (isHttpError(error) && error.status === 404) return null;
  throw error;
}

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
