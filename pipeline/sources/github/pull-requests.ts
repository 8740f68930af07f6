import { z } from 'zod';
import { type Contribution, eventIds } from '../../domain/contribution.ts';
import { storedId, storedTitle } from '../../domain/stored-value.ts';
import { ACTOR_FRAGMENT, accountOfActor, actorSchema } from './actor.ts';
import { RefusedError, TooHeavyError } from './errors.ts';
import { HIDDEN_FIELDS, hiddenSchema, isHidden, unlessHidden } from './hidden.ts';
import {
  createPageGuard,
  githubKey,
  githubTime,
  isPutAside,
  itemsOf,
  type PutAside,
  putAsideFor,
  readable,
} from './items.ts';
import { type Connection, fetchListPage, type PagedList } from './list-pages.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import {
  fetchInChunks,
  PageSize,
  pageInfoFields,
  pageInfoSchema,
  parseAnswer,
  rateLimitFields,
  refuseProblems,
} from './pages.ts';
import type { ListContext, PassPage, SyncPass } from './sync.ts';

/** Pull requests opened and merged, with their reviews: a first page, and all further ones in chunks. */

/** Reviews fetched with a pull request; the few that have more need further queries. */
const REVIEWS_ALONG = 20;

/** Reviews of one pull request in one page. */
const REVIEWS_PAGE = 100;

const REVIEW_FIELDS = `
  nodes { fullDatabaseId state submittedAt ${HIDDEN_FIELDS} author { ...actor } }
  ${pageInfoFields}`;

export const PULL_REQUEST_FRAGMENT = `
fragment pullRequest on PullRequest {
  id
  number
  title
  createdAt
  updatedAt
  mergedAt
  additions
  deletions
  author { ...actor }
  reviews(first: ${REVIEWS_ALONG}) { ${REVIEW_FIELDS} }
}`;

/** GitHub has no "since" for pull requests: newest change first, until the changes are known. */
const pullRequestsQuery = (operation: string, fields: string) => `
query ${operation}($owner: String!, $name: String!, $size: Int!, $after: String) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    pullRequests(first: $size, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { ${fields} }
      ${pageInfoFields}
    }
  }
}`;

export const PULL_REQUESTS_QUERY = `${pullRequestsQuery('pullRequests', '...pullRequest')}
${PULL_REQUEST_FRAGMENT}
${ACTOR_FRAGMENT}`;

const reviewSchema = hiddenSchema.extend({
  /** A number of more than 32 bits, as text. */
  fullDatabaseId: z.coerce.number().pipe(storedId).nullable(),
  state: z.string(),
  /** Null while it is pending. */
  submittedAt: githubTime.nullable(),
  author: actorSchema,
});

const reviewsSchema = z.object({
  nodes: itemsOf(reviewSchema),
  pageInfo: pageInfoSchema,
});

type ReviewNode = z.infer<typeof reviewSchema>;
type ReviewItem = ReviewNode | PutAside;

export const pullRequestSchema = z.object({
  id: githubKey,
  number: z.int(),
  title: storedTitle,
  createdAt: githubTime,
  updatedAt: githubTime,
  mergedAt: githubTime.nullable(),
  additions: z.int(),
  deletions: z.int(),
  author: actorSchema,
  /** Null if GitHub can't show them. */
  reviews: reviewsSchema.nullable(),
});

type PullRequestNode = z.infer<typeof pullRequestSchema>;

const PULL_REQUESTS: PagedList<PullRequestNode> = {
  name: 'pull requests',
  query: PULL_REQUESTS_QUERY,
  places: pullRequestsQuery('pullRequestPlaces', 'number updatedAt'),
  path: ['repository', 'pullRequests'],
  schema: z.object({ nodes: itemsOf(pullRequestSchema), pageInfo: pageInfoSchema }),
  placesSchema: z.object({ nodes: z.array(z.unknown()), pageInfo: pageInfoSchema }),
};

