import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import {
  type Community,
  type Person,
  SAMPLE_BOTS,
  type SampleRepository,
  toBranch,
  writeBody,
  writeTitle,
  writeUpdateTitle,
} from './community.ts';
import { pick, pickInteger, pickSha, pickSize, type Rng } from './rng.ts';
import { MAX_OPENED_PER_DAY, pickAwake, whenAwake } from './schedule.ts';

/**
 * What happens to pull requests and issues, and besides them, before it is written in the format
 * of an era. The order of the random draws is part of the result: a draw that is added, removed or
 * moved changes all that comes after it.
 */

export type Issue = ReturnType<typeof createIssue>;
export type Pull = ReturnType<typeof createPull>;
type Commit = ReturnType<typeof writeCommit>;
export type Comment = ReturnType<typeof writeComment>;

/** An activity by the type of its event, under GitHub's names. */
type ActivityDetails = Readonly<
  | { type: 'PullRequestEvent'; action: 'opened' | 'closed' | 'merged'; pull: Pull }
  | { type: 'PullRequestReviewEvent'; pull: Pull; review: Comment & { state: string } }
  | { type: 'PullRequestReviewCommentEvent'; pull: Pull; review: Comment; comment: Comment }
  | { type: 'IssuesEvent'; action: 'opened' | 'closed' | 'reopened'; issue: Issue }
  | { type: 'IssueCommentEvent'; thread: Issue | Pull; comment: Comment }
  | { type: 'CommitCommentEvent'; sha: string; comment: Comment }
  | { type: 'PushEvent'; branch: string; commits: readonly Commit[] }
  | { type: 'CreateEvent'; branch: string }
  | { type: 'DeleteEvent'; branch: string }
  | { type: 'ReleaseEvent'; id: number; tag: string; body: string }
  | { type: 'WatchEvent' }
  | { type: 'ForkEvent'; forkId: number }
>;

/** What a person did in a repository at a time (milliseconds, as all times here). */
export type Activity = ActivityDetails & {
  readonly at: number;
  readonly actor: Person;
  readonly repository: SampleRepository;
};

/** An activity of one type. */
export type ActivityOf<T extends Activity['type']> = Extract<Activity, { type: T }>;

/** Above every id that GitHub has given to a comment, review or pull request (about 4 billion). */
const FIRST_ID = 9_500_000_000;
const IDS_PER_TIMELINE = 64;
/** Slots for the numbered timelines of a day, and as many for all others. */
export const SLOTS_PER_DAY = 2 * MAX_OPENED_PER_DAY;
const MAX_REPOSITORIES = 128;

/** A sequence of activities that follow from each other, as it grows. */
export type Timeline = ReturnType<typeof createTimeline>;

/**
 * The ids of a timeline depend on its repository, day and slot alone, so that the sample of
 * another day has the same ids for the same activities.
 */
export function createTimeline(
  { people, teamOf }: Community,
  repository: SampleRepository,
  rng: Rng,
  day: number,
  slot: number,
) {
  const serial = day * MAX_REPOSITORIES + (repository.githubId % MAX_REPOSITORIES);
  const firstId = FIRST_ID + (serial * SLOTS_PER_DAY + slot) * IDS_PER_TIMELINE;
  const activities: Activity[] = [];
  let ids = 0;
  const add = (at: number, actor: Person, details: ActivityDetails): void => {
    activities.push({ ...details, at, actor, repository });
  };
  /** A new id for a comment, a review or a pull request. */
  const nextId = (): number => {
    if (ids === IDS_PER_TIMELINE) throw new RangeError('a timeline has no more than 64 ids');
    ids += 1;
    return firstId + ids - 1;
  };
  return { rng, repository, team: teamOf(repository), people, activities, add, nextId };
}

/** Who opens something: one of the team in two of three cases, else any person. */
function pickAuthor({ rng, team, people }: Timeline, at: number): Person {
  const chance = rng();
  if (chance < 0.33) return pickAwake(rng, team.maintainers, at);
  if (chance < 0.68) return pickAwake(rng, team.regulars, at);
  return pickAwake(rng, people, at, 1.4);
}

