import { HOUR_MS } from '../../domain/window.ts';
import {
  type Commit,
  type Fact,
  type Issue,
  later,
  type Pull,
  pickAuthor,
  pickHelper,
  type Review,
  type Telling,
  toFact,
} from './activity.ts';
import {
  type Person,
  SAMPLE_BOTS,
  toBranch,
  writeBody,
  writeTitle,
  writeUpdateTitle,
} from './community.ts';
import { type Dice, pick, pickInteger, pickSha, pickSize } from './rng.ts';
import { pickAwake } from './schedule.ts';

/** The life of a pull request: opened, reviewed, discussed, merged or closed. */

const FIRST_FORK_ID = 9_400_000_000;
/** Of a hundred pull requests: those that a bot opens. */
const BOT_SHARE = 0.1;

/** Which fork of the repository a person has. */
export function forkIdOf({ repository }: Telling, person: Person): number {
  return FIRST_FORK_ID + (person.id % 1_000_000) * 128 + (repository.githubId % 128);
}

function writeCommits(dice: Dice, author: Person, title: string): Commit[] {
  const more = Array.from({ length: Math.min(11, Math.floor(2.5 * dice() ** -0.5) - 2) });
  return [title, ...more.map(() => writeTitle(dice))].map((message) => ({
    sha: pickSha(dice),
    author,
    message,
    isDistinct: true,
  }));
}

function createPull(telling: Telling, number: number, openedAt: number): Pull {
  const { dice, crew, nextId } = telling;
  const isUpdate = dice() < BOT_SHARE;
  const author = isUpdate ? SAMPLE_BOTS.updater : pickAuthor(telling, openedAt);
  const title = isUpdate ? writeUpdateTitle(dice) : writeTitle(dice);
  const isInside = isUpdate || crew.maintainers.includes(author) || dice() < 0.2;
  const commits = writeCommits(dice, author, title);
  const added = Math.ceil(pickSize(dice, isUpdate ? 4 : 42, 1.5));
  return {
    isPull: true,
    id: nextId(),
    number,
    author,
    title,
    openedAt,
    commits,
    added,
    body: dice() < 0.2 ? null : writeBody(dice),
    branch: toBranch(title, number),
    headSha: commits.at(-1)?.sha ?? pickSha(dice),
    baseSha: pickSha(dice),
    mergeSha: pickSha(dice),
    forkId: isInside ? null : forkIdOf(telling, author),
    deleted: Math.floor(added * dice() ** 2 * 1.4),
    files: 1 + Math.floor(added / 60),
    commentedAt: [],
    reviewCommentedAt: [],
    end: null,
  };
}

/** A branch in the repository itself is created, filled and, in the end, deleted. */
function tellBranch(telling: Telling, { author, branch, commits, openedAt }: Pull): Fact[] {
  const created = { kind: 'branch', action: 'created', branch } as const;
  const push = { kind: 'push', branch, commits } as const;
  return [
    toFact(telling, openedAt - 60_000, author, created),
    toFact(telling, openedAt - 40_000, author, push),
  ];
}

function tellComment(telling: Telling, pull: Pull, at: number, actor: Person): Fact {
  pull.commentedAt.push(at);
  const remark = { id: telling.nextId(), body: writeBody(telling.dice) };
  return toFact(telling, at, actor, { kind: 'comment', thread: pull, remark });
}

/** A review and the comments that were written in it, all submitted at once. */
function tellReview(telling: Telling, pull: Pull, at: number, actor: Person): Fact[] {
  const { dice, nextId } = telling;
  const state = actor === pull.author ? 'commented' : pick(dice, STATES);
  const review: Review = { id: nextId(), body: writeBody(dice), state };
  const remarks = Array.from({ length: Math.floor(5 * dice() ** 3.2) });
  const comments = remarks.map(() => {
    pull.reviewCommentedAt.push(at);
    const remark = { id: nextId(), body: writeBody(dice) };
    return toFact(telling, at, actor, { kind: 'review-comment', pull, review, remark });
  });
  return [toFact(telling, at, actor, { kind: 'review', pull, review }), ...comments];
}

const STATES = ['approved', 'approved', 'approved', 'commented', 'changes_requested'] as const;

