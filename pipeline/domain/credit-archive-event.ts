import {
  type ArchiveAccount,
  type ArchiveEvent,
  type Payload,
  payloadSchemas,
  type ScoredEventType,
} from './archive-event.ts';
import { coAuthorsOf } from './commit-people.ts';
import {
  type Account,
  type Contribution,
  eventIds,
  GHOST_ID,
  parseAccountType,
} from './contribution.ts';
import { branchOfRef, type FormerBranch, reachesDefaultBranch } from './default-branch.ts';
import { storedTitle } from './stored-value.ts';

/** The reason why an event earns nothing. Each reason is counted. */
export type SkipReason =
  | 'type_not_scored'
  | 'action_not_scored'
  | 'malformed_payload'
  | 'not_default_branch'
  | 'push_without_commits'
  | 'no_distinct_commits'
  | 'closed_without_merge'
  | 'closed_without_merge_state'
  | 'self_review';

export type CreditResult =
  | {
      readonly contributions: readonly Contribution[];
      /** Co-authors whose account is not known: they get no credit. */
      readonly unknownCoAuthors?: number;
    }
  | { readonly skipped: SkipReason };

/** The facts about the repository of an event. */
export interface CreditContext {
  readonly repositoryId: number;
  /** From the configuration, else from GitHub; null: `main` or `master`. */
  readonly defaultBranch: string | null;
  readonly formerBranches?: readonly FormerBranch[];
  /** The first push to the default branch that is known. */
  readonly firstPushAt?: Date | null;
  /** Whether the co-authors of a commit are credited with it, too. */
  readonly coAuthors?: boolean;
}

/** Whether events of a type can earn points at all. */
export function isScored(type: unknown): type is ScoredEventType {
  return typeof type === 'string' && Object.hasOwn(payloadSchemas, type);
}

/** Turns an event of the archive into its contributions, or into the reason why it has none. */
export function creditArchiveEvent(event: ArchiveEvent, context: CreditContext): CreditResult {
  if (!isScored(event.type)) return { skipped: 'type_not_scored' };
  const payload = payloadSchemas[event.type].safeParse(event.payload);
  if (!payload.success) return { skipped: 'malformed_payload' };
  const credit = CREDITS[event.type] as Credit<ScoredEventType>;
  return credit(payload.data as Payload<ScoredEventType>, event, context);
}

type Credit<T extends ScoredEventType> = (
  payload: Payload<T>,
  event: ArchiveEvent,
  context: CreditContext,
) => CreditResult;

const CREDITS: { readonly [T in ScoredEventType]: Credit<T> } = {
  PushEvent: creditPush,
  PullRequestEvent: creditPullRequest,
  PullRequestReviewEvent: creditReview,
  PullRequestReviewCommentEvent: (payload, event, context) =>
    creditComment(payload, event, context, {
      eventId: eventIds.reviewComment(payload.comment.id),
      kind: 'PR_REVIEW_COMMENT',
      subjectNumber: payload.pull_request.number,
    }),
  IssuesEvent: creditIssue,
  IssueCommentEvent: (payload, event, context) =>
    creditComment(payload, event, context, {
      eventId: eventIds.comment(payload.comment.id),
      kind: 'COMMENT',
      subjectNumber: payload.issue.number,
    }),
  CommitCommentEvent: (payload, event, context) =>
    creditComment(payload, event, context, {
      eventId: eventIds.commitComment(payload.comment.id),
      kind: 'COMMENT',
      subjectNumber: null,
      reference: payload.comment.commit_id,
    }),
  ReleaseEvent: creditRelease,
};

/** A commit counts once it is pushed to the default branch; the archive knows only the pusher. */
function creditPush(
  { ref, commits }: Payload<'PushEvent'>,
  event: ArchiveEvent,
  context: CreditContext,
): CreditResult {
  const branch = branchOfRef(ref);
  const { defaultBranch: name, formerBranches: former = [], firstPushAt = null } = context;
  const known = { name, former, firstPushAt };
  if (!reachesDefaultBranch(branch, event.created_at, known)) {
    return { skipped: 'not_default_branch' };
  }
  if (!commits) return { skipped: 'push_without_commits' };
  const distinct = commits.filter((commit) => commit.distinct);
  if (distinct.length === 0) return { skipped: 'no_distinct_commits' };
  // A push to the default branch that is read later may show that this was not it any more.
  const other = name !== null && branch !== name ? { branch } : {};
  const common = { ...contribution(context, 'COMMIT', '', null, event.created_at, null), ...other };
  const credited = distinct.map(({ sha, message }) => {
    const title = storedTitle.parse(message);
    const own = {
      ...common,
      eventId: eventIds.commit(sha),
      account: accountOf(event.actor),
      title,
    };
    return creditCoAuthors(own, sha, context.coAuthors ? (message ?? '') : '');
  });
  return {
    contributions: credited.flatMap((one) => one.contributions),
    unknownCoAuthors: credited.reduce((sum, one) => sum + one.unknown, 0),
  };
}

/** A commit and the parts of the co-authors that its message names, as GitHub's source has them. */
function creditCoAuthors(own: Contribution, sha: string, message: string) {
  const { accounts, unknown } = coAuthorsOf(message);
  const others = accounts.filter(({ id }) => id !== own.account?.id);
  const parts = others.map((account) => {
    return { ...own, eventId: eventIds.coAuthor(sha, account.id), account };
  });
  return { contributions: [own, ...parts], unknown };
}