const lastTime = ({ activities }: Timeline) => activities.at(-1)?.at ?? 0;

/** Who answers the last activity: a maintainer, or in one of three cases a regular. */
function pickHelper(timeline: Timeline): Person {
  const { rng, team } = timeline;
  const people = rng() < 0.67 ? team.maintainers : team.regulars;
  return pickAwake(rng, people, lastTime(timeline), 1.6);
}

/** When a person answers the last activity: half of the answers come within the median. */
function pickAnswerTime(timeline: Timeline, person: Person, medianHours: number): number {
  const { rng } = timeline;
  const wait = Math.min(40 * DAY_MS, 60_000 + pickSize(rng, medianHours * HOUR_MS, 1.1));
  return whenAwake(rng, person, lastTime(timeline) + Math.floor(wait));
}

function writeComment({ rng, nextId }: Timeline) {
  return { id: nextId(), body: writeBody(rng) };
}

function addComment(timeline: Timeline, thread: Issue | Pull, at: number, actor: Person): void {
  timeline.add(at, actor, { type: 'IssueCommentEvent', thread, comment: writeComment(timeline) });
}

/** `isDistinct` is false if another branch of the repository had the commit before. */
function writeCommit(rng: Rng, author: Person, message?: string) {
  return { sha: pickSha(rng), author, message: message ?? writeTitle(rng), isDistinct: true };
}

/** Far above every id that GitHub has given to a fork. */
const FIRST_FORK_ID = 9_400_000_000;

/** The id of a person's fork of the repository. */
function forkIdOf({ repository }: Timeline, person: Person): number {
  return FIRST_FORK_ID + (person.id % 1_000_000) * 128 + (repository.githubId % 128);
}

/** The commits of a pull request, at most 12; three of four pull requests have one to three. */
function writeCommits(rng: Rng, author: Person, title: string): Commit[] {
  const more = Array.from({ length: Math.min(11, Math.floor(2.5 * rng() ** -0.5) - 2) });
  const messages = [title, ...more.map(() => writeTitle(rng))];
  return messages.map((message) => writeCommit(rng, author, message));
}

/** A bot opens one of ten pull requests. */
function createPull(timeline: Timeline, number: number, openedAt: number) {
  const { rng, team, nextId } = timeline;
  const isUpdate = rng() < 0.1;
  const author = isUpdate ? SAMPLE_BOTS.updater : pickAuthor(timeline, openedAt);
  const title = isUpdate ? writeUpdateTitle(rng) : writeTitle(rng);
  const isInside = isUpdate || team.maintainers.includes(author) || rng() < 0.2;
  const commits = writeCommits(rng, author, title);
  const added = Math.ceil(pickSize(rng, isUpdate ? 4 : 42, 1.5));
  return {
    isPull: true as const,
    id: nextId(),
    number,
    author,
    title,
    openedAt,
    commits,
    added,
    body: rng() < 0.2 ? null : writeBody(rng),
    branch: toBranch(title, number),
    headSha: commits.at(-1)?.sha ?? '',
    baseSha: pickSha(rng),
    mergeSha: pickSha(rng),
    /** Null if the branch is in the repository itself. */
    forkId: isInside ? null : forkIdOf(timeline, author),
    deleted: Math.floor(added * rng() ** 2 * 1.4),
    files: 1 + Math.floor(added / 60),
    /** Null while it is open. */
    end: null as { at: number; by: Person; isMerged: boolean } | null,
  };
}

/** A branch in the repository itself is created and pushed to before the pull request opens. */
function openPull({ add }: Timeline, pull: Pull): void {
  const { author, branch, commits, openedAt } = pull;
  if (pull.forkId === null) {
    add(openedAt - 60_000, author, { type: 'CreateEvent', branch });
    add(openedAt - 40_000, author, { type: 'PushEvent', branch, commits });
  }
  add(openedAt, author, { type: 'PullRequestEvent', action: 'opened', pull });
}

