import { z } from 'zod';
import { fullName } from '../../domain/names.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import type { Refusal } from '../source.ts';
import { askByName, queryByName } from './by-name.ts';
import type { GithubClient } from './client.ts';
import {
  AllowanceSpentError,
  NotNowError,
  RefusedError,
  RepositoryUnavailableError,
  TooHeavyError,
} from './errors.ts';
import { describeRefusal, type GraphqlProblem, remedyOf } from './remedies.ts';

/** Whether the token may read each repository: one query, and one point, for a hundred of them. */
const REPOSITORIES = 100;

export function rightsQuery(count: number): string {
  const asked = Array.from({ length: count }, () => ({ fields: 'databaseId isDisabled' }));
  return queryByName('rights', asked);
}

const foundSchema = z.object({ isDisabled: z.boolean() });

type Chunk = readonly ConfiguredRepository[];

/** The repositories that GitHub refuses; null if it could not say, and the reading will show it. */
export async function findRefusals(
  client: GithubClient,
  repositories: Chunk,
  signal: AbortSignal,
): Promise<readonly Refusal[] | null> {
  const refusals: Refusal[] = [];
  try {
    for (let start = 0; start < repositories.length; start += REPOSITORIES) {
      const chunk = repositories.slice(start, start + REPOSITORIES);
      refusals.push(...(await ask(client, chunk, signal)));
    }
    return refusals;
  } catch (error) {
    signal.throwIfAborted();
    const passing = [AllowanceSpentError, NotNowError, TooHeavyError];
    if (passing.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

async function ask(client: GithubClient, chunk: Chunk, signal: AbortSignal): Promise<Refusal[]> {
  try {
    const { found, problems } = await askByName(client, rightsQuery(chunk.length), chunk, signal);
    return chunk.flatMap((repository, i) => {
      const problem = problems.find(({ path }) => path?.[0] === `r${i}`);
      const reason = reasonOf(found[i], problem);
      return reason === null ? [] : [{ repository: fullName(repository), reason }];
    });
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof RepositoryUnavailableError))
      throw error;
    return chunk.map((one) => ({ repository: fullName(one), reason: error.message }));
  }
}

/** Null for a repository that can be read, or of which GitHub does not say that it can't. */
function reasonOf(found: unknown, problem: GraphqlProblem | undefined): string | null {
  if (problem?.type === 'NOT_FOUND') {
    return 'not found: deleted, private or misspelt; a private one needs a token that may read it';
  }
  if (problem) return remedyOf(problem) === 'put_aside' ? describeRefusal(problem.message) : null;
  return foundSchema.safeParse(found).data?.isDisabled ? 'disabled by GitHub' : null;
}
