import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HOUR_MS } from '../../../pipeline/domain/time.ts';
import { hourFileName } from '../../../pipeline/sources/gharchive/hours.ts';
import type { RawEvent } from '../read-events.ts';
import { GHOST } from './rest-bodies.ts';
import { commitsOf, reachable } from './snapshot.ts';
import { asOf, loginAt, messageOf, type Person, type RepositoryData, titleOf } from './world.ts';

/** The same world as hour files of GH Archive, with full events, as they were until 2025. */

interface Event {
  readonly at: string;
  readonly type: string;
  readonly actor: Person | null;
  readonly payload: object;
}

/** Writes an hour file for every hour of the window; an hour without events has an empty one. */
export function writeArchive(
  folder: string,
  repositories: readonly RepositoryData[],
  window: { readonly from: string; readonly to: string },
): void {
  mkdirSync(folder, { recursive: true });
  const hourOf = (at: string) => Math.floor(Date.parse(at) / HOUR_MS);
  const events = repositories.flatMap((data) => eventsOf(data).map((event) => ({ event, data })));
  const byHour = Map.groupBy(events, ({ event }) => hourOf(event.at));
  for (let hour = hourOf(window.from); hour < hourOf(window.to); hour++) {
    const some = byHour.get(hour) ?? [];
    const lines = some.map(({ event, data }, index) => toLine(event, data, index));
    const file = join(folder, hourFileName(new Date(hour * HOUR_MS)));
    writeFileSync(file, gzipSync(lines.map((line) => `${line}\n`).join('')));
  }
}

/** Its events in the form of the archive's JSON, in no order. */
export const archiveEventsOf = (data: RepositoryData): RawEvent[] =>
  eventsOf(data).map((event, index) => JSON.parse(toLine(event, data, index)));

function toLine(event: Event, life: RepositoryData, index: number): string {
  const data = asOf(life, event.at);
  const actor = event.actor ?? GHOST;
  return JSON.stringify({
    id: `${Date.parse(event.at)}${index}`,
    type: event.type,
    actor: { id: actor.id, login: loginAt(actor, event.at) },
    repo: { id: data.id, name: `${data.owner}/${data.name}` },
    created_at: event.at,
    payload: event.payload,
  });
}

/** The events, in no order. */
function eventsOf(data: RepositoryData): Event[] {
  // What was transferred to the repository happened elsewhere.
  const moved = new Map(data.issues.map((issue) => [issue.number, issue.shownAt ?? '']));
  const happened = ({ number, createdAt }: { number: number; createdAt: string }) =>
    createdAt >= (moved.get(number) ?? '');
  return [
    ...pushesOf(data),
    ...data.pullRequests.flatMap((pull) => pullRequestEvents(pull)),
    ...data.reviews.flatMap((review) => reviewEvents(review, data)),
    ...data.issues.filter(happened).flatMap((issue) => issueEvents(issue)),
    ...data.comments.filter(happened).map((comment) => ({
      at: comment.createdAt,
      type: 'IssueCommentEvent',
      actor: comment.author,
      payload: {
        action: 'created',
        issue: { number: comment.number },
        comment: commentOf(comment),
      },
    })),
    ...data.reviewComments.map((comment) => ({
      at: comment.createdAt,
      type: 'PullRequestReviewCommentEvent',
      actor: comment.author,
      payload: {
        action: 'created',
        pull_request: { number: comment.pullNumber },
        comment: commentOf(comment),
      },
    })),
    ...data.commitComments.map((comment) => ({
      at: comment.createdAt,
      type: 'CommitCommentEvent',
      actor: comment.author,
      payload: { action: 'created', comment: { ...commentOf(comment), commit_id: comment.sha } },
    })),
    ...data.releases.flatMap((release) => releaseEvents(release)),
  ];
}

/** Every push lists its new commits, also merge commits, credited to the pusher. */
function pushesOf(data: RepositoryData): Event[] {
  const seen = new Set<string>();
  return data.pushes.map(({ at, head }) => {
    const fresh = reachable(data, head).filter((commit) => !seen.has(commit.sha));
    for (const commit of fresh) seen.add(commit.sha);
    return {
      at,
      type: 'PushEvent',
      actor: commitsOf(data).get(head)?.author ?? null,
      payload: {
        ref: `refs/heads/${asOf(data, at).defaultBranch}`,
        commits: fresh.map((commit) => ({
          sha: commit.sha,
          message: messageOf(commit),
          distinct: true,
        })),
      },
    };
  });
}

function pullRequestEvents(pull: RepositoryData['pullRequests'][number]): Event[] {
  const { number, author, createdAt } = pull;
  const base = { number, title: titleOf(pull), user: userOf(author, createdAt) };
  const times = { created_at: pull.createdAt, merged_at: null, merged: false };
  const opened = {
    at: pull.createdAt,
    type: 'PullRequestEvent',
    actor: pull.author,
    payload: { action: 'opened', pull_request: { ...base, ...times } },
  };
  if (!pull.mergedAt) return [opened];
  const lines = { additions: pull.additions, deletions: pull.deletions };
  const merge = { ...base, ...times, ...lines, merged: true, merged_at: pull.mergedAt };
  return [
    opened,
    { ...opened, at: pull.mergedAt, payload: { action: 'closed', pull_request: merge } },
  ];
}

function reviewEvents(review: RepositoryData['reviews'][number], data: RepositoryData): Event[] {
  const { submittedAt, id, author } = review;
  if (submittedAt === null) return [];
  const pull = data.pullRequests.find(({ number }) => number === review.pullNumber);
  const user = userOf(pull?.author ?? null, submittedAt);
  const payload = {
    action: 'created',
    review: { id, user: userOf(author, submittedAt), submitted_at: submittedAt },
    pull_request: { number: review.pullNumber, user },
  };
  return [{ at: submittedAt, type: 'PullRequestReviewEvent', actor: author, payload }];
}

function issueEvents(issue: RepositoryData['issues'][number]): Event[] {
  const user = userOf(issue.author, issue.createdAt);
  const { number, createdAt: created_at } = issue;
  const body = { number, title: titleOf(issue), user, created_at, closed_at: null };
  const event = (at: string, actor: Person | null, action: string, closed: string | null) => ({
    at,
    type: 'IssuesEvent',
    actor,
    payload: { action, issue: { ...body, closed_at: closed } },
  });
  return [
    event(issue.createdAt, issue.author, 'opened', null),
    ...(issue.closings ?? []).map(({ at, actor }) => event(at, actor, 'closed', at)),
  ];
}

function releaseEvents(release: RepositoryData['releases'][number]): Event[] {
  const { id, author, publishedAt, tag: tag_name, name = null } = release;
  if (publishedAt === null) return [];
  const user = userOf(author, publishedAt);
  const body = { id, author: user, published_at: publishedAt, tag_name, name };
  const payload = { action: 'published', release: body };
  return [{ at: publishedAt, type: 'ReleaseEvent', actor: author, payload }];
}

function commentOf(comment: { id: number; author: Person | null; createdAt: string }) {
  const { id, author, createdAt } = comment;
  return { id, user: userOf(author, createdAt), created_at: createdAt };
}

function userOf(person: Person | null, at: string) {
  const { id, type, ...rest } = person ?? GHOST;
  return { id, type, login: loginAt({ id, type, ...rest }, at) };
}
