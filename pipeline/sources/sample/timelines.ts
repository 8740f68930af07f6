import { HOUR_MS } from '../../domain/window.ts';
import {
  type Activity,
  type Commit,
  type Issue,
  type Pull,
  pickAnswerTime,
  pickAuthor,
  pickHelper,
  type Review,
  type TimelineContext,
  toActivity,
} from './activity.ts';
import {
  type Person,
  SAMPLE_BOTS,
  toBranch,
  writeBody,
  writeTitle,
  writeUpdateTitle,
} from './community.ts';
import { pick, pickInteger, pickSha, pickSize, type Rng } from './rng.ts';
import { pickAwake } from './schedule.ts';

/** The life of a pull request: opened, reviewed, discussed, merged or closed. */

const FIRST_FORK_ID = 9_400_000_000;
/** Of a hundred pull requests: those that a bot opens. */
const BOT_SHARE = 0.1;

/** Which fork of the repository a person has. */
export function forkIdOf({ repository }: TimelineContext, person: Person): number {
  return FIRST_FORK_ID + (person.id % 1_000_000) * 128 + (repository.githubId % 128);
}

function writeCommits(rng: Rng, author: Person, title: string): Commit[] {
  const more = Array.from({ length: Math.min(11, Math.floor(2.5 * rng() ** -0.5) - 2) });
  return [title, ...more.map(() => writeTitle(rng))].map((message) => ({
    sha: pickSha(rng),
    author,
    message,
    isDistinct: true,
  }));
}

function createPull(context: TimelineContext, number: number, openedAt: number): Pull {
  const { rng, team, nextId } = context;
  const isUpdate = rng() < BOT_SHARE;
  const author = isUpdate ? SAMPLE_BOTS.updater : pickAuthor(context, openedAt);
  const title = isUpdate ? writeUpdateTitle(rng) : writeTitle(rng);
  const isInside = isUpdate || team.maintainers.includes(author) || rng() < 0.2;
  const commits = writeCommits(rng, author, title);
  const added = Math.ceil(pickSize(rng, isUpdate ? 4 : 42, 1.5));
  return {
    isPull: true,
    id: nextId(),
    number,
    author,
    title,
    openedAt,
    commits,
    added,
    body: rng() < 0.2 ? null : writeBody(rng),
    branch: toBranch(title, number),
    headSha: commits.at(-1)?.sha ?? pickSha(rng),
    baseSha: pickSha(rng),
    mergeSha: pickSha(rng),
    forkId: isInside ? null : forkIdOf(context, author),
    deleted: Math.floor(added * rng() ** 2 * 1.4),
    files: 1 + Math.floor(added / 60),
    commentedAt: [],
    reviewCommentedAt: [],
    end: null,
  };
}

/** A branch in the repository itself is created, filled and, in the end, deleted. */
function buildBranch(
  context: TimelineContext,
  { author, branch, commits, openedAt }: Pull,
): Activity[] {
  const created = { kind: 'branch', action: 'created', branch } as const;
  const push = { kind: 'push', branch, commits } as const;
  return [
    toActivity(context, openedAt - 60_000, author, created),
    toActivity(context, openedAt - 40_000, author, push),
  ];
}

function buildComment(context: TimelineContext, pull: Pull, at: number, actor: Person): Activity {
  pull.commentedAt.push(at);
  const comment = { id: context.nextId(), body: writeBody(context.rng) };
  return toActivity(context, at, actor, { kind: 'comment', thread: pull, comment });
}

/** A review and the comments that were written in it, all submitted at once. */
function buildReview(context: TimelineContext, pull: Pull, at: number, actor: Person): Activity[] {
  const { rng, nextId } = context;
  const state = actor === pull.author ? 'commented' : pick(rng, STATES);
  const review: Review = { id: nextId(), body: writeBody(rng), state };
  const count = Math.floor(5 * rng() ** 3.2);
  const comments = Array.from({ length: count }, () => {
    pull.reviewCommentedAt.push(at);
    const comment = { id: nextId(), body: writeBody(rng) };
    return toActivity(context, at, actor, { kind: 'review-comment', pull, review, comment });
  });
  return [toActivity(context, at, actor, { kind: 'review', pull, review }), ...comments];
}

const STATES = ['approved', 'approved', 'approved', 'commented', 'changes_requested'] as const;

