import { z } from 'zod';
import { count, date, head, score, time } from './fields.ts';

/** `dashboard/trends.json`: what the last runs and days were like. */
export const trendsSchema = z.strictObject({
  ...head,
  /** When the next run is expected, by the time between the last ones; null: they tell nothing. */
  next_run_at: time.nullable(),
  /** Those of `dashboard/stats.json`, newest first. */
  runs: z.array(
    z.strictObject({
      id: z.int().positive(),
      /** In their order, without the one that writes the documents; of several workers, together. */
      stages: z.array(z.strictObject({ stage: z.string(), seconds: score })),
      jobs_completed: count,
      jobs_failed: count,
      /** Jobs that are not done yet. */
      jobs_open: count,
      /** Jobs of which an attempt failed, and that were then tried again. */
      jobs_tried_again: count,
      events: count,
      contributions_kept: count,
    }),
  ),
  /** Days of UTC, oldest first, up to that of the data's end; each has a row. */
  days: z.array(
    z.strictObject({
      date,
      /** Contributions that count, by when they happened. */
      contributions: count,
      /** The most of its hours that no source has read of a repository. */
      missing_hours: count,
      /** Points and requests of GitHub's rate limit that were used. */
      github_points: count,
      github_requests: count,
    }),
  ),
  /** An open breaker keeps a source that fails from being asked. */
  breakers: z.array(
    z.strictObject({
      source: z.string(),
      state: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']),
      /** In a row. */
      failures: count,
      /** The last time; null: never, as far back as the audit log reaches. */
      opened_at: time.nullable(),
      closed_at: time.nullable(),
    }),
  ),
  /** Attempts at jobs that failed, newest first. */
  failures: z.array(
    z.strictObject({
      at: time,
      source: z.string(),
      error_class: z.string(),
      job_id: z.int().positive(),
      /** 1 is the first. */
      attempt: count,
      /** When a job was completed that read the same; null: none was. */
      solved_at: time.nullable(),
    }),
  ),
});
export type Trends = z.infer<typeof trendsSchema>;
