import { z } from 'zod';
import { type Contribution, eventIds } from '../../domain/contribution.ts';
import { storedReference } from '../../domain/stored-value.ts';
import {
  ACTOR_FRAGMENT,
  accountOfActor,
  accountOfUser,
  actorSchema,
  restUserSchema,
} from './actor.ts';
import { HIDDEN_FIELDS, hiddenSchema, isBadReason, isHidden, unlessHidden } from './hidden.ts';
import {
  contentOf,
  createPageGuard,
  githubKey,
  githubTime,
  isPutAside,
  itemsOf,
  type PutAside,
  readable,
} from './items.ts';
import { fetchListPage, type PagedList } from './list-pages.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import { parseAnswer, rateLimitFields, refuseProblems } from './pages.ts';
import { fetchRestPage } from './rest-pages.ts';
import { type ListContext, type PassPage, type SyncPass, toSeconds } from './sync.ts';

/**
 * Comments on issues and pull requests, on lines of pull requests, and on commits. REST lists the
 * first two by change; commits' comments come by GraphQL.
 */

const commentSchema = z.object({
  id: z.int(),
  user: restUserSchema,
  created_at: githubTime,
  updated_at: githubTime,
  issue_url: z.string().optional(),
  pull_request_url: z.string().optional(),
  node_id: githubKey.optional(),
  /** Only of comments on issues and pull requests, and not of old servers. */
  minimized: z.object({ reason: z.string().nullable() }).nullish(),
});

type Comment = z.infer<typeof commentSchema>;

interface Kind {
  /** For messages. */
  readonly list: string;
  readonly route: string;
  readonly toContribution: (comment: Comment, makeContribution: MakeContribution) => Contribution;
  /** The ids of those of a page that were hidden as spam or abuse. */
  readonly findHidden: (
    context: ListContext,
    comments: readonly Comment[],
  ) => Promise<ReadonlySet<number>>;
}

const ISSUE_COMMENTS: Kind = {
  list: 'comments on issues',
  route: 'GET /repos/{owner}/{repo}/issues/comments',
  toContribution: (comment, makeContribution) =>
    makeContribution({
      ...common(comment),
      eventId: eventIds.comment(comment.id),
      kind: 'COMMENT',
    }),
  findHidden: async (_context, comments) =>
    new Set(comments.flatMap(({ id, minimized }) => (isBadReason(minimized?.reason) ? id : []))),
};

const REVIEW_COMMENTS: Kind = {
  list: 'comments on pull requests',
  route: 'GET /repos/{owner}/{repo}/pulls/comments',
  toContribution: (comment, makeContribution) =>
    makeContribution({
      ...common(comment),
      eventId: eventIds.reviewComment(comment.id),
      kind: 'PR_REVIEW_COMMENT',
    }),
  // REST does not say it of them.
  findHidden: fetchHiddenComments,
};

/** One pass over the comments on issues and pull requests that changed. */
export const fetchIssueComments = (context: ListContext, pass: SyncPass) =>
  fetchComments(context, pass, ISSUE_COMMENTS);

/** One pass over the comments on lines of pull requests that changed. */
export const fetchReviewComments = (context: ListContext, pass: SyncPass) =>
  fetchComments(context, pass, REVIEW_COMMENTS);

/**
 * Oldest change first, going on from the last change seen and not from a page number:
 * numbered pages shift while they are read, and then comments fall between two of them.
 */
async function* fetchComments(
  context: ListContext,
  pass: SyncPass,
  kind: Kind,
): AsyncGenerator<PassPage> {
  let place = pass.cursor === null ? startAt(pass) : parsePlace(pass.cursor);
  let seen: ReadonlySet<string> = new Set();
  const guard = createPageGuard(kind.list);
  for (;;) {
    const { comments, hasNextPage } = await fetchCommentPage(context, kind, place);
    guard(contentOf(comments.map(keyOf), place.since));
    const fresh = comments.filter((comment) => !seen.has(keyOf(comment)));
    seen = new Set(comments.map(keyOf).filter((key) => key !== UNKNOWN));
    const next = hasNextPage ? nextPlace(place, readable(comments).at(-1)?.updated_at) : null;
    const outcomes = await classifyComments(context, kind, fresh);
    yield { outcomes, cursor: next && `${next.since} ${next.page}` };
    if (next === null) return;
    place = next;
  }
}