/** One turn of the talk: a review, an answer in words, or the author's own look at it. */
function buildTurn(context: TimelineContext, pull: Pull, after: number): Activity[] {
  const { rng } = context;
  const isAuthors = rng() < 0.3 && pull.author.type === 'User';
  const actor = isAuthors ? pull.author : pickHelper(context, after);
  const at = pickAnswerTime(rng, actor, after, 3);
  const isReview = rng() < (actor === pull.author ? 0.2 : 0.7);
  return isReview
    ? buildReview(context, pull, at, actor)
    : [buildComment(context, pull, at, actor)];
}

/** What a merge pushes: the branch as it was and a merge commit, or all of it in one commit. */
function buildMergePush(context: TimelineContext, pull: Pull, at: number, actor: Person): Activity {
  const isSquash = pull.forkId !== null || context.rng() < 0.5;
  const message = isSquash ? `${pull.title} (#${pull.number})` : `Merge #${pull.number}`;
  const author = isSquash ? pull.author : actor;
  const merge: Commit = { sha: pull.mergeSha, author, message, isDistinct: true };
  const known = isSquash ? [] : pull.commits.map((one) => ({ ...one, isDistinct: false }));
  const branch = context.repository.defaultBranch;
  return toActivity(context, at, actor, { kind: 'push', branch, commits: [...known, merge] });
}

function buildPullEnd(context: TimelineContext, pull: Pull, after: number): Activity[] {
  const { rng, team } = context;
  const chance = rng();
  if (chance > 0.9) return [];
  const isMerged = chance < 0.79;
  const person = !isMerged && rng() < 0.5 ? pull.author : pick(rng, team.maintainers, 1.5);
  const actor = isMerged && rng() < 0.04 ? SAMPLE_BOTS.merger : person;
  const at = pickAnswerTime(rng, actor, after, 5);
  pull.end = { at, by: actor, isMerged };
  const action = isMerged ? 'merged' : 'closed';
  const end = toActivity(context, at, actor, { kind: 'pull', action, pull });
  if (!isMerged) return [end];
  const deleted = { kind: 'branch', action: 'deleted', branch: pull.branch } as const;
  const push = buildMergePush(context, pull, at, actor);
  return pull.forkId ? [push, end] : [push, end, toActivity(context, at + 4_000, actor, deleted)];
}

/** All that happens to one pull request, in the order of time. */
export function buildPullTimeline(
  context: TimelineContext,
  number: number,
  openedAt: number,
): Activity[] {
  const { rng } = context;
  const pull = createPull(context, number, openedAt);
  const opened = toActivity(context, openedAt, pull.author, {
    kind: 'pull',
    action: 'opened',
    pull,
  });
  const activities = pull.forkId ? [opened] : [...buildBranch(context, pull), opened];
  if (rng() < 0.25) {
    activities.push(buildComment(context, pull, openedAt + 420_000, SAMPLE_BOTS.coverage));
  }
  for (let turns = pickInteger(rng, 0, 5) - (rng() < 0.5 ? 1 : 0); turns > 0; turns -= 1) {
    activities.push(...buildTurn(context, pull, activities.at(-1)?.at ?? openedAt));
  }
  return [...activities, ...buildPullEnd(context, pull, activities.at(-1)?.at ?? openedAt)];
}

/** The life of an issue: opened, discussed, closed, now and then reopened and closed again. */

function createIssue(context: TimelineContext, number: number, openedAt: number): Issue {
  const { rng, nextId } = context;
  return {
    isPull: false,
    id: nextId(),
    number,
    author: pickAuthor(context, openedAt),
    title: writeTitle(rng),
    body: rng() < 0.1 ? null : writeBody(rng),
    openedAt,
    commentedAt: [],
  };
}

function buildIssueAction(
  context: TimelineContext,
  issue: Issue,
  at: number,
  actor: Person,
  action: 'opened' | 'closed' | 'reopened',
): Activity {
  return toActivity(context, at, actor, { kind: 'issue', action, issue });
}

function buildIssueComment(context: TimelineContext, issue: Issue, after: number): Activity {
  const { rng, nextId } = context;
  const actor = rng() < 0.35 ? issue.author : pickHelper(context, after);
  const at = pickAnswerTime(rng, actor, after, 7);
  issue.commentedAt.push(at);
  const comment = { id: nextId(), body: writeBody(rng) };
  return toActivity(context, at, actor, { kind: 'comment', thread: issue, comment });
}

