import { z } from 'zod';
import { NOT_FOUND, type RepositoryMetadata } from '../../domain/repository.ts';
import { statedId, type TrackedRepository } from '../../domain/source.ts';
import { LONGEST, storedCount, storedId, storedText } from '../../domain/stored-value.ts';
import type { GithubClient, RestAnswer } from './client.ts';
import { RepositoryUnavailableError } from './errors.ts';
import { parseAnswer } from './pages.ts';
import { refusalOf } from './remedies.ts';

/** Names become paths: part of a path, and neither `.` nor `..`. */
export const namePart = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/);
const shortText = storedText(LONGEST.name);
/** GitHub's own limit is 20. */
const MOST_TOPICS = 100;

export const repositorySchema = z.object({
  id: storedId,
  name: namePart,
  owner: z.object({ login: namePart }),
  default_branch: shortText,
  description: storedText(LONGEST.description).nullable(),
  stargazers_count: storedCount,
  forks_count: storedCount,
  language: shortText.nullish(),
  topics: z
    .array(shortText)
    .transform((topics) => topics.slice(0, MOST_TOPICS))
    .optional(),
  license: z.object({ spdx_id: shortText.nullable() }).nullable(),
  archived: z.boolean(),
  disabled: z.boolean().optional(),
});

/**
 * Finds a repository under its present or a former name (GitHub answers 301 and the call follows).
 * Another one that has its name is another repository while ours is there; once GitHub has ours no
 * more, ours was deleted and made again: the one that has the name now, with another id, is returned.
 * Throws `RepositoryUnavailableError` with a reason that a person can act on.
 */
export async function fetchMetadata(
  client: GithubClient,
  repository: TrackedRepository,
  signal: AbortSignal,
): Promise<RepositoryMetadata> {
  const { owner, name: repo } = repository;
  const githubId = statedId(repository);
  const found = await fetchByRoute(client, 'GET /repos/{owner}/{repo}', { owner, repo }, signal);
  if (githubId === null || found.id === githubId) return toMetadata(repository.id, found);
  // Another repository has taken the name: ours has a new one, or is no more.
  const route = 'GET /repositories/{id}';
  try {
    return toMetadata(repository.id, await fetchByRoute(client, route, { id: githubId }, signal));
  } catch (error) {
    if (!(error instanceof Error) || error.message !== NOT_FOUND) throw error;
    return toMetadata(repository.id, found);
  }
}

async function fetchByRoute(
  client: GithubClient,
  route: string,
  parameters: object,
  signal: AbortSignal,
) {
  let answer: RestAnswer;
  try {
    answer = await client.rest(route, parameters, signal);
  } catch (error) {
    const reason = (error as { status?: unknown }).status === 404 ? NOT_FOUND : refusalOf(error);
    throw reason ? new RepositoryUnavailableError(reason, { cause: error }) : error;
  }
  const repository = parseAnswer(repositorySchema, answer.data);
  if (repository.disabled) throw new RepositoryUnavailableError('disabled by GitHub');
  return repository;
}

export function toMetadata(
  repositoryId: number,
  found: z.infer<typeof repositorySchema>,
): RepositoryMetadata {
  const license = found.license?.spdx_id ?? null;
  return {
    repositoryId,
    githubId: found.id,
    owner: found.owner.login,
    name: found.name,
    defaultBranch: found.default_branch,
    description: found.description,
    stars: found.stargazers_count,
    forks: found.forks_count,
    language: found.language ?? null,
    topics: found.topics ?? [],
    license: license === 'NOASSERTION' ? null : license,
    isArchived: found.archived,
  };
}