/** One turn of the talk: a review, an answer in words, or the author's own look at it. */
function tellTurn(telling: Telling, pull: Pull, after: number): Fact[] {
  const { dice } = telling;
  const isAuthors = dice() < 0.3 && pull.author.type === 'User';
  const actor = isAuthors ? pull.author : pickHelper(telling, after);
  const at = later(dice, actor, after, 3);
  const isReview = dice() < (actor === pull.author ? 0.2 : 0.7);
  return isReview ? tellReview(telling, pull, at, actor) : [tellComment(telling, pull, at, actor)];
}

/** What a merge pushes: the branch as it was and a merge commit, or all of it in one commit. */
function tellMergePush(telling: Telling, pull: Pull, at: number, actor: Person): Fact {
  const isSquash = pull.forkId !== null || telling.dice() < 0.5;
  const message = isSquash ? `${pull.title} (#${pull.number})` : `Merge #${pull.number}`;
  const author = isSquash ? pull.author : actor;
  const merge: Commit = { sha: pull.mergeSha, author, message, isDistinct: true };
  const known = isSquash ? [] : pull.commits.map((one) => ({ ...one, isDistinct: false }));
  const branch = telling.repository.defaultBranch;
  return toFact(telling, at, actor, { kind: 'push', branch, commits: [...known, merge] });
}

function tellEnd(telling: Telling, pull: Pull, after: number): Fact[] {
  const { dice, crew } = telling;
  const fate = dice();
  if (fate > 0.9) return [];
  const isMerged = fate < 0.79;
  const person = !isMerged && dice() < 0.5 ? pull.author : pick(dice, crew.maintainers, 1.5);
  const actor = isMerged && dice() < 0.04 ? SAMPLE_BOTS.merger : person;
  const at = later(dice, actor, after, 5);
  pull.end = { at, by: actor, isMerged };
  const action = isMerged ? 'merged' : 'closed';
  const end = toFact(telling, at, actor, { kind: 'pull', action, pull });
  if (!isMerged) return [end];
  const deleted = { kind: 'branch', action: 'deleted', branch: pull.branch } as const;
  const push = tellMergePush(telling, pull, at, actor);
  return pull.forkId ? [push, end] : [push, end, toFact(telling, at + 4_000, actor, deleted)];
}

/** All that happens to one pull request, in the order of time. */
export function tellPull(telling: Telling, number: number, openedAt: number): Fact[] {
  const { dice } = telling;
  const pull = createPull(telling, number, openedAt);
  const opened = toFact(telling, openedAt, pull.author, { kind: 'pull', action: 'opened', pull });
  const facts = pull.forkId ? [opened] : [...tellBranch(telling, pull), opened];
  if (dice() < 0.25) {
    facts.push(tellComment(telling, pull, openedAt + 420_000, SAMPLE_BOTS.coverage));
  }
  for (let turns = pickInteger(dice, 0, 5) - (dice() < 0.5 ? 1 : 0); turns > 0; turns -= 1) {
    facts.push(...tellTurn(telling, pull, facts.at(-1)?.at ?? openedAt));
  }
  return [...facts, ...tellEnd(telling, pull, facts.at(-1)?.at ?? openedAt)];
}

/** The life of an issue: opened, discussed, closed, now and then reopened and closed again. */

function createIssue(telling: Telling, number: number, openedAt: number): Issue {
  const { dice, nextId } = telling;
  return {
    isPull: false,
    id: nextId(),
    number,
    author: pickAuthor(telling, openedAt),
    title: writeTitle(dice),
    body: dice() < 0.1 ? null : writeBody(dice),
    openedAt,
    commentedAt: [],
  };
}

function tellAction(
  telling: Telling,
  issue: Issue,
  at: number,
  actor: Person,
  action: 'opened' | 'closed' | 'reopened',
): Fact {
  return toFact(telling, at, actor, { kind: 'issue', action, issue });
}

function tellIssueComment(telling: Telling, issue: Issue, after: number): Fact {
  const { dice, nextId } = telling;
  const actor = dice() < 0.35 ? issue.author : pickHelper(telling, after);
  const at = later(dice, actor, after, 7);
  issue.commentedAt.push(at);
  const remark = { id: nextId(), body: writeBody(dice) };
  return toFact(telling, at, actor, { kind: 'comment', thread: issue, remark });
}

