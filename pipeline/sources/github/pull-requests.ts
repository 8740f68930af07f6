import { z } from 'zod';
import { type Contribution, eventIds } from '../../domain/contribution.ts';
import { ACTOR_FRAGMENT, accountOfActor, actorSchema } from './actor.ts';
import {
  type ListContext,
  pageInfoFields,
  pageInfoSchema,
  rateLimitFields,
} from './list-context.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import { fetchPage } from './page-size.ts';
import { fetchFurtherReviews, REVIEW_FIELDS, type ReviewNode, reviewsSchema } from './reviews.ts';
import type { PassPage, SyncPass } from './sync.ts';

/** Pull requests opened and merged, with their reviews. */

/** Reviews fetched with a pull request; the few that have more need further queries. */
const REVIEWS_ALONG = 20;

export const PULL_REQUEST_FRAGMENT = `
fragment pullRequest on PullRequest {
  id
  number
  createdAt
  updatedAt
  mergedAt
  additions
  deletions
  author { ...actor }
  reviews(first: ${REVIEWS_ALONG}) { ${REVIEW_FIELDS} }
}`;

/** GitHub has no "since" for pull requests: newest change first, until the changes are known. */
export const PULL_REQUESTS_QUERY = `
query pullRequests($owner: String!, $name: String!, $size: Int!, $after: String) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    pullRequests(first: $size, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { ...pullRequest }
      ${pageInfoFields}
    }
  }
}
${PULL_REQUEST_FRAGMENT}
${ACTOR_FRAGMENT}`;

export const pullRequestSchema = z.object({
  id: z.string(),
  number: z.int(),
  createdAt: z.coerce.date(),
  updatedAt: z.coerce.date(),
  mergedAt: z.coerce.date().nullable(),
  additions: z.int(),
  deletions: z.int(),
  author: actorSchema,
  reviews: reviewsSchema,
});

const answerSchema = z.object({
  repository: z.object({
    pullRequests: z.object({
      nodes: z.array(pullRequestSchema),
      pageInfo: pageInfoSchema,
    }),
  }),
});

export type PullRequestNode = z.infer<typeof pullRequestSchema>;

/** One pass over the pull requests, newest change first. */
export async function* fetchPullRequests(
  context: ListContext,
  pass: SyncPass,
): AsyncGenerator<PassPage> {
  for (let after = pass.cursor; ; ) {
    const { nodes, pageInfo } = await fetchPullRequestPage(context, after);
    const changed = nodes.filter((pull) => pull.updatedAt >= pass.changed_since);
    const further = await fetchFurtherReviews(context, changed);
    const outcomes = changed.flatMap((pull) =>
      classifyPullRequest(pull, further.get(pull.number) ?? [], context.makeContribution),
    );
    const isLast = !pageInfo.hasNextPage || changed.length < nodes.length;
    after = isLast ? null : pageInfo.endCursor;
    yield { outcomes, cursor: after };
    if (after === null) return;
  }
}

async function fetchPullRequestPage(context: ListContext, after: string | null) {
  const { client, owner, name, sizes, signal } = context;
  const { data } = await fetchPage(
    client,
    PULL_REQUESTS_QUERY,
    { owner, name, after },
    sizes.pullRequests,
    answerSchema,
    signal,
  );
  return data.repository.pullRequests;
}

/** Opened, merged, reviewed. `further` are the reviews beyond those in the pull request's own page. */
export function classifyPullRequest(
  pull: PullRequestNode,
  further: readonly ReviewNode[],
  makeContribution: MakeContribution,
): Outcome[] {
  const reviews = [...pull.reviews.nodes, ...further];
  return [
    makeContribution({
      eventId: eventIds.pullRequestOpened(pull.number),
      kind: 'PR_OPENED',
      account: accountOfActor(pull.author),
      occurredAt: pull.createdAt,
      subjectNumber: pull.number,
    }),
    ...mergeOf(pull, makeContribution),
    ...reviews.map((review) => classifyReview(review, pull, makeContribution)),
  ];
}

/** The author gets the credit and the lines. */
function mergeOf(pull: PullRequestNode, makeContribution: MakeContribution): Contribution[] {
  if (pull.mergedAt === null) return [];
  const merge = makeContribution({
    eventId: eventIds.pullRequestMerged(pull.number),
    kind: 'PR_MERGED',
    account: accountOfActor(pull.author),
    occurredAt: pull.mergedAt,
    subjectNumber: pull.number,
    linesAdded: pull.additions,
    linesDeleted: pull.deletions,
  });
  return [merge];
}

function classifyReview(
  review: ReviewNode,
  pull: PullRequestNode,
  makeContribution: MakeContribution,
): Outcome {
  const { submittedAt, fullDatabaseId: id } = review;
  if (submittedAt === null || review.state === 'PENDING') return { skipped: 'pending_review' };
  if (id === null) return { skipped: 'no_id' };
  const account = accountOfActor(review.author);
  const author = accountOfActor(pull.author);
  // A shortcut that saves storing such rows. The rule itself is in
  // db/queries/eligible-contributions.ts, which also knows merged accounts.
  if (account !== null && account.id === author?.id) return { skipped: 'self_review' };
  return makeContribution({
    eventId: eventIds.review(id),
    kind: 'PR_REVIEWED',
    account,
    occurredAt: submittedAt,
    subjectNumber: pull.number,
  });
}
