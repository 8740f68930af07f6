import { z } from 'zod';
import type { RepositoryName } from '../../domain/names.ts';
import type { ApiUsage, TrackedRepository } from '../../domain/source.ts';
import type { GithubClient } from './client.ts';
import { fetchInChunks, PageSize, parseAnswer, rateLimitFields } from './pages.ts';

/** Queries about many repositories at once, by their names. The first is `r0` in the answer. */

/** What is asked of one of them. */
interface Asked {
  readonly fields: string;
  /** A variable of its own, such as `$branch0: String!`. */
  readonly declared?: string | null;
}

export function queryByName(operation: string, asked: readonly Asked[]): string {
  const declared = asked.flatMap(({ declared: own }, i) => [
    `$owner${i}: String!, $name${i}: String!`,
    ...(own ? [own] : []),
  ]);
  const fields = asked.map(
    ({ fields: own }, i) => `r${i}: repository(owner: $owner${i}, name: $name${i}) { ${own} }`,
  );
  return `
query ${operation}(${declared.join(', ')}) {
  ${rateLimitFields}
  ${fields.join('\n  ')}
}`;
}

const answerSchema = z.record(z.string(), z.unknown());

/** Asks such a query. `found` has what was asked of each repository, in their order. */
export async function askByName(
  client: GithubClient,
  query: string,
  repositories: readonly RepositoryName[],
  signal: AbortSignal,
  more: Readonly<Record<string, string>> = {},
) {
  const names = repositories.flatMap(({ owner, name }, i) => [
    [`owner${i}`, owner],
    [`name${i}`, name],
  ]);
  const variables = { ...Object.fromEntries(names), ...more };
  const { data, problems } = await client.graphql(query, variables, signal);
  const answer = parseAnswer(answerSchema, data);
  return { found: repositories.map((_, i) => answer[`r${i}`]), problems };
}

/** Asks about repositories, `most` of them in a query, and shares out what each query cost. */
export async function* fetchByName<A>(
  client: GithubClient,
  repositories: readonly TrackedRepository[],
  most: number,
  signal: AbortSignal,
  ask: (some: readonly TrackedRepository[]) => Promise<readonly A[]>,
): AsyncGenerator<{ readonly found: A[]; readonly usage: ApiUsage[] }> {
  const size = new PageSize(most);
  for (let start = 0; start < repositories.length; start += most) {
    const chunk = repositories.slice(start, start + most);
    const before = { ...client.usage };
    const found = await fetchInChunks(client, chunk, size, signal, ask);
    const spent = {
      points: client.usage.points - before.points,
      requests: client.usage.graphqlRequests - before.graphqlRequests,
    };
    yield { found: found.flat(), usage: chunk.map(({ id }, i) => share(id, spent, i, chunk)) };
  }
}

/** The part of one of several repositories in what they cost together: whole numbers of this sum. */
function share(
  repositoryId: number,
  spent: { readonly points: number; readonly requests: number },
  index: number,
  { length }: { readonly length: number },
): ApiUsage {
  const part = (sum: number) =>
    Math.floor(((index + 1) * sum) / length) - Math.floor((index * sum) / length);
  return { repositoryId, points: part(spent.points), requests: part(spent.requests) };
}
