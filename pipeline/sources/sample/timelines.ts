import { DAY_MS, HOUR_MS } from '../../domain/time.ts';
import {
  type Community,
  type Person,
  SAMPLE_BOTS,
  type SampleRepository,
  writeBody,
  writeTitle,
} from './community.ts';
import { pick, pickSha, pickSize, type Rng } from './rng.ts';
import { MAX_OPENED_PER_DAY, pickAwake, whenAwake } from './schedule.ts';

/**
 * What happens to pull requests and issues, and besides them, before it is written in the format
 * of an era. The order of the random draws is part of the result: a draw that is added, removed or
 * moved changes all that comes after it.
 */

export type Issue = ReturnType<typeof createIssue>;
export type Pull = ReturnType<typeof createPull>;
export type Text = ReturnType<typeof createText> & { readonly state?: string };
type Commit = ReturnType<typeof createPushCommits>[number];

/** An activity by the type of its event, under GitHub's names. */
type ActivityDetails = Readonly<
  | { type: 'PullRequestEvent'; action: 'opened' | 'closed' | 'merged'; pull: Pull }
  | { type: 'PullRequestReviewEvent'; action: 'created'; pull: Pull; review: Text }
  | { type: 'PullRequestReviewCommentEvent'; action: 'created'; pull: Pull; comment: Text }
  | { type: 'IssuesEvent'; action: 'opened' | 'closed' | 'reopened'; issue: Issue }
  | { type: 'IssueCommentEvent'; action: 'created'; issue: Issue | Pull; comment: Text }
  | { type: 'CommitCommentEvent'; action: 'created'; comment: Text }
  | { type: 'PushEvent'; branch: string; commits: readonly Commit[] }
  | { type: 'CreateEvent' | 'DeleteEvent'; branch: string }
  | { type: 'ReleaseEvent'; action: 'published'; release: Text }
  | { type: 'WatchEvent'; action: 'started' }
  | { type: 'ForkEvent'; action: 'forked'; forkId: number }
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
/** A pull request has the most: at most 27. */
const IDS_PER_TIMELINE = 64;
/** Slots for the numbered timelines of a day, and as many for all others. */
export const SLOTS_PER_DAY = 2 * MAX_OPENED_PER_DAY;
const MAX_REPOSITORIES = 128;

/** A day of a repository. */
export interface Day {
  readonly community: Community;
  readonly repository: SampleRepository;
  readonly day: number;
}

/** A sequence of activities that follow from each other, as it grows. */
export type Timeline = ReturnType<typeof createTimeline>;

/**
 * The ids of a timeline depend on its repository, day and slot alone, so that the sample of
 * another day has the same ids for the same activities.
 */