async function classifyComments(
  context: ListContext,
  kind: Kind,
  comments: readonly (Comment | PutAside)[],
): Promise<Outcome[]> {
  const { countHidden } = context;
  const found = readable(comments);
  const hidden = countHidden ? new Set() : await kind.findHidden(context, found);
  return comments.map((comment) => {
    if (isPutAside(comment)) return comment;
    const contribution = kind.toContribution(comment, context.makeContribution);
    return unlessHidden(contribution, hidden.has(comment.id), context);
  });
}

const NODE_ID = /^[\w+/=-]+$/;

/** A hundred comments are one point. */
export const HIDDEN_QUERY = `
query hidden($ids: [ID!]!) {
  ${rateLimitFields}
  nodes(ids: $ids) { ... on PullRequestReviewComment { id ${HIDDEN_FIELDS} } }
}`;

const hiddenAnswerSchema = z.object({
  nodes: z.array(hiddenSchema.extend({ id: githubKey }).nullable()),
});

async function fetchHiddenComments(
  { client, signal }: ListContext,
  comments: readonly Comment[],
): Promise<Set<number>> {
  // One whose id is no node id would fail the answer for all others.
  const known = comments.filter(({ node_id: id }) => id !== undefined && NODE_ID.test(id));
  if (known.length === 0) return new Set();
  const ids = known.map(({ node_id: id }) => id);
  const { data, problems } = await client.graphql(HIDDEN_QUERY, { ids }, signal);
  // One that was deleted meanwhile is missing in the next look.
  refuseProblems(problems.filter(({ type }) => type !== 'NOT_FOUND'));
  const { nodes } = parseAnswer(hiddenAnswerSchema, data);
  const hidden = new Set(nodes.flatMap((node) => (node && isHidden(node) ? node.id : [])));
  return new Set(known.flatMap(({ id, node_id }) => (hidden.has(node_id ?? '') ? id : [])));
}

/** All comments on one issue, as `fetchIssueComments` gives them. */
export async function fetchCommentsOfIssue(
  context: ListContext,
  number: number,
): Promise<Outcome[]> {
  const { client, owner, name: repo, signal } = context;
  const outcomes: Outcome[] = [];
  const guard = createPageGuard('comments on an issue');
  for (let page = 1; ; page++) {
    const parameters = { owner, repo, issue_number: number, per_page: 100, page };
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
    const answer = await client.rest(route, parameters, signal);
    const comments = parseAnswer(itemsOf(commentSchema), answer.data);
    guard(contentOf(comments.map(keyOf)));
    outcomes.push(...(await classifyComments(context, ISSUE_COMMENTS, comments)));
    if (!answer.hasNextPage) return outcomes;
  }
}

/** The key of a comment without anything that identifies it. */
const UNKNOWN = '{}';

const keyOf = (comment: Comment | PutAside): string =>
  isPutAside(comment) ? JSON.stringify(comment.refused?.item) : String(comment.id);

/** Where a page begins: the first change, and the page after it if a page has but one moment. */
interface Place {
  readonly since: string;
  readonly page: number;
}

const startAt = (pass: SyncPass): Place => ({ since: toSeconds(pass.changed_since), page: 1 });

function parsePlace(cursor: string): Place {
  const [since = '', page] = cursor.split(' ');
  return { since, page: Number(page) };
}

/** A second earlier, since GitHub does not say whether `since` itself is in the list. */
function nextPlace(place: Place, last: Date | undefined): Place {
  const since = last ? toSeconds(new Date(last.getTime() - 1_000)) : place.since;
  return since > place.since ? { since, page: 1 } : { ...place, page: place.page + 1 };
}