/** Approval is three times as likely as either of the others. */
const STATES = ['approved', 'approved', 'approved', 'commented', 'changes_requested'] as const;

/** A review with its comments, all submitted at once. */
function reviewPull(timeline: Timeline, pull: Pull, at: number, actor: Person): void {
  const { rng, add } = timeline;
  const state = actor === pull.author ? 'commented' : pick(rng, STATES);
  const review = { ...writeComment(timeline), state };
  add(at, actor, { type: 'PullRequestReviewEvent', pull, review });
  for (let comments = Math.floor(5 * rng() ** 3.2); comments > 0; comments -= 1) {
    const comment = writeComment(timeline);
    add(at, actor, { type: 'PullRequestReviewCommentEvent', pull, review, comment });
  }
}

/** One turn of the discussion: a review or a comment, by a helper or by the author. */
function discussPull(timeline: Timeline, pull: Pull): void {
  const { rng } = timeline;
  const isByAuthor = rng() < 0.3 && pull.author.type === 'User';
  const actor = isByAuthor ? pull.author : pickHelper(timeline);
  const at = pickAnswerTime(timeline, actor, 3);
  const isReview = rng() < (actor === pull.author ? 0.2 : 0.7);
  (isReview ? reviewPull : addComment)(timeline, pull, at, actor);
}

/** What a merge pushes: the branch as it was and a merge commit, or all of it in one commit. */
function pushMerge(
  { rng, add, repository }: Timeline,
  pull: Pull,
  at: number,
  actor: Person,
): void {
  const isSquash = pull.forkId !== null || rng() < 0.5;
  const message = isSquash ? `${pull.title} (#${pull.number})` : `Merge #${pull.number}`;
  const author = isSquash ? pull.author : actor;
  const merge = { sha: pull.mergeSha, author, message, isDistinct: true };
  const known = isSquash ? [] : pull.commits.map((one) => ({ ...one, isDistinct: false }));
  add(at, actor, {
    type: 'PushEvent',
    branch: repository.defaultBranch,
    commits: [...known, merge],
  });
}

/** Of ten pull requests about eight are merged, one is closed without a merge, one stays open. */
function endPull(timeline: Timeline, pull: Pull): void {
  const { rng, team, add } = timeline;
  const chance = rng();
  if (chance > 0.9) return;
  const isMerged = chance < 0.79;
  const person = !isMerged && rng() < 0.5 ? pull.author : pick(rng, team.maintainers, 1.5);
  const actor = isMerged && rng() < 0.04 ? SAMPLE_BOTS.merger : person;
  const at = pickAnswerTime(timeline, actor, 5);
  pull.end = { at, by: actor, isMerged };
  if (isMerged) pushMerge(timeline, pull, at, actor);
  add(at, actor, { type: 'PullRequestEvent', action: isMerged ? 'merged' : 'closed', pull });
  if (isMerged && pull.forkId === null) {
    add(at + 4_000, actor, { type: 'DeleteEvent', branch: pull.branch });
  }
}

/** A pull request: opened, reviewed, discussed, merged or closed. */
export function addPull(timeline: Timeline, number: number, openedAt: number): void {
  const { rng } = timeline;
  const pull = createPull(timeline, number, openedAt);
  openPull(timeline, pull);
  if (rng() < 0.25) addComment(timeline, pull, openedAt + 420_000, SAMPLE_BOTS.coverage);
  for (let turns = pickInteger(rng, 0, 5) - (rng() < 0.5 ? 1 : 0); turns > 0; turns -= 1) {
    discussPull(timeline, pull);
  }
  endPull(timeline, pull);
}

function createIssue(timeline: Timeline, number: number, openedAt: number) {
  const { rng, nextId } = timeline;
  const author = pickAuthor(timeline, openedAt);
  const title = writeTitle(rng);
  const body = rng() < 0.1 ? null : writeBody(rng);
  return { isPull: false as const, id: nextId(), number, author, title, body, openedAt };
}