export function createTimeline({ community, repository, day }: Day, rng: Rng, slot: number) {
  const serial = day * MAX_REPOSITORIES + (repository.githubId % MAX_REPOSITORIES);
  let id = FIRST_ID + (serial * SLOTS_PER_DAY + slot) * IDS_PER_TIMELINE;
  const activities: Activity[] = [];
  const add = (at: number, actor: Person, details: ActivityDetails): void => {
    activities.push({ ...details, at, actor, repository });
  };
  const { people, teamOf } = community;
  return { rng, repository, team: teamOf(repository), people, activities, add, nextId: () => id++ };
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

function createText({ rng, nextId }: Timeline) {
  return { id: nextId(), body: writeBody(rng) };
}

function addComment(timeline: Timeline, issue: Issue | Pull, at: number, actor: Person): void {
  const comment = createText(timeline);
  timeline.add(at, actor, { type: 'IssueCommentEvent', action: 'created', issue, comment });
}

/** At most 12; three of four pull requests have one to three. */
function createPullCommits(rng: Rng, title: string): Commit[] {
  const more = Array.from({ length: Math.min(11, Math.floor(2.5 * rng() ** -0.5) - 2) });
  const messages = [title, ...more.map(() => writeTitle(rng))];
  return messages.map((message) => ({ sha: pickSha(rng), message, distinct: true }));
}

/** A bot opens one of ten pull requests. */
function createPull(timeline: Timeline, number: number, openedAt: number) {
  const { rng, team, nextId } = timeline;
  const isUpdate = rng() < 0.1;
  const author = isUpdate ? SAMPLE_BOTS.updater : pickAuthor(timeline, openedAt);
  const title = isUpdate ? `Update to v${Math.ceil(9 * rng() + 9 * rng())}` : writeTitle(rng);
  const isInside = isUpdate || team.maintainers.includes(author) || rng() < 0.2;
  const commits = createPullCommits(rng, title);
  const added = Math.ceil(pickSize(rng, isUpdate ? 4 : 42, 1.5));
  const body = rng() < 0.2 ? null : writeBody(rng);
  return {
    ...{ id: nextId(), number, author, title, body, openedAt, commits, added },
    branch: `change-${number}`,
    baseSha: pickSha(rng),
    mergeSha: pickSha(rng),
    /** Whether the branch is in the repository itself. */
    isInside,
    deleted: Math.floor(added * rng() ** 2 * 1.4),
  };
}

/** A branch in the repository itself is created and pushed to before the pull request opens. */
function openPull({ add }: Timeline, pull: Pull): void {
  const { author, branch, commits, openedAt } = pull;
  if (pull.isInside) {
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
  const review = { ...createText(timeline), state };
  add(at, actor, { type: 'PullRequestReviewEvent', action: 'created', pull, review });
  for (let comments = Math.floor(5 * rng() ** 3.2); comments > 0; comments -= 1) {
    const comment = createText(timeline);
    add(at, actor, { type: 'PullRequestReviewCommentEvent', action: 'created', pull, comment });
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
function pushMerge(timeline: Timeline, pull: Pull, at: number, actor: Person): void {
  const { rng, add, repository } = timeline;
  const isSquash = !pull.isInside || rng() < 0.5;
  const known = isSquash ? [] : pull.commits.map((commit) => ({ ...commit, distinct: false }));
  const commits = [...known, { sha: pull.mergeSha, message: pull.title, distinct: true }];
  add(at, actor, { type: 'PushEvent', branch: repository.defaultBranch, commits });
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
  if (isMerged) pushMerge(timeline, pull, at, actor);
  add(at, actor, { type: 'PullRequestEvent', action: isMerged ? 'merged' : 'closed', pull });
  if (!isMerged || !pull.isInside) return;
  add(at + 4_000, actor, { type: 'DeleteEvent', branch: pull.branch });
}

/** A pull request: opened, reviewed, discussed, merged or closed. */
export function addPull(timeline: Timeline, number: number, openedAt: number): void {
  const { rng } = timeline;
  const pull = createPull(timeline, number, openedAt);
  openPull(timeline, pull);
  if (rng() < 0.25) addComment(timeline, pull, openedAt + 420_000, SAMPLE_BOTS.coverage);
  for (let turns = Math.floor(6 * rng()) - (rng() < 0.5 ? 1 : 0); turns > 0; turns -= 1) {
    discussPull(timeline, pull);
  }
  endPull(timeline, pull);
}

function createIssue(timeline: Timeline, number: number, openedAt: number) {
  const { rng, nextId } = timeline;
  const author = pickAuthor(timeline, openedAt);
  const title = writeTitle(rng);
  const body = rng() < 0.1 ? null : writeBody(rng);
  return { id: nextId(), number, author, title, body, openedAt };
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

/**
 * The commits of a push outside of pull requests: most often one or two. Not distinct is one that
 * another branch of the repository had before.
 */
function createPushCommits(rng: Rng) {
  // At most 20, as the payload of a push lists no more.
  return Array.from({ length: Math.min(20, Math.floor(rng() ** -0.75)) }, () => {
    return { sha: pickSha(rng), message: writeTitle(rng), distinct: rng() > 0.03 };
  });
}

/**
 * A maintainer pushes to the default branch, or in one of five cases to another. One push in 17
 * gets a comment on a commit.
 */
export function addPush(timeline: Timeline, at: number): void {
  const { rng, team, people, repository, add } = timeline;
  const actor = pickAwake(rng, team.maintainers, at);
  const branch = rng() < 0.8 ? repository.defaultBranch : `spike-${Math.floor(40 * rng())}`;
  add(at, actor, { type: 'PushEvent', branch, commits: createPushCommits(rng) });
  if (rng() > 0.06) return;
  const reader = pick(rng, people, 2);
  const comment = createText(timeline);
  const readAt = pickAnswerTime(timeline, reader, 8);
  add(readAt, reader, { type: 'CommitCommentEvent', action: 'created', comment });
}

/** A release, which a maintainer publishes; in one of five repositories a bot does it. */
export function addRelease(timeline: Timeline, at: number): void {
  const { rng, team, repository, add } = timeline;
  const isAutomatic = repository.githubId % 5 === 2;
  const actor = isAutomatic ? SAMPLE_BOTS.releaser : pickAwake(rng, team.maintainers, at);
  add(at, actor, { type: 'ReleaseEvent', action: 'published', release: createText(timeline) });
}

/** A person stars the repository, or in one of six cases forks it. */
export function addStarOrFork({ rng, people, nextId, add }: Timeline, at: number): void {
  const actor = pickAwake(rng, people, at, 1);
  if (rng() >= 1 / 6) add(at, actor, { type: 'WatchEvent', action: 'started' });
  else add(at, actor, { type: 'ForkEvent', action: 'forked', forkId: nextId() });
}

/** A star or a push in a repository that the run does not track. */
export function addUntracked(timeline: Timeline, at: number): void {
  const { rng, repository, add } = timeline;
  const actor = pickAuthor(timeline, at);
  if (rng() < 0.5) add(at, actor, { type: 'WatchEvent', action: 'started' });
  else {
    const commits = createPushCommits(rng);
    add(at, actor, { type: 'PushEvent', branch: repository.defaultBranch, commits });
  }
}