async function fetchCommentPage(context: ListContext, kind: Kind, place: Place) {
  const { owner, name: repo } = context;
  const parameters = { owner, repo, sort: 'updated', direction: 'asc', since: place.since };
  const list = { name: kind.list, route: kind.route, parameters, schema: commentSchema };
  const { items: comments, hasNextPage } = await fetchRestPage(context, list, place.page);
  return { comments, hasNextPage };
}

function common(comment: Comment) {
  return {
    account: accountOfUser(comment.user),
    occurredAt: comment.created_at,
    subjectNumber: numberOf(comment.issue_url ?? comment.pull_request_url),
  };
}

/** The number at the end of an address. */
function numberOf(url: string | undefined): number | null {
  const number = Number(/\/(\d+)$/.exec(url ?? '')?.[1]);
  return Number.isNaN(number) ? null : number;
}

/** Comments on commits. GitHub lists them oldest first and by nothing else: read from the end. */
const commitCommentsQuery = (operation: string, fields: string) => `
query ${operation}($owner: String!, $name: String!, $size: Int!, $before: String) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    commitComments(last: $size, before: $before) {
      nodes { ${fields} }
      pageInfo { hasPreviousPage startCursor }
    }
  }
}`;

export const COMMIT_COMMENTS_QUERY = `${commitCommentsQuery(
  'commitComments',
  `databaseId createdAt ${HIDDEN_FIELDS} author { ...actor } commit { oid }`,
)}
${ACTOR_FRAGMENT}`;

const commitCommentSchema = hiddenSchema.extend({
  databaseId: z.int().nullable(),
  createdAt: githubTime,
  author: actorSchema,
  /** Null if the commit is gone. */
  commit: z.object({ oid: storedReference }).nullable().catch(null),
});

/** Read from its end: the page before is the next one. */
const previousPageSchema = z
  .union([
    z.object({ hasPreviousPage: z.literal(true), startCursor: githubKey }),
    z.object({ hasPreviousPage: z.literal(false), startCursor: z.unknown().transform(() => null) }),
  ])
  .transform(({ startCursor }) => ({ endCursor: startCursor }));

const COMMIT_COMMENTS: PagedList<z.infer<typeof commitCommentSchema>> = {
  name: 'comments on commits',
  query: COMMIT_COMMENTS_QUERY,
  places: commitCommentsQuery('commitCommentPlaces', 'databaseId createdAt'),
  path: ['repository', 'commitComments'],
  schema: z.object({ nodes: itemsOf(commitCommentSchema), pageInfo: previousPageSchema }),
  placesSchema: z.object({ nodes: z.array(z.unknown()), pageInfo: previousPageSchema }),
};

/** One pass over the comments on commits, back to those that are known. */
export async function* fetchCommitComments(
  context: ListContext,
  pass: SyncPass,
): AsyncGenerator<PassPage> {
  const { client, owner, name, sizes, signal } = context;
  const guard = createPageGuard('comments on commits');
  for (let before = pass.cursor; ; ) {
    guard(before);
    const variables = { owner, name, before };
    const request = { client, variables, size: sizes.commitComments, signal };
    const { nodes, pageInfo } = await fetchListPage(COMMIT_COMMENTS, request);
    const outcomes = nodes.map((comment) =>
      isPutAside(comment) ? comment : classifyCommitComment(comment, context),
    );
    const isKnown = readable(nodes).some(({ createdAt }) => createdAt < pass.changed_since);
    before = isKnown ? null : pageInfo.endCursor;
    yield { outcomes, cursor: before };
    if (before === null) return;
  }
}

function classifyCommitComment(
  comment: z.infer<typeof commitCommentSchema>,
  context: ListContext,
): Outcome {
  const { databaseId, createdAt, author, commit } = comment;
  if (databaseId === null) return { skipped: 'no_id' };
  const contribution = context.makeContribution({
    eventId: eventIds.commitComment(databaseId),
    kind: 'COMMENT',
    account: accountOfActor(author),
    occurredAt: createdAt,
    subjectNumber: null,
    reference: commit?.oid ?? null,
  });
  return unlessHidden(contribution, isHidden(comment), context);
}
