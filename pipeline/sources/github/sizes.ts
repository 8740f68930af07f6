import { z } from 'zod';
import type { RepositorySize } from '../../domain/first-reading.ts';
import type { RepositoryName } from '../../domain/names.ts';
import { storedCount } from '../../domain/stored-value.ts';
import { askByName, queryByName } from './by-name.ts';
import type { GithubClient } from './client.ts';
import { namePart } from './metadata.ts';
import { fetchInChunks, PageSize } from './pages.ts';

/** How much repositories have that are not read yet. */

/** What GitHub says of a name. */
export interface FoundRepository {
  /** Its present name: GitHub follows a rename and a transfer. */
  readonly present: RepositoryName;
  readonly isPrivate: boolean;
  readonly size: RepositorySize;
}

/** Repositories in one query. Each has four connections, and GitHub takes a point for 100 of them. */
const REPOSITORIES = 25;

function sizesQuery(count: number): string {
  const asked = Array.from({ length: count }, () => ({ fields: '...size' }));
  return `${queryByName('sizes', asked)}
fragment size on Repository {
  name
  owner { login }
  isPrivate
  stargazerCount
  issues(first: 1) { totalCount }
  pullRequests(first: 1) { totalCount }
  releases(first: 1) { totalCount }
  defaultBranchRef { target { ... on Commit { history(first: 1) { totalCount } } } }
}`;
}

const list = z.object({ totalCount: storedCount });
const sizeSchema = z.object({
  name: namePart,
  owner: z.object({ login: namePart }),
  isPrivate: z.boolean(),
  stargazerCount: storedCount,
  issues: list,
  pullRequests: list,
  releases: list,
  // An empty repository has no branch.
  defaultBranchRef: z.object({ target: z.object({ history: list }) }).nullable(),
});

/** In the order of the names; null: GitHub shows it to nobody, or not to this token. */
export async function fetchSizes(
  client: GithubClient,
  names: readonly RepositoryName[],
  signal: AbortSignal,
): Promise<(FoundRepository | null)[]> {
  const ask = async (some: readonly RepositoryName[]) => {
    const { found } = await askByName(client, sizesQuery(some.length), some, signal);
    return found.map(toFound);
  };
  return (await fetchInChunks(client, names, new PageSize(REPOSITORIES), signal, ask)).flat();
}

function toFound(answer: unknown): FoundRepository | null {
  const { data } = sizeSchema.safeParse(answer);
  if (!data) return null;
  return {
    present: { owner: data.owner.login, name: data.name },
    isPrivate: data.isPrivate,
    size: {
      stars: data.stargazerCount,
      pull_requests: data.pullRequests.totalCount,
      issues: data.issues.totalCount,
      commits: data.defaultBranchRef?.target.history.totalCount ?? 0,
      releases: data.releases.totalCount,
    },
  };
}
