import { z } from 'zod';
import { count, head, score, time } from './fields.ts';

/** `runs/{id}.json`: one run of the pipeline with its log. */
export const runSchema = z.strictObject({
  ...head,
  id: z.int().positive(),
  status: z.enum(['RUNNING', 'COMPLETED', 'FAILED']),
  sources: z.array(z.string()),
  started_at: time,
  finished_at: time.nullable(),
  error_message: z.string().nullable(),
  /** Numbers of the run by name, such as `jobs_failed`. */
  counts: z.record(z.string(), z.number()),
  /** Without the one that writes the documents. */
  stages: z.array(
    z.strictObject({
      stage: z.string(),
      status: z.enum(['COMPLETED', 'FAILED']),
      seconds: score,
      error_class: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
  repositories: z.array(
    z.strictObject({
      full_name: z.string(),
      status: z.enum(['COMPLETED', 'INCOMPLETE', 'FAILED']),
      /** Null if a job read several repositories at once: `jobs.json` has its numbers. */
      events: count.nullable(),
      /** Contributions. */
      kept: count.nullable(),
      error_class: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
  /** Jobs and items that failed for good; the last ones. */
  put_aside: z.array(
    z.strictObject({
      source: z.string(),
      /** `owner/name`; null: not known, or of several repositories. */
      repository: z.string().nullable().default(null),
      /** The list or the contribution; null: all of it. */
      part: z.string().nullable().default(null),
      error_class: z.string(),
      message: z.string(),
      job_id: z.int().positive().nullable(),
    }),
  ),
  /** Lines of the log in all; `log` has the last of them, the oldest first. */
  log_lines: count,
  log: z.array(
    z.strictObject({
      at: time,
      level: z.enum(['info', 'warn', 'error']),
      stage: z.string().nullable(),
      job_id: z.int().positive().nullable(),
      message: z.string(),
      /** The other fields of the line as JSON; empty if there are none. */
      fields: z.string(),
    }),
  ),
});
export type Run = z.infer<typeof runSchema>;
