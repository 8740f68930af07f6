import { z } from 'zod';
import { SEVERITIES } from '../../domain/error-class.ts';
import {
  count,
  coverageKindSchema,
  date,
  head,
  periodSchema,
  score,
  time,
  unknownKinds,
  usage,
} from './fields.ts';

/** `jobs.json`: the last units of scraping, newest first. */
export const jobsSchema = z.strictObject({
  ...head,
  jobs: z.array(
    z.strictObject({
      id: z.int().positive(),
      source: z.string(),
      job_type: z.enum(['full', 'incremental', 'recheck']),
      status: z.enum(['QUEUED', 'RUNNING', 'RETRYING', 'COMPLETED', 'FAILED', 'BUDGET_EXCEEDED']),
      repositories: z.array(z.string()),
      window_from: time,
      window_to: time,
      attempts: count,
      error_class: z.string().nullable(),
      error_message: z.string().nullable(),
      events_processed: count,
      /** In the unit of `contributions` of the statistics: an event may give several, or none. */
      contributions_kept: count,
      users_processed: count,
      bots_filtered: count,
      renamed: count,
      skipped: z.record(z.string(), count),
      noticed: z.record(z.string(), count),
      started_at: time.nullable(),
      finished_at: time.nullable(),
    }),
  ),
});
export type Jobs = z.infer<typeof jobsSchema>;

/** `dashboard/stats.json`: how much there is, and the last runs. */
export const statsSchema = z.strictObject({
  ...head,
  repositories: count,
  contributors: count,
  contributions: count,
  bots: count,
  /** Contributions whose author is not known. */
  unattributed: count,
  runs: z.array(
    z.strictObject({
      id: z.int().positive(),
      status: z.enum(['RUNNING', 'COMPLETED', 'FAILED']),
      sources: z.array(z.string()),
      started_at: time,
      finished_at: time.nullable(),
      error_message: z.string().nullable(),
    }),
  ),
  /** Requests to GitHub's API by repository, all days together, most points first. */
  github_usage: z.array(z.strictObject({ repository: z.string(), ...usage, last_read_on: date })),
});
export type Stats = z.infer<typeof statsSchema>;

/**
 * `dashboard/errors.json`: how often each kind of failure occurred, and the last jobs and items that
 * failed for good, newest first.
 */
export const errorsSchema = z.strictObject({
  ...head,
  /** Attempts at jobs, and items, that failed, by class, as far back as the audit log reaches. */
  classes: z
    .array(
      z.strictObject({
        error_class: z.string(),
        action: z.enum(['RETRY', 'SKIP_ITEM', 'END_JOB']),
        severity: z.enum(SEVERITIES),
        count,
        last_at: time,
      }),
    )
    .default([]),
  errors: z.array(
    z.strictObject({
      at: time,
      source: z.string(),
      error_class: z.string(),
      message: z.string(),
      job_id: z.int().positive().nullable(),
    }),
  ),
});
export type Errors = z.infer<typeof errorsSchema>;

const gauge = z.strictObject({
  limit_usd: score,
  spent_usd: score,
  reserved_usd: score,
  /** Spent and reserved, as a share of the limit; null if the limit is 0. */
  used: z.number().nonnegative().nullable(),
});

/** `dashboard/costs.json`: what BigQuery cost, against the budget. */
export const costsSchema = z.strictObject({
  ...head,
  daily: gauge,
  monthly: gauge,
  warning_threshold: score,
  days: z.array(z.strictObject({ date, usd: score, bytes_billed: count, queries: count })),
  repositories: z.array(z.strictObject({ repository: z.string(), usd: score })),
  /** What the month will cost if spending goes on at the same daily rate. */
  projected_month_usd: score,
  backfill: z
    .strictObject({
      /** Days of history that are read, and what all queries have cost so far. */
      done_days: count,
      spent_usd: score,
      remaining_days: count,
      estimated_usd: score,
      /** When the history will be complete within the budget; null if it never will be. */
      whole_on: date.nullable(),
    })
    .nullable(),
});
export type Costs = z.infer<typeof costsSchema>;

const percentage = z.number().min(0).max(100);

/** What is not counted, as it is not the repository's, or of no time that is read. */
const leftOutSchema = z.strictObject({
  /** Other repositories that the archive saw under this name, by GitHub's numeric id. */
  other_repositories: z.array(
    z.strictObject({ github_id: z.int(), first_seen_at: time, last_seen_at: time }),
  ),
  /** Commits of the branch that are dated before what is read; null: not known. */
  commits_before_window: count.nullable(),
  /** Commits of the branch that are dated a day or more after the run; null: not known. */
  commits_after_window: count.nullable(),
});

/** `dashboard/coverage.json`: how much is known of each repository, month and kind, by source. */
export const coverageSchema = z.strictObject({
  ...head,
  /** What is known and what is not, in one sentence. */
  summary: z.string().default(''),
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      /** By period: kinds that are not known for all of it. Without the periods that lack none. */
      unknown_kinds: z.partialRecord(periodSchema, unknownKinds).default({}),
      /**
       * When the oldest look at all of one of its lists on GitHub began: what is gone since may still
       * be counted. Null if a list was never looked at.
       */
      oldest_look: time.nullable().optional(),
      left_out: leftOutSchema.optional(),
      months: z.array(
        z.strictObject({
          /** `YYYY-MM`. */
          month: z.string().regex(/^\d{4}-\d{2}$/),
          /** Percentage as the README defines it, 0 to 100. */
          coverage: percentage,
          /** The same for each kind of contribution and for lines. */
          kinds: z.partialRecord(coverageKindSchema, percentage).default({}),
          /** Some of its hours are known only from a damaged part of the archive. */
          damaged: z.boolean(),
          contributions_by_source: z.record(z.string(), count),
          missing_hours: count,
          missing_numbers: count,
          unattributed: count,
        }),
      ),
    }),
  ),
  /** What GitHub refuses or can't show, while the rest is read. */
  put_aside: z
    .array(
      z.strictObject({
        repository: z.string(),
        /** Null: the whole repository. */
        list: z.string().nullable(),
        /** What finds the item, `#12` for a number; null: the whole list. */
        item: z.string().nullable(),
        reason: z.string(),
        since: time.nullable(),
      }),
    )
    .default([]),
});
export type Coverage = z.infer<typeof coverageSchema>;