/** One pass over the pull requests, newest change first. */
export async function* fetchPullRequests(
  context: ListContext,
  pass: SyncPass,
): AsyncGenerator<PassPage> {
  const guard = createPageGuard('pull requests');
  for (let after = pass.cursor; ; ) {
    guard(after);
    const { nodes, pageInfo } = await fetchPullRequestPage(context, after);
    const pulls = readable(nodes);
    const changed = pulls.filter((pull) => pull.updatedAt >= pass.changed_since);
    const further = await fetchFurtherReviews(context, changed);
    const outcomes = changed.flatMap((pull) =>
      classifyPullRequest(pull, further.get(pull.number) ?? [], context),
    );
    after = changed.length < pulls.length ? null : pageInfo.endCursor;
    yield { outcomes: [...outcomes, ...nodes.filter(isPutAside)], cursor: after };
    if (after === null) return;
  }
}

async function fetchPullRequestPage(context: ListContext, after: string | null) {
  const { client, owner, name, sizes, signal } = context;
  const variables = { owner, name, after };
  return fetchListPage(PULL_REQUESTS, { client, variables, size: sizes.pullRequests, signal });
}

/** What it takes to credit what GitHub shows. */
export type CreditContext = Pick<ListContext, 'makeContribution' | 'countHidden'>;

/** Opened, merged, reviewed. `further` are the reviews beyond those in the pull request's own page. */
export function classifyPullRequest(
  pull: PullRequestNode,
  further: readonly ReviewItem[],
  context: CreditContext,
): Outcome[] {
  const { makeContribution } = context;
  const reviews = [...(pull.reviews?.nodes ?? [unshownReviews(pull)]), ...further];
  return [
    makeContribution({
      eventId: eventIds.pullRequestOpened(pull.number),
      kind: 'PR_OPENED',
      account: accountOfActor(pull.author),
      occurredAt: pull.createdAt,
      subjectNumber: pull.number,
      title: pull.title,
    }),
    ...mergeOf(pull, makeContribution),
    ...reviews.map((review) =>
      isPutAside(review) ? ofPull(review, pull) : classifyReview(review, pull, context),
    ),
  ];
}

/** A review that is put aside, with the number of its pull request. */
function ofPull({ refused }: PutAside, { number }: { readonly number: number }): PutAside {
  const { item = {}, reason = '', errorClass } = refused ?? {};
  const own = { ...item, list: 'reviews', pull_request: number };
  const isKnown = Object.keys(item).length > 0;
  return isKnown ? putAsideFor(reason, own, errorClass) : putAsideFor(NOTHING_THERE, own);
}

const NOTHING_THERE = "GitHub's list has nothing in the place of a review";

const unshownReviews = ({ number }: { readonly number: number }, reason = 'nothing is there') =>
  putAsideFor(`GitHub can't show its reviews: ${reason}`, {
    list: 'reviews',
    pull_request: number,
  });

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
    title: pull.title,
  });
  return [merge];
}

function classifyReview(
  review: ReviewNode,
  pull: PullRequestNode,
  context: CreditContext,
): Outcome {
  const { submittedAt, fullDatabaseId: id } = review;
  if (submittedAt === null || review.state === 'PENDING') return { skipped: 'pending_review' };
  if (id === null) return { skipped: 'no_id' };
  const account = accountOfActor(review.author);
  const author = accountOfActor(pull.author);
  // A shortcut that saves storing such rows. The rule itself is in
  // db/queries/eligible-contributions.ts, which also knows merged accounts.
  if (account !== null && account.id === author?.id) return { skipped: 'self_review' };
  const contribution = context.makeContribution({
    eventId: eventIds.review(id),
    kind: 'PR_REVIEWED',
    account,
    occurredAt: submittedAt,
    subjectNumber: pull.number,
  });
  return unlessHidden(contribution, isHidden(review), context);
}

const furtherReviewsSchema = z.object({ reviews: reviewsSchema });
const furtherSchema = z.record(z.string(), z.unknown());

