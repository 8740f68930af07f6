import { z } from 'zod';
import { CONTRIBUTION_KINDS, type ContributionKind } from '../../domain/contribution.ts';
import { KNOWN_BOT_IDS, KNOWN_BOT_LOGINS } from '../../domain/known-bots.ts';
import { SOURCE_NAMES } from '../../sources/source.ts';

/** The strict schemas of `config/*.yaml`. Every key but `repositories` has the default that is shipped. */

/** GitHub's rule: owners have letters, digits, hyphens (and `_` in managed accounts); names also dots. */
const slug = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
    'expected owner/name, as in the address of the repository on GitHub',
  );

/** A branch name that git accepts, in as far as it matters here. */
const branch = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s~^:?*[\\]+$/, 'expected the name of a branch');

const date = z.iso.date('expected a date, YYYY-MM-DD');

export const reposSchema = z.strictObject({
  repositories: z
    .array(
      z.union([
        slug,
        z.strictObject({
          repo: slug.describe('owner/name'),
          never_rescrape_before: date
            .optional()
            .describe('Nothing before this date (UTC) is ever read again.'),
          default_branch: branch.optional().describe('Commits count when they reach this branch.'),
        }),
      ]),
    )
    .describe('The repositories of the leaderboard.'),
});

/** Points have at most three decimals, so that the published parts sum exactly to the whole. */
const points = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((value) => Number(value.toFixed(3)) === value, 'expected at most three decimals');

const DEFAULT_POINTS: Record<ContributionKind, number> = {
  RELEASE: 30,
  PR_MERGED: 25,
  PR_REVIEWED: 20,
  PR_OPENED: 15,
  COMMIT: 10,
  ISSUE_OPENED: 8,
  ISSUE_CLOSED: 5,
  PR_REVIEW_COMMENT: 5,
  COMMENT: 3,
};

export const weightsSchema = z.strictObject({
  base_points: z
    .strictObject(
      Object.fromEntries(
        CONTRIBUTION_KINDS.map((kind) => [kind, points.default(DEFAULT_POINTS[kind])]),
      ) as Record<ContributionKind, z.ZodDefault<typeof points>>,
    )
    .prefault({})
    .describe('Points for one contribution of each kind. 0 works.'),
  lines: z
    .strictObject({
      added: z.number().min(0).max(1_000).default(0.01).describe('Points for a line added.'),
      deleted: z.number().min(0).max(1_000).default(0.005).describe('Points for a line deleted.'),
      cap: points.default(500).describe('Most that lines earn a contributor in a repository.'),
      from: z
        .enum(['PR_MERGED', 'COMMIT'])
        .default('PR_MERGED')
        .describe('Whose lines count: those of merged pull requests or of commits.'),
    })
    .prefault({}),
});

export const budgetSchema = z.strictObject({
  daily_limit_usd: z.number().min(0).default(5),
  monthly_limit_usd: z.number().min(0).default(50),
  warning_threshold: z.number().min(0).max(1).default(0.8),
  price_per_tib_usd: z.number().min(0).default(6.25),
  free_tib_per_month: z.number().min(0).default(0),
});

export const pipelineSchema = z.strictObject({
  sources: z.array(z.enum(SOURCE_NAMES)).min(1).default(['github']),
  window_years: z.int().min(1).max(20).default(2),
  stale_after_hours: z.number().min(0).default(24),
  overlap_days: z.int().min(0).max(30).default(1),
  max_repositories_per_run: z.int().min(1).default(100),
  batch_size: z.int().min(1).max(10_000).default(100),
  retries: z
    .strictObject({ delays_seconds: z.array(z.number().min(0)).max(10).default([60, 120, 240]) })
    .prefault({}),
  circuit_breaker: z
    .strictObject({
      failures: z.int().min(1).default(5),
      reset_seconds: z.number().min(0).default(300),
    })
    .prefault({}),
  github: z
    .strictObject({
      points_share: z.number().gt(0).max(1).default(0.8),
      co_authors: z
        .boolean()
        .default(false)
        .describe('Whether the co-authors of a commit are credited with it, too.'),
      enrich_top: z
        .int()
        .min(0)
        .default(100)
        .describe('How many of the first contributors are enriched after a scrape.'),
    })
    .prefault({}),
  bigquery: z
    .strictObject({
      location: z.string().default('US'),
      timeout_seconds: z.number().min(1).default(600),
      include_damaged_months: z
        .boolean()
        .default(false)
        .describe('Also pay for the months of which the archive lost most events.'),
      payload: z.boolean().default(true).describe('false: the cheap mode, which reads no payload.'),
    })
    .prefault({}),
  retention: z
    .strictObject({
      audit_log_days: z.int().min(1).default(365),
      jobs_days: z.int().min(1).default(90),
    })
    .prefault({}),
});

const login = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$/, 'expected a GitHub login');
const accountId = z.int().positive();

export const peopleSchema = z.strictObject({
  bots: z
    .strictObject({
      ids: z.array(accountId).default([...KNOWN_BOT_IDS]),
      logins: z.array(login).default([...KNOWN_BOT_LOGINS]),
      allow: z
        .array(z.union([accountId, login]))
        .default([])
        .describe('Never bots, whatever the rule says: ids or logins.'),
    })
    .prefault({}),
  opt_out: z
    .array(z.union([accountId, login]))
    .default([])
    .describe('On no page, board or download: ids or logins.'),
  aliases: z
    .array(z.strictObject({ id: accountId, is: accountId }))
    .default([])
    .describe('{id: 1, is: 2}: one person, two accounts, shown as 2.'),
});

export const siteSchema = z.strictObject({
  title: z.string().min(1).max(200).default('Contributor leaderboard'),
  url: z
    .url({ protocol: /^https?$/, error: 'expected the address of the site, https://…/' })
    .default('https://example.github.io/leaderboard/'),
  page_size: z.int().min(1).max(500).default(50),
  contributor_pages: z.int().min(0).default(5000),
  avatars: z.boolean().default(true),
});

/** File name (without `.yaml`) to schema. */
export const CONFIG_SCHEMAS = {
  repos: reposSchema,
  weights: weightsSchema,
  budget: budgetSchema,
  pipeline: pipelineSchema,
  people: peopleSchema,
  site: siteSchema,
} as const;

export type ConfigName = keyof typeof CONFIG_SCHEMAS;

export interface ConfiguredRepository {
  readonly owner: string;
  readonly name: string;
  readonly neverRescrapeBefore: Date | null;
  readonly defaultBranch: string | null;
}

/** The whole configuration, checked, with every default filled in. */
export interface Config {
  readonly repositories: readonly ConfiguredRepository[];
  readonly weights: z.infer<typeof weightsSchema>;
  readonly budget: z.infer<typeof budgetSchema>;
  readonly pipeline: z.infer<typeof pipelineSchema>;
  readonly people: z.infer<typeof peopleSchema>;
  readonly site: z.infer<typeof siteSchema>;
}
