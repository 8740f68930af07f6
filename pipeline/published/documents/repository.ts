import { z } from 'zod';
import { count, date, head, kindSchema, link, time, usage } from './fields.ts';

export const repositorySchema = z.strictObject({
  owner: z.string(),
  name: z.string(),
  /** `owner/name`. */
  full_name: z.string(),
  github_id: z.int().positive().nullable(),
  url: link,
  description: z.string().nullable(),
  stars: count.nullable(),
  forks: count.nullable(),
  language: z.string().nullable(),
  topics: z.array(z.string()),
  license: z.string().nullable(),
  default_branch: z.string().nullable(),
  /** Archived on GitHub: read-only. */
  archived: z.boolean(),
  /** SCRAPING: a job of it is running. */
  status: z.enum(['PENDING', 'ACTIVE', 'FAILED', 'SCRAPING']),
  failure_reason: z.string().nullable(),
  last_scraped_at: time.nullable(),
  data_until: time.nullable(),
  contributors: count,
  contributions: count,
});
export type Repository = z.infer<typeof repositorySchema>;

/** `repositories.json`: every tracked repository. */
export const repositoriesSchema = z.strictObject({
  ...head,
  repositories: z.array(repositorySchema),
});
export type Repositories = z.infer<typeof repositoriesSchema>;

/** `repositories/{owner}/{name}.json`: one repository, its totals and what was read of it. */
export const repositoryDocumentSchema = z.strictObject({
  ...head,
  repository: repositorySchema,
  /** Contributions by kind, all time, without those of bots and of people who opted out. */
  totals: z.record(kindSchema, count),
  /** What was read: one per source and window, newest first. */
  windows: z.array(
    z.strictObject({
      source: z.string(),
      from: time,
      to: time,
      /** Share of the window that could be read, 0 to 1. */
      completeness: z.number().min(0).max(1),
      gaps: z.array(z.strictObject({ from: time, to: time, reason: z.string() })),
    }),
  ),
  /** Requests to GitHub's API about it, on the newest 30 days that had any, newest first. */
  github_usage: z.array(z.strictObject({ date, ...usage })),
});
export type RepositoryDocument = z.infer<typeof repositoryDocumentSchema>;
