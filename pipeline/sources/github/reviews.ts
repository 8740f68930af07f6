import { z } from 'zod';
import { ACTOR_FRAGMENT, actorSchema } from './actor.ts';
import {
  type ListContext,
  pageInfoFields,
  pageInfoSchema,
  rateLimitFields,
} from './list-context.ts';
import { fetchInChunks, parseAnswer, refuseProblems } from './page-size.ts';
import type { PullRequestNode } from './pull-requests.ts';

/** The reviews of pull requests that have more than one page: every further page, in chunks. */

/** Reviews of one pull request in one page. */
const PAGE = 100;

export const REVIEW_FIELDS = `
  nodes { fullDatabaseId state submittedAt author { ...actor } }
  ${pageInfoFields}`;

const reviewSchema = z.object({
  /** A number of more than 32 bits, as text. */
  fullDatabaseId: z.coerce.number().nullable(),
  state: z.string(),
  /** Null while it is pending. */
  submittedAt: z.coerce.date().nullable(),
  author: actorSchema,
});

export const reviewsSchema = z.object({
  nodes: z.array(reviewSchema),
  pageInfo: pageInfoSchema,
});

export type ReviewNode = z.infer<typeof reviewSchema>;

const pullSchema = z.object({ reviews: reviewsSchema });
const answerSchema = z.record(z.string(), z.unknown());

interface Open {
  readonly id: string;
  readonly number: number;
  readonly after: string | null;
}

/** All further reviews, by the number of the pull request. */
export async function fetchFurtherReviews(
  context: Pick<ListContext, 'client' | 'sizes' | 'signal'>,
  pulls: readonly PullRequestNode[],
): Promise<Map<number, ReviewNode[]>> {
  const { client, sizes, signal } = context;
  const found = new Map<number, ReviewNode[]>();
  let open = pulls.flatMap(({ id, number, reviews }) => goingOn({ id, number }, reviews));
  while (open.length > 0) {
    const answers = await fetchInChunks(client, open, sizes.lookups, signal, (chunk) =>
      fetchReviews(context, chunk),
    );
    const pages = answers.flat();
    for (const { pull, reviews } of pages) {
      found.set(pull.number, [...(found.get(pull.number) ?? []), ...reviews.nodes]);
    }
    open = pages.flatMap(({ pull, reviews }) => goingOn(pull, reviews));
  }
  return found;
}

type Reviews = z.infer<typeof reviewsSchema>;

/** The pull request with the place to resume, if it has more reviews. */
function goingOn(pull: { id: string; number: number }, reviews: Reviews): Open[] {
  if (!reviews.pageInfo.hasNextPage) return [];
  return [{ id: pull.id, number: pull.number, after: reviews.pageInfo.endCursor }];
}

/** The next page of reviews of each. */
async function fetchReviews(
  { client, signal }: Pick<ListContext, 'client' | 'signal'>,
  pulls: readonly Open[],
) {
  const variables = Object.fromEntries(
    pulls.flatMap(({ id, after }, index) => [
      [`id${index}`, id],
      [`after${index}`, after],
    ]),
  );
  const query = furtherReviewsQuery(pulls.length);
  const { data, problems } = await client.graphql(query, variables, signal);
  refuseProblems(problems);
  const answer = parseAnswer(answerSchema, data);
  return pulls.map((pull, index) => {
    const { reviews } = parseAnswer(pullSchema, answer[`p${index}`]);
    return { pull, reviews };
  });
}

/** A query for one page of reviews of each of `count` pull requests. */
export function furtherReviewsQuery(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const declared = indexes.map((i) => `$id${i}: ID!, $after${i}: String`).join(', ');
  const fields = indexes.map(
    (i) => `p${i}: node(id: $id${i}) {
    ... on PullRequest { reviews(first: ${PAGE}, after: $after${i}) { ${REVIEW_FIELDS} } }
  }`,
  );
  return `
query furtherReviews(${declared}) {
  ${rateLimitFields}
  ${fields.join('\n  ')}
}
${ACTOR_FRAGMENT}`;
}
