import { z } from 'zod';
import type { RepositoryIdentity } from '../../domain/repository.ts';
import type { IdentityBatch, TrackedRepository } from '../../domain/source.ts';
import { storedId } from '../../domain/stored-value.ts';
import type { GithubClient } from './client.ts';
import { namePart } from './metadata.ts';
import { fetchInChunks, PageSize, parseAnswer, rateLimitFields } from './pages.ts';
import { share } from './probe.ts';

/** Which repository a name means today: GitHub follows a rename and a transfer. */

/** Repositories in one query. They have no connections: a query costs one point, however many. */
const REPOSITORIES = 100;

export function identityQuery(count: number): string {
  const indexes = Array.from({ length: count }, (_, i) => i);
  return `
query identities(${indexes.map((i) => `$owner${i}: String!, $name${i}: String!`).join(', ')}) {
  ${rateLimitFields}
  ${indexes
    .map((i) => `r${i}: repository(owner: $owner${i}, name: $name${i}) { ...identity }`)
    .join('\n  ')}
}
fragment identity on Repository {
  databaseId
  name
  owner { login }
}`;
}

const identitySchema = z.object({
  databaseId: storedId,
  name: namePart,
  owner: z.object({ login: namePart }),
});

const answerSchema = z.record(z.string(), z.unknown());

/** The ids and present names of repositories; those that GitHub does not show are left out. */
export async function* fetchIdentities(
  client: GithubClient,
  repositories: readonly TrackedRepository[],
  signal: AbortSignal,
): AsyncGenerator<IdentityBatch> {
  const size = new PageSize(REPOSITORIES);
  for (let start = 0; start < repositories.length; start += REPOSITORIES) {
    const chunk = repositories.slice(start, start + REPOSITORIES);
    const before = { ...client.usage };
    const found = await fetchInChunks(client, chunk, size, signal, (some) =>
      identify(client, some, signal),
    );
    const spent = {
      points: client.usage.points - before.points,
      requests: client.usage.graphqlRequests - before.graphqlRequests,
    };
    const usage = chunk.map(({ id }, i) => share(id, spent, i, chunk));
    yield { identities: found.flat(), usage };
  }
}

async function identify(
  client: GithubClient,
  repositories: readonly TrackedRepository[],
  signal: AbortSignal,
): Promise<RepositoryIdentity[]> {
  const variables = Object.fromEntries(
    repositories.flatMap(({ owner, name }, i) => [
      [`owner${i}`, owner],
      [`name${i}`, name],
    ]),
  );
  const { data } = await client.graphql(identityQuery(repositories.length), variables, signal);
  const answer = parseAnswer(answerSchema, data);
  return repositories.flatMap(({ id: repositoryId }, i) => {
    const { data: found } = identitySchema.safeParse(answer[`r${i}`]);
    if (!found) return [];
    const { databaseId: githubId, name, owner } = found;
    return [{ repositoryId, githubId, owner: owner.login, name }];
  });
}