interface Open {
  readonly id: string;
  readonly number: number;
  readonly after: string | null;
}

/** All further reviews, by the number of the pull request. */
export async function fetchFurtherReviews(
  context: Pick<ListContext, 'client' | 'sizes' | 'signal'>,
  pulls: readonly PullRequestNode[],
): Promise<Map<number, ReviewItem[]>> {
  const { client, sizes, signal } = context;
  const found = new Map<number, ReviewItem[]>();
  const guard = createPageGuard('reviews');
  let open = pulls.flatMap(({ id, number, reviews }) =>
    reviews ? goingOn({ id, number }, reviews) : [],
  );
  while (open.length > 0) {
    for (const { id, after } of open) guard(`${id} ${after}`);
    const answers = await fetchInChunks(
      client,
      open,
      sizes.lookups,
      signal,
      (chunk) => fetchReviews(context, chunk),
      async (pull) => [{ pull, reviews: await fetchReviewsOf(context, pull) }],
    );
    const pages = answers.flat();
    for (const { pull, reviews } of pages) {
      found.set(pull.number, [...(found.get(pull.number) ?? []), ...reviews.nodes]);
    }
    open = pages.flatMap(({ pull, reviews }) => goingOn(pull, reviews));
  }
  return found;
}

type Reviews = Connection<ReviewItem>;

/** The pull request with the place to resume, if it has more reviews. */
function goingOn(pull: { id: string; number: number }, reviews: Reviews): Open[] {
  const { endCursor } = reviews.pageInfo;
  if (endCursor === null) return [];
  return [{ id: pull.id, number: pull.number, after: endCursor }];
}

const reviewsQuery = (operation: string, fields: string) => `
query ${operation}($id: ID!, $size: Int!, $after: String) {
  ${rateLimitFields}
  node(id: $id) {
    ... on PullRequest { reviews(first: $size, after: $after) { ${fields} ${pageInfoFields} } }
  }
}`;

export const REVIEWS_QUERY = `${reviewsQuery('reviews', REVIEW_FIELDS)}
${ACTOR_FRAGMENT}`;

const REVIEWS: PagedList<ReviewNode> = {
  name: 'reviews',
  query: REVIEWS_QUERY,
  places: reviewsQuery('reviewPlaces', 'nodes { fullDatabaseId }'),
  path: ['node', 'reviews'],
  schema: reviewsSchema,
  placesSchema: z.object({ nodes: z.array(z.unknown()), pageInfo: pageInfoSchema }),
};

/** The next page of one pull request whose reviews are too much, or one of which can't be shown. */
async function fetchReviewsOf(
  { client, signal }: Pick<ListContext, 'client' | 'signal'>,
  { id, number, after }: Open,
): Promise<Reviews> {
  const request = { client, variables: { id, after }, size: new PageSize(REVIEWS_PAGE), signal };
  try {
    return await fetchListPage(REVIEWS, request);
  } catch (error) {
    if (!(error instanceof TooHeavyError || error instanceof RefusedError)) throw error;
    return { nodes: [unshownReviews({ number }, error.message)], pageInfo: { endCursor: null } };
  }
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
  const answer = parseAnswer(furtherSchema, data);
  return pulls.map((pull, index) => {
    const { reviews } = parseAnswer(furtherReviewsSchema, answer[`p${index}`]);
    return { pull, reviews };
  });
}

/** A query for one page of reviews of each of `count` pull requests. */
export function furtherReviewsQuery(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const declared = indexes.map((i) => `$id${i}: ID!, $after${i}: String`).join(', ');
  const fields = indexes.map(
    (i) => `p${i}: node(id: $id${i}) {
    ... on PullRequest { reviews(first: ${REVIEWS_PAGE}, after: $after${i}) { ${REVIEW_FIELDS} } }
  }`,
  );
  return `
query furtherReviews(${declared}) {
  ${rateLimitFields}
  ${fields.join('\n  ')}
}
${ACTOR_FRAGMENT}`;
}