/**
 * An issue: opened and discussed. Three of four are closed, and one of twenty of these is reopened
 * and closed again.
 */
export function addIssue(timeline: Timeline, number: number, openedAt: number): void {
  const { rng, team } = timeline;
  const issue = createIssue(timeline, number, openedAt);
  const add = (at: number, by: Person, action: 'opened' | 'closed' | 'reopened') =>
    timeline.add(at, by, { type: 'IssuesEvent', action, issue });
  add(openedAt, issue.author, 'opened');
  for (let turns = Math.floor(6 * rng() ** 1.7); turns > 0; turns -= 1) {
    const actor = rng() < 0.35 ? issue.author : pickHelper(timeline);
    addComment(timeline, issue, pickAnswerTime(timeline, actor, 7), actor);
  }
  if (rng() > 0.75) return;
  const actor = rng() < 0.3 ? issue.author : pick(rng, team.maintainers, 1.5);
  add(pickAnswerTime(timeline, actor, 20), actor, 'closed');
  if (rng() > 0.05) return;
  add(pickAnswerTime(timeline, issue.author, 6), issue.author, 'reopened');
  add(pickAnswerTime(timeline, actor, 20), actor, 'closed');
}

/** The commits of a push outside of pull requests: most often one or two. */
function writePushedCommits(rng: Rng, author: Person): Commit[] {
  // At most 20, as the payload of a push lists no more.
  return Array.from({ length: Math.min(20, Math.floor(rng() ** -0.75)) }, () => ({
    ...writeCommit(rng, author),
    isDistinct: rng() > 0.03,
  }));
}

/**
 * A maintainer pushes to the default branch, or in one of five cases to another. One push in 17
 * gets a comment on its first commit.
 */
export function addPush(timeline: Timeline, at: number): void {
  const { rng, team, people, repository, add } = timeline;
  const actor = pickAwake(rng, team.maintainers, at);
  const branch = rng() < 0.8 ? repository.defaultBranch : `spike-${pickInteger(rng, 1, 40)}`;
  const commits = writePushedCommits(rng, actor);
  add(at, actor, { type: 'PushEvent', branch, commits });
  if (rng() > 0.06) return;
  const reader = pick(rng, people, 2);
  const comment = writeComment(timeline);
  const sha = commits[0]?.sha ?? '';
  add(pickAnswerTime(timeline, reader, 8), reader, { type: 'CommitCommentEvent', sha, comment });
}

/** A release, which a maintainer publishes; in one of five repositories a bot does it. */
export function addRelease(timeline: Timeline, at: number, count: number): void {
  const { rng, team, nextId, repository, add } = timeline;
  const isAutomatic = repository.githubId % 5 === 2;
  const actor = isAutomatic ? SAMPLE_BOTS.releaser : pickAwake(rng, team.maintainers, at);
  const tag = `v${1 + Math.floor(count / 40)}.${Math.floor(count / 4) % 10}.${count % 4}`;
  const body = `${writeTitle(rng)}\n${writeTitle(rng)}`;
  add(at, actor, { type: 'ReleaseEvent', id: nextId(), tag, body });
}

/** A person stars the repository, or in one of six cases forks it. */
export function addStarOrFork(timeline: Timeline, at: number): void {
  const { rng, people, add } = timeline;
  const actor = pickAwake(rng, people, at, 1);
  if (rng() >= 1 / 6) add(at, actor, { type: 'WatchEvent' });
  else add(at, actor, { type: 'ForkEvent', forkId: forkIdOf(timeline, actor) });
}

/** A star or a push in a repository that the run does not track, within an hour. */
export function addUntracked(timeline: Timeline, hour: number): void {
  const { rng, repository, add } = timeline;
  const at = hour + Math.floor(rng() * HOUR_MS);
  const actor = pickAuthor(timeline, at);
  if (rng() < 0.5) add(at, actor, { type: 'WatchEvent' });
  else {
    const commits = writePushedCommits(rng, actor);
    add(at, actor, { type: 'PushEvent', branch: repository.defaultBranch, commits });
  }
}