/** Three of four issues are closed, one of twenty of these twice. */
function buildIssueEnd(context: TimelineContext, issue: Issue, after: number): Activity[] {
  const { rng, team } = context;
  if (rng() > 0.75) return [];
  const actor = rng() < 0.3 ? issue.author : pick(rng, team.maintainers, 1.5);
  const closedAt = pickAnswerTime(rng, actor, after, 20);
  const closed = buildIssueAction(context, issue, closedAt, actor, 'closed');
  if (rng() > 0.05) return [closed];
  const reopenedAt = pickAnswerTime(rng, issue.author, closedAt, 6);
  const reopened = buildIssueAction(context, issue, reopenedAt, issue.author, 'reopened');
  const closedAgainAt = pickAnswerTime(rng, actor, reopenedAt, 20);
  return [closed, reopened, buildIssueAction(context, issue, closedAgainAt, actor, 'closed')];
}

/** All that happens to one issue, in the order of time. */
export function buildIssueTimeline(
  context: TimelineContext,
  number: number,
  openedAt: number,
): Activity[] {
  const issue = createIssue(context, number, openedAt);
  const activities = [buildIssueAction(context, issue, openedAt, issue.author, 'opened')];
  for (let turns = Math.floor(6 * context.rng() ** 1.7); turns > 0; turns -= 1) {
    activities.push(buildIssueComment(context, issue, activities.at(-1)?.at ?? openedAt));
  }
  return [...activities, ...buildIssueEnd(context, issue, activities.at(-1)?.at ?? openedAt)];
}

/** What happens besides issues and pull requests. */

function writePushedCommits(rng: Rng, author: Person): Commit[] {
  // At most 20, as the payload of a push lists no more; most pushes hold one or two.
  const count = Math.min(20, Math.floor(rng() ** -0.75));
  return Array.from({ length: count }, () => ({
    sha: pickSha(rng),
    author,
    message: writeTitle(rng),
    isDistinct: rng() > 0.03,
  }));
}

/** A maintainer pushes to the default branch, or one of five times to another. */
export function buildPushTimeline(context: TimelineContext, at: number): Activity[] {
  const { rng, team, people, nextId, repository } = context;
  const actor = pickAwake(rng, team.maintainers, at);
  const branch = rng() < 0.8 ? repository.defaultBranch : `spike-${pickInteger(rng, 1, 40)}`;
  const commits = writePushedCommits(rng, actor);
  const push = toActivity(context, at, actor, { kind: 'push', branch, commits });
  if (rng() > 0.06) return [push];
  const reader = pick(rng, people, 2);
  const comment = { id: nextId(), body: writeBody(rng) };
  const sha = commits[0]?.sha ?? '';
  const details = { kind: 'commit-comment', sha, comment } as const;
  return [push, toActivity(context, pickAnswerTime(rng, reader, at, 8), reader, details)];
}

/** A release is published by a maintainer; in one of five repositories a bot does it. */
export function buildReleaseTimeline(
  context: TimelineContext,
  at: number,
  count: number,
): Activity[] {
  const { rng, team, nextId, repository } = context;
  const isAutomatic = repository.githubId % 5 === 2;
  const actor = isAutomatic ? SAMPLE_BOTS.releaser : pickAwake(rng, team.maintainers, at);
  const tag = `v${1 + Math.floor(count / 40)}.${Math.floor(count / 4) % 10}.${count % 4}`;
  const body = `${writeTitle(rng)}\n${writeTitle(rng)}`;
  return [toActivity(context, at, actor, { kind: 'release', id: nextId(), tag, body })];
}

/** Someone takes notice: a star, or one of six times a fork. */
export function buildInterestTimeline(context: TimelineContext, at: number): Activity[] {
  const actor = pickAwake(context.rng, context.people, at, 1);
  const isFork = context.rng() < 1 / 6;
  const fork = { kind: 'fork', forkId: forkIdOf(context, actor) } as const;
  return [toActivity(context, at, actor, isFork ? fork : { kind: 'watch' })];
}

/** What the rest of the world does in an hour, in repositories that nobody tracks. */
export function buildUntrackedTimeline(context: TimelineContext, hour: number): Activity[] {
  const { rng } = context;
  const at = hour + Math.floor(rng() * HOUR_MS);
  const actor = pickAuthor(context, at);
  if (rng() < 0.5) return [toActivity(context, at, actor, { kind: 'watch' })];
  const branch = context.repository.defaultBranch;
  return [
    toActivity(context, at, actor, {
      kind: 'push',
      branch,
      commits: writePushedCommits(rng, actor),
    }),
  ];
}
