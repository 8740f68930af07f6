import { z } from 'zod';
import {
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
  type CountColumn,
  mapKinds,
} from '../domain/contribution-kinds.ts';
import { PERIODS } from '../domain/period.ts';

/**
 * The published documents: the contract with the site and with whoever reads the API.
 * All times are ISO 8601 in UTC; scores and points are numbers with at most three decimals.
 */

export const kindSchema = z.enum(CONTRIBUTION_KINDS);
export const periodSchema = z.enum(PERIODS);

const time = z.iso.datetime();
const date = z.iso.date();
const count = z.int().nonnegative();
const score = z.number().nonnegative();
/** Only http(s): a link from outside never runs script. */
const link = z.url({ protocol: /^https?$/ });

/** How often a contributor did what earns points, by kind. */
const counts = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, count])) as Record<
  CountColumn,
  typeof count
>;

/** Points by kind, and the capped bonus for lines; they sum to `total_score`. */
export const pointsSchema = z.strictObject({ ...mapKinds(() => score), line_bonus: score });

/** What stands at the head of every document. */
const head = {
  /** When the document was made. */
  generated_at: time,
  /** End of the data: nothing later has been looked for. Null before the first scrape. */
  data_until: time.nullable(),
  /** Changes whenever a weight changes. */
  weights_version: z.string(),
  /** True when the data is generated and nobody in it is real. */
  sample: z.boolean(),
};
const headSchema = z.strictObject(head);

/** What was counted of one contributor in one scope and period. */
const tally = {
  /** Ties share a rank: 1, 2, 2, 4. */
  rank: z.int().positive(),
  /** Rank in the last snapshot before today; null if there was none. */
  previous_rank: z.int().positive().nullable(),
  total_score: score,
  ...counts,
  lines_added: count,
  lines_deleted: count,
  first_contribution_at: time,
  last_contribution_at: time,
  points: pointsSchema,
};

/** Who it is, as GitHub shows it publicly. */
const person = {
  username: z.string(),
  /** Null while only a login is known. */
  github_id: z.int().positive().nullable(),
  display_name: z.string().nullable(),
  avatar_url: link.nullable(),
  profile_url: link,
};

export const entrySchema = z.strictObject({
  ...person,
  ...tally,
  /** Global board only: repositories with at least one contribution in the period. */
  repositories_contributed: count.optional(),
});

/** `leaderboard/**`: one page of one board. */
export const leaderboardSchema = z.strictObject({
  ...head,
  /** `global` or `owner/name`. */
  scope: z.string(),
  period: periodSchema,
  page: z.int().positive(),
  pages: z.int().positive(),
  /** Contributors on the whole board. */
  total: count,
  entries: z.array(entrySchema),
});

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
  status: z.enum(['PENDING', 'ACTIVE', 'FAILED']),
  failure_reason: z.string().nullable(),
  last_scraped_at: time.nullable(),
  data_until: time.nullable(),
  contributors: count,
  contributions: count,
});

/** `repositories.json`: every tracked repository. */
export const repositoriesSchema = z.strictObject({
  ...head,
  repositories: z.array(repositorySchema),
});

/** What was taken of GitHub's allowance. */
const usage = {
  /** Points of GraphQL. */
  points: count,
  /** Requests of REST and GraphQL together. */
  requests: count,
};

/** `repositories/{owner}/{name}.json`. */
export const repositoryDocumentSchema = z.strictObject({
  ...head,
  repository: repositorySchema,
  /** Contributions by kind, all time, bots and opted-out people left out. */
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
  /** What GitHub's API was asked about it on its last 30 days with any, newest first. */
  github_usage: z.array(z.strictObject({ date, ...usage })),
});

/** `contributors/{username}.json`: rank, score and parts in every period, over all repositories. */
export const contributorSchema = z.strictObject({
  ...head,
  contributor: z.strictObject({
    ...person,
    company: z.string().nullable(),
    location: z.string().nullable(),
  }),
  /** Absent where the contributor did nothing in that period. */
  periods: z.partialRecord(
    periodSchema,
    z.strictObject({ ...tally, repositories_contributed: count, total: count }),
  ),
});

/** `contributors/{username}/repositories.json`: the same, for each repository, all time. */
export const contributorRepositoriesSchema = z.strictObject({
  ...head,
  username: z.string(),
  repositories: z.array(z.strictObject({ repository: z.string(), ...tally })),
});

/** `contributors/{username}/activity.json`: contributions by week, oldest first, weeks without any left out. */
export const contributorActivitySchema = z.strictObject({
  ...head,
  username: z.string(),
  weeks: z.array(
    z.strictObject({
      /** The Monday (UTC) it starts on. */
      week: date,
      total: count,
      counts: z.partialRecord(kindSchema, count),
    }),
  ),
  /** The last 100 contributions, newest first: what the score is made of. */
  recent: z.array(
    z.strictObject({
      repository: z.string(),
      event_id: z.string(),
      kind: kindSchema,
      occurred_at: time,
      /** Base points, before the line bonus. */
      points: score,
      source: z.string(),
      /** Where it can be seen on GitHub, if an address can be made from it. */
      url: link.nullable(),
    }),
  ),
});

