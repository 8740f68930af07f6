import type { ContributorRepositories } from '../../published/documents.ts';
import type { Report } from './context.ts';
import { buildStanding } from './entry.ts';
import { unknownKindsOf } from './knowledge.ts';
import type { RepositoryStanding } from './standings.ts';

/** What somebody did in each repository. */
export function buildRepositories(
  { knowledge, weights, repositoryNames }: Report,
  standings: readonly RepositoryStanding[],
): ContributorRepositories['repositories'] {
  return standings.map(({ line, repositoryId }) => {
    const { period: _, user_id: __, ...standing } = line;
    return {
      repository: repositoryNames.get(repositoryId) ?? '',
      ...buildStanding(standing, weights),
      unknown_kinds: unknownKindsOf(knowledge, repositoryId, 'all'),
    };
  });
}