/** Three of four issues are closed, one of twenty of these twice. */
function tellIssueEnd(telling: Telling, issue: Issue, after: number): Fact[] {
  const { dice, crew } = telling;
  if (dice() > 0.75) return [];
  const actor = dice() < 0.3 ? issue.author : pick(dice, crew.maintainers, 1.5);
  const closedAt = later(dice, actor, after, 20);
  const closed = tellAction(telling, issue, closedAt, actor, 'closed');
  if (dice() > 0.05) return [closed];
  const reopenedAt = later(dice, issue.author, closedAt, 6);
  const reopened = tellAction(telling, issue, reopenedAt, issue.author, 'reopened');
  const closedAgainAt = later(dice, actor, reopenedAt, 20);
  return [closed, reopened, tellAction(telling, issue, closedAgainAt, actor, 'closed')];
}

/** All that happens to one issue, in the order of time. */
export function tellIssue(telling: Telling, number: number, openedAt: number): Fact[] {
  const issue = createIssue(telling, number, openedAt);
  const facts = [tellAction(telling, issue, openedAt, issue.author, 'opened')];
  for (let turns = Math.floor(6 * telling.dice() ** 1.7); turns > 0; turns -= 1) {
    facts.push(tellIssueComment(telling, issue, facts.at(-1)?.at ?? openedAt));
  }
  return [...facts, ...tellIssueEnd(telling, issue, facts.at(-1)?.at ?? openedAt)];
}

/** What happens besides issues and pull requests. */

function writePushedCommits(dice: Dice, author: Person): Commit[] {
  // At most 20, as the payload of a push lists no more; most pushes hold one or two.
  const count = Math.min(20, Math.floor(dice() ** -0.75));
  return Array.from({ length: count }, () => ({
    sha: pickSha(dice),
    author,
    message: writeTitle(dice),
    isDistinct: dice() > 0.03,
  }));
}

/** A maintainer pushes to the default branch, or one of five times to another. */
export function tellPush(telling: Telling, at: number): Fact[] {
  const { dice, crew, people, nextId, repository } = telling;
  const actor = pickAwake(dice, crew.maintainers, at);
  const branch = dice() < 0.8 ? repository.defaultBranch : `spike-${pickInteger(dice, 1, 40)}`;
  const commits = writePushedCommits(dice, actor);
  const push = toFact(telling, at, actor, { kind: 'push', branch, commits });
  if (dice() > 0.06) return [push];
  const reader = pick(dice, people, 2);
  const remark = { id: nextId(), body: writeBody(dice) };
  const sha = commits[0]?.sha ?? '';
  const comment = { kind: 'commit-comment', sha, remark } as const;
  return [push, toFact(telling, later(dice, reader, at, 8), reader, comment)];
}

/** A release is published by a maintainer; in one of five repositories a bot does it. */
export function tellRelease(telling: Telling, at: number, count: number): Fact[] {
  const { dice, crew, nextId, repository } = telling;
  const isAutomatic = repository.githubId % 5 === 2;
  const actor = isAutomatic ? SAMPLE_BOTS.releaser : pickAwake(dice, crew.maintainers, at);
  const tag = `v${1 + Math.floor(count / 40)}.${Math.floor(count / 4) % 10}.${count % 4}`;
  const body = `${writeTitle(dice)}\n${writeTitle(dice)}`;
  return [toFact(telling, at, actor, { kind: 'release', id: nextId(), tag, body })];
}

/** Someone takes notice: a star, or one of six times a fork. */
export function tellNotice(telling: Telling, at: number): Fact[] {
  const actor = pickAwake(telling.dice, telling.people, at, 1);
  const isFork = telling.dice() < 1 / 6;
  const fork = { kind: 'fork', forkId: forkIdOf(telling, actor) } as const;
  return [toFact(telling, at, actor, isFork ? fork : { kind: 'watch' })];
}

/** What the rest of the world does in an hour, in repositories that nobody tracks. */
export function tellElsewhere(telling: Telling, hour: number): Fact[] {
  const { dice } = telling;
  const at = hour + Math.floor(dice() * HOUR_MS);
  const actor = pickAuthor(telling, at);
  if (dice() < 0.5) return [toFact(telling, at, actor, { kind: 'watch' })];
  const branch = telling.repository.defaultBranch;
  return [
    toFact(telling, at, actor, { kind: 'push', branch, commits: writePushedCommits(dice, actor) }),
  ];
}
