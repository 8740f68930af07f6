import { z } from 'zod';
import type { RepositoryIdentity } from '../../domain/repository.ts';
import type { IdentityBatch, TrackedRepository } from '../../domain/source.ts';
import { storedId } from '../../domain/stored-value.ts';
import { askByName, fetchByName, queryByName } from './by-name.ts';
import type { GithubClient } from './client.ts';
import { namePart } from './metadata.ts';

/** Which repository a name means today: GitHub follows a rename and a transfer. */

/** Repositories in one query. They have no connections: a query costs one point, however many. */
const REPOSITORIES = 100;

export function identityQuery(count: number): string {
  const asked = Array.from({ length: count }, () => ({ fields: '...identity' }));
  return `${queryByName('identities', asked)}
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

/** The ids and present names of repositories; those that GitHub does not show are left out. */
export async function* fetchIdentities(
  client: GithubClient,
  repositories: readonly TrackedRepository[],
  signal: AbortSignal,
): AsyncGenerator<IdentityBatch> {
  const ask = (some: readonly TrackedRepository[]) => identify(client, some, signal);
  const chunks = fetchByName(client, repositories, REPOSITORIES, signal, ask);
  for await (const { found, usage } of chunks) yield { identities: found, usage };
}

async function identify(
  client: GithubClient,
  repositories: readonly TrackedRepository[],
  signal: AbortSignal,
): Promise<RepositoryIdentity[]> {
  const query = identityQuery(repositories.length);
  const { found } = await askByName(client, query, repositories, signal);
  return repositories.flatMap(({ id: repositoryId }, i) => {
    const { data } = identitySchema.safeParse(found[i]);
    if (!data) return [];
    return [{ repositoryId, githubId: data.databaseId, owner: data.owner.login, name: data.name }];
  });
}
