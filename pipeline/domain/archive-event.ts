import { z } from 'zod';
import {
  storedId as id,
  storedLines as lines,
  storedLogin as login,
  storedNumber as number,
  storedReference as reference,
  storedTitle as title,
} from './stored-value.ts';

/**
 * An event of GH Archive, read by any source. It has only the fields that the project uses,
 * under the names of GitHub's Events API. Both eras of payloads fit
 * (full until 2025-10-07, trimmed since), so nearly every field may be absent.
 */

/** ISO 8601 with a zone, year 2000 to 2099. Own code for speed: millions of times are checked. */
const time = z.string().transform((text, context) => {
  const moment = new Date(text);
  if (/^20\d\d-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(moment.getTime())) {
    return moment;
  }
  context.addIssue('expected a time, ISO 8601 with a zone');
  return z.NEVER;
});

/** An account inside a payload; GH Archive's actor has no type. */
const accountSchema = z.object({ id, login, type: z.string().nullish() });

export type ArchiveAccount = z.infer<typeof accountSchema>;

export const archiveEventSchema = z.object({
  type: z.string(),
  actor: accountSchema,
  repo: z.object({ id, name: z.string() }),
  created_at: time,
  payload: z.unknown(),
});

export type ArchiveEvent = z.infer<typeof archiveEventSchema>;

const pullRequest = z.object({
  number,
  user: accountSchema.nullish(),
  created_at: time.nullish(),
  merged: z.boolean().nullish(),
  merged_at: time.nullish(),
  additions: lines.nullish(),
  deletions: lines.nullish(),
  title,
});

const issue = z.object({
  number,
  user: accountSchema.nullish(),
  created_at: time.nullish(),
  closed_at: time.nullish(),
  title,
});

const comment = z.object({ id, user: accountSchema.nullish(), created_at: time.nullish() });

/** The payloads that can earn points, by type of event. */
export const payloadSchemas = {
  PushEvent: z.object({
    ref: z.string(),
    /** Absent in the trimmed era; at most 20 before it. */
    commits: z
      .array(
        z.object({
          sha: z.string().regex(/^[0-9a-f]{40,64}$/),
          distinct: z.boolean().nullish(),
          /** As it is: its first line is the title, its last ones may name co-authors. */
          message: z.string().nullish().catch(null),
        }),
      )
      .nullish(),
  }),
  PullRequestEvent: z.object({ action: z.string(), pull_request: pullRequest }),
  PullRequestReviewEvent: z.object({
    action: z.string(),
    review: z.object({ id, user: accountSchema.nullish(), submitted_at: time.nullish() }),
    pull_request: z.object({ number, user: accountSchema.nullish() }),
  }),
  PullRequestReviewCommentEvent: z.object({
    action: z.string().nullish(),
    comment,
    pull_request: z.object({ number }),
  }),
  IssuesEvent: z.object({ action: z.string(), issue }),
  IssueCommentEvent: z.object({ action: z.string(), issue: z.object({ number }), comment }),
  CommitCommentEvent: z.object({
    action: z.string().nullish(),
    comment: comment.extend({ commit_id: reference }),
  }),
  ReleaseEvent: z.object({
    action: z.string(),
    release: z.object({
      id,
      author: accountSchema.nullish(),
      published_at: time.nullish(),
      name: title,
      tag_name: reference,
    }),
  }),
} as const;

export type ScoredEventType = keyof typeof payloadSchemas;
export type Payload<T extends ScoredEventType> = z.infer<(typeof payloadSchemas)[T]>;

/** Here GH Archive begins for us: before it, events have another format (`repository`, a text as `actor`, no `id`). */
export const ARCHIVE_BEGINS = new Date('2015-01-01T00:00:00Z');

/**
 * From here on GH Archive has lost most events: half of them until 2025-10, nearly all since.
 * Events of this time are filed by the time of the crawl, up to hours after they happened.
 * Source: igrigorik/gharchive.org issues 310, 312, 320 and 323.
 */
export const ARCHIVE_DAMAGED_SINCE = new Date('2025-05-24T00:00:00Z');
