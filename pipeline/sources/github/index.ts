import { z } from 'zod';
import type { Source, SourceContext } from '../source.ts';
import { isHttpError } from './errors.ts';
import { openGithub } from './open-client.ts';
import { fetchProbes } from './probe.ts';
import { createGithubSource } from './source.ts';

/** GitHub's own API: the truth, at all times. */
export const github: Source = {
  open: (context) =>
    createGithubSource({
      client: openGithub(context),
      coAuthors: context.config.pipeline.github.co_authors,
      memory: context.memory,
    }),
  check: checkGithub,
  probe: (context, repositories) =>
    fetchProbes(openGithub(context), repositories, context.wallClock, context.signal),
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
