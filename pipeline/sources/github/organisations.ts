import { z } from 'zod';
import type { ListedRepository } from '../../domain/organisation.ts';
import { storedId } from '../../domain/stored-value.ts';
import type { GithubClient } from './client.ts';
import { UnexpectedAnswerError } from './errors.ts';
import { namePart } from './metadata.ts';
import { fetchPage, PageSize, pageInfoFields, rateLimitFields } from './pages.ts';

/** The public repositories of an organisation (or of a person): a point for a hundred. */

const PER_PAGE = 100;
/** GitHub's own limit. */
const TOPICS = 20;
/** More than any organisation that could be read within a month has: 10,000 repositories. */
const MOST_PAGES = 100;

export const ORGANISATION_QUERY = `
query organisation($login: String!, $size: Int!, $after: String) {
  ${rateLimitFields}
  repositoryOwner(login: $login) {
    login
    repositories(first: $size, after: $after, privacy: PUBLIC, ownerAffiliations: OWNER,
      orderBy: {field: CREATED_AT, direction: ASC}) {
      ${pageInfoFields}
      nodes {
        databaseId
        name
        owner { login }
        isFork
        isArchived
        isDisabled
        repositoryTopics(first: ${TOPICS}) { nodes { topic { name } } }
      }
    }
  }
}`;

const repositorySchema = z.object({
  databaseId: storedId,
  name: namePart,
  owner: z.object({ login: namePart }),
  isFork: z.boolean(),
  isArchived: z.boolean(),
  isDisabled: z.boolean(),
  repositoryTopics: z.object({
    nodes: z.array(z.object({ topic: z.object({ name: z.string() }) })),
  }),
});

const answerSchema = z.object({
  repositoryOwner: z
    .object({
      repositories: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        // One that can't be read as a repository is left out.
        nodes: z.array(z.unknown()),
      }),
    })
    .nullable(),
});

/**
 * @throws if GitHub does not know the name, or does not answer in full: half a list would take
 *   repositories off the boards
 */
export async function listOrganisation(
  client: GithubClient,
  login: string,
  signal: AbortSignal,
): Promise<ListedRepository[]> {
  const size = new PageSize(PER_PAGE);
  const listed: ListedRepository[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const variables: object = { login, after };
    const { data } = await fetchPage(
      client,
      ORGANISATION_QUERY,
      variables,
      size,
      answerSchema,
      signal,
    );
    if (!data.repositoryOwner) throw new UnexpectedAnswerError(`GitHub knows no owner ${login}`);
    const { nodes, pageInfo } = data.repositoryOwner.repositories;
    listed.push(...nodes.flatMap(toListed));
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) return listed;
    if (after === null) throw new UnexpectedAnswerError('GitHub gave no next page');
  }
  throw new UnexpectedAnswerError(`${login} has more than ${MOST_PAGES * PER_PAGE} repositories`);
}

function toListed(node: unknown): ListedRepository[] {
  const { data } = repositorySchema.safeParse(node);
  if (!data) return [];
  const { databaseId, name, owner, isFork, isArchived, isDisabled, repositoryTopics } = data;
  const topics = repositoryTopics.nodes.map(({ topic }) => topic.name);
  return [
    { githubId: databaseId, owner: owner.login, name, isFork, isArchived, isDisabled, topics },
  ];
}