function creditPullRequest(
  { action, pull_request: pull }: Payload<'PullRequestEvent'>,
  event: ArchiveEvent,
  context: CreditContext,
): CreditResult {
  if (action === 'opened') {
    const eventId = eventIds.pullRequestOpened(pull.number);
    const at = pull.created_at ?? event.created_at;
    const author = pull.user ?? event.actor;
    const { number, title } = pull;
    return one({ ...contribution(context, 'PR_OPENED', eventId, author, at, number), title });
  }
  if (action === 'merged') return creditMerge(pull, event, context);
  if (action !== 'closed') return { skipped: 'action_not_scored' };
  const isMerged = mergeState(pull);
  if (isMerged) return creditMerge(pull, event, context);
  return { skipped: isMerged === null ? 'closed_without_merge_state' : 'closed_without_merge' };
}

/** Whether a closed pull request was merged; null if a trimmed payload does not state it. */
function mergeState(pull: Payload<'PullRequestEvent'>['pull_request']): boolean | null {
  if (typeof pull.merged === 'boolean') return pull.merged;
  return pull.merged_at === undefined ? null : pull.merged_at !== null;
}

/** The author gets the credit, not the account that merged; a trimmed payload names no author. */
function creditMerge(
  pull: Payload<'PullRequestEvent'>['pull_request'],
  event: ArchiveEvent,
  context: CreditContext,
): CreditResult {
  const eventId = eventIds.pullRequestMerged(pull.number);
  const at = pull.merged_at ?? event.created_at;
  return one({
    ...contribution(context, 'PR_MERGED', eventId, pull.user ?? null, at, pull.number),
    linesAdded: pull.additions ?? null,
    linesDeleted: pull.deletions ?? null,
    title: pull.title,
  });
}

function creditReview(
  { action, review, pull_request: pull }: Payload<'PullRequestReviewEvent'>,
  event: ArchiveEvent,
  context: CreditContext,
): CreditResult {
  if (action !== 'created') return { skipped: 'action_not_scored' };
  const reviewer = review.user ?? event.actor;
  // A shortcut that skips such rows if the payload names the author. The rule itself is
  // in db/queries/eligible-contributions.ts, which also knows merged accounts.
  if (reviewer.id === pull.user?.id) return { skipped: 'self_review' };
  const eventId = eventIds.review(review.id);
  const at = review.submitted_at ?? event.created_at;
  return one(contribution(context, 'PR_REVIEWED', eventId, reviewer, at, pull.number));
}

function creditIssue(
  { action, issue }: Payload<'IssuesEvent'>,
  event: ArchiveEvent,
  context: CreditContext,
): CreditResult {
  const { number, title } = issue;
  if (action === 'opened') {
    const eventId = eventIds.issueOpened(number);
    const author = issue.user ?? event.actor;
    const at = issue.created_at ?? event.created_at;
    return one({ ...contribution(context, 'ISSUE_OPENED', eventId, author, at, number), title });
  }
  if (action !== 'closed') return { skipped: 'action_not_scored' };
  const eventId = eventIds.issueClosed(number);
  const at = issue.closed_at ?? event.created_at;
  const closer = event.actor;
  return one({ ...contribution(context, 'ISSUE_CLOSED', eventId, closer, at, number), title });
}

type CommentFact = Pick<Contribution, 'eventId' | 'kind' | 'subjectNumber' | 'reference'>;

function creditComment(
  {
    action,
    comment,
  }: Pick<Payload<'IssueCommentEvent'>, 'comment'> & { action?: string | null | undefined },
  event: ArchiveEvent,
  context: CreditContext,
  { eventId, kind, subjectNumber, ...fact }: CommentFact,
): CreditResult {
  // In 2015, comments on commits had no action.
  if ((action ?? 'created') !== 'created') return { skipped: 'action_not_scored' };
  const author = comment.user ?? event.actor;
  const at = comment.created_at ?? event.created_at;
  const made = contribution(context, kind, eventId, author, at, subjectNumber);
  return one({ ...made, ...fact });
}

function creditRelease(
  { action, release }: Payload<'ReleaseEvent'>,
  event: ArchiveEvent,
  context: CreditContext,
): CreditResult {
  if (action !== 'published') return { skipped: 'action_not_scored' };
  const author = release.author ?? event.actor;
  const at = release.published_at ?? event.created_at;
  const { name, tag_name: reference } = release;
  return one({
    ...contribution(context, 'RELEASE', eventIds.release(release.id), author, at, null),
    title: name ?? reference,
    reference,
  });
}

function one(single: Contribution): CreditResult {
  return { contributions: [single] };
}

function contribution(
  { repositoryId }: CreditContext,
  kind: Contribution['kind'],
  eventId: string,
  account: ArchiveAccount | null,
  occurredAt: Date,
  subjectNumber: number | null,
): Contribution {
  return {
    repositoryId,
    eventId,
    kind,
    account: accountOf(account),
    occurredAt,
    subjectNumber,
    linesAdded: null,
    linesDeleted: null,
  };
}

function accountOf(account: ArchiveAccount | null): Account | null {
  if (account === null || account.id === GHOST_ID) return null;
  const { id, login, type } = account;
  return { id, login, type: parseAccountType(type) };
}
