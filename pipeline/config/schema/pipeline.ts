import { z } from 'zod';
import { SOURCE_NAMES } from '../../domain/source.ts';

const retries = z.strictObject({
  delays_seconds: z
    .array(z.number().min(0))
    .max(10)
    .default([60, 120, 240])
    .describe('Waits before each new try of a failed job, in seconds; after the last it fails.'),
});

const circuitBreaker = z.strictObject({
  failures: z.int().min(1).default(5).describe('Failures in a row after which a source rests.'),
  reset_seconds: z.number().min(0).default(300).describe('How long it rests, in seconds.'),
});

const github = z.strictObject({
  points_share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.8)
    .describe("Share of GitHub's rate limit that a run may use, above 0 and up to 1."),
  max_wait_minutes: z
    .number()
    .min(0)
    .default(60)
    .describe("Longest that a run waits for GitHub's rate limit in all; the next one goes on."),
  co_authors: z
    .boolean()
    .default(false)
    .describe('Whether the co-authors of a commit are credited with it, too.'),
  count_hidden: z
    .boolean()
    .default(false)
    .describe('Whether comments and reviews that were hidden as spam or abuse count.'),
  recheck_days: z
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('Days in which all that is known is looked at again, for what is gone since.'),
  enrich_top: z
    .int()
    .min(0)
    .default(100)
    .describe('How many of the first contributors are enriched after a scrape.'),
});

const bigquery = z.strictObject({
  location: z.string().min(1).default('US').describe('Where the queries run: US holds GH Archive.'),
  timeout_seconds: z.number().min(1).default(600).describe('Longest a query may take.'),
  include_damaged_months: z
    .boolean()
    .default(false)
    .describe('Also pay for the months of which the archive lost most events.'),
  payload: z.boolean().default(true).describe('false: the cheap mode, which reads no payload.'),
});

const retention = z.strictObject({
  audit_log_days: z.int().min(1).default(365).describe('Days that the audit log is kept.'),
  run_log_days: z
    .int()
    .min(1)
    .default(90)
    .describe(
      'Days that the log of a run is kept; no longer than the run, which is kept jobs_days.',
    ),
  jobs_days: z.int().min(1).default(90).describe('Days that finished jobs are kept.'),
});

export const pipelineSchema = z
  .strictObject({
    sources: z
      .array(z.enum(SOURCE_NAMES))
      .min(1)
      .default(['github'])
      .describe('Where contributions are read from.'),
    window_years: z
      .int()
      .min(1)
      .max(20)
      .default(2)
      .describe('How far back a full scrape reads, in years.'),
    stale_after_hours: z
      .number()
      .min(0)
      .default(24)
      .describe('A repository is scraped again when its last scrape is older than this.'),
    overlap_days: z
      .int()
      .min(0)
      .max(30)
      .default(1)
      .describe('Days that an incremental scrape reads once more, for events that came late.'),
    max_repositories_per_run: z
      .int()
      .min(1)
      .default(100)
      .describe(
        'Most repositories with something new that one run scrapes; the rest come in the next.',
      ),
    batch_size: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .describe('Contributors written in one transaction.'),
    retries: retries.prefault({}).describe('When a failed job is tried again.'),
    circuit_breaker: circuitBreaker.prefault({}).describe('When a failing source is left alone.'),
    github: github.prefault({}).describe('The GitHub API.'),
    bigquery: bigquery.prefault({}).describe('GH Archive in BigQuery.'),
    retention: retention.prefault({}).describe('How long records of the pipeline are kept.'),
  })
  .meta({ title: 'Pipeline', description: 'How contributions are collected.' });