/** `config/scoring.json`: the weights really used. */
export const scoringSchema = z.strictObject({
  ...head,
  base_points: z.record(kindSchema, score),
  lines: z.strictObject({ added: score, deleted: score, cap: score, from: kindSchema }),
  /** Length of each period in days, counted back from `generated_at`; null: no beginning. */
  periods: z.record(periodSchema, z.int().positive().nullable()),
});

/** `jobs.json`: the last units of scraping, newest first. */
export const jobsSchema = z.strictObject({
  ...head,
  jobs: z.array(
    z.strictObject({
      id: z.int().positive(),
      source: z.string(),
      job_type: z.enum(['full', 'incremental']),
      status: z.enum(['QUEUED', 'RUNNING', 'RETRYING', 'COMPLETED', 'FAILED', 'BUDGET_EXCEEDED']),
      repositories: z.array(z.string()),
      window_from: time,
      window_to: time,
      attempts: count,
      error_class: z.string().nullable(),
      error_message: z.string().nullable(),
      events_processed: count,
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

/** `dashboard/stats.json`. */
export const statsSchema = z.strictObject({
  ...head,
  repositories: count,
  contributors: count,
  contributions: count,
  bots: count,
  /** Contributions whose person is not known. */
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
  /** Repositories that GitHub's API was asked about, most points first: all days together. */
  github_usage: z.array(z.strictObject({ repository: z.string(), ...usage, last_read_on: date })),
});

/** `dashboard/errors.json`: what was given up, newest first. */
export const errorsSchema = z.strictObject({
  ...head,
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

const gauge = z.strictObject({
  limit_usd: score,
  spent_usd: score,
  reserved_usd: score,
  /** Spent and reserved, as a share of the limit; null if the limit is 0. */
  used: z.number().nonnegative().nullable(),
});

/** `dashboard/costs.json`. */
export const costsSchema = z.strictObject({
  ...head,
  daily: gauge,
  monthly: gauge,
  warning_threshold: score,
  days: z.array(z.strictObject({ date, usd: score, bytes_billed: count, queries: count })),
  repositories: z.array(z.strictObject({ repository: z.string(), usd: score })),
  /** Spent this month at the pace so far, carried to the month's end. */
  projected_month_usd: score,
  backfill: z
    .strictObject({
      /** Days of history that are read already, and what all queries have cost so far. */
      done_days: count,
      spent_usd: score,
      remaining_days: count,
      estimated_usd: score,
      /** The date on which it will be whole at the budget's pace; null if the budget is 0. */
      whole_on: date.nullable(),
    })
    .nullable(),
});

/** `dashboard/coverage.json`: how much is known of each repository and month, and from which source. */
export const coverageSchema = z.strictObject({
  ...head,
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      months: z.array(
        z.strictObject({
          /** `YYYY-MM`. */
          month: z.string().regex(/^\d{4}-\d{2}$/),
          /** Percentage as the README defines it, 0 to 100. */
          coverage: z.number().min(0).max(100),
          /** Only a damaged part of the archive covers it. */
          damaged: z.boolean(),
          contributions_by_source: z.record(z.string(), count),
          missing_hours: count,
          missing_numbers: count,
          unattributed: count,
        }),
      ),
    }),
  ),
});

/** `index.json`: what there is, and the site's settings. */
export const indexSchema = z.strictObject({
  ...head,
  title: z.string(),
  /** Where the site is published, with a slash at the end. */
  url: link,
  page_size: z.int().positive(),
  avatars: z.boolean(),
  periods: z.array(periodSchema),
  /** Usernames that have a contributor document. */
  contributors: z.array(z.string()),
  /** Path of every kind of document, relative to this one. */
  documents: z.record(z.string(), z.string()),
});

export type Head = z.infer<typeof headSchema>;
export type Entry = z.infer<typeof entrySchema>;
export type Leaderboard = z.infer<typeof leaderboardSchema>;
export type Repository = z.infer<typeof repositorySchema>;
export type Repositories = z.infer<typeof repositoriesSchema>;
export type RepositoryDocument = z.infer<typeof repositoryDocumentSchema>;
export type Contributor = z.infer<typeof contributorSchema>;
export type ContributorRepositories = z.infer<typeof contributorRepositoriesSchema>;
export type ContributorActivity = z.infer<typeof contributorActivitySchema>;
export type Scoring = z.infer<typeof scoringSchema>;
export type Jobs = z.infer<typeof jobsSchema>;
export type Stats = z.infer<typeof statsSchema>;
export type Errors = z.infer<typeof errorsSchema>;
export type Costs = z.infer<typeof costsSchema>;
export type Coverage = z.infer<typeof coverageSchema>;
export type Index = z.infer<typeof indexSchema>;
