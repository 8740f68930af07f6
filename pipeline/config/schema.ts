import { z } from 'zod';
import {
  CONTRIBUTION_KIND_TABLE,
  type ContributionKind,
  mapKinds,
} from '../domain/contribution-kinds.ts';
import { KNOWN_BOT_IDS, KNOWN_BOT_LOGINS } from '../domain/known-bots.ts';
import type { ConfiguredRepository } from '../domain/repository.ts';
import { SOURCE_NAMES } from '../domain/source.ts';

/**
 * The strict schemas of `config/*.yaml`. Every key but `repositories` has the default that is
 * shipped. A message of one's own begins with "expected": it is shown as it stands.
 */

/** GitHub's rule: owners have letters, digits, hyphens (and `_` in managed accounts); names also dots. */
export const SLUG =
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/;

/** The whole address is what people paste: the part of it that is meant is shown. */
function explainSlug(input: unknown): string {
  const pasted = /github\.com[/:]([\w-]+\/[\w.-]+?)(?:\.git)?(?:[/?#]|$)/.exec(String(input))?.[1];
  const example = pasted === undefined ? '' : ` (here, \`${pasted}\`)`;
  return `expected owner/name, as in the address of the repository on GitHub${example}`;
}

const slug = z
  .string('expected owner/name')
  .regex(SLUG, { error: ({ input }) => explainSlug(input) });

/** A branch name that git accepts, in as far as it matters here. */
const branch = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\s~^:?*[\\]+$/, 'expected the name of a branch');

const date = z.iso
  .date('expected a date, YYYY-MM-DD')
  .regex(/^20\d\d-/, 'expected a date from 2000-01-01 on');

const repository = z.union(
  [
    slug.describe('owner/name'),
    z.strictObject({
      repo: slug.describe('owner/name'),
      never_rescrape_before: date
        .optional()
        .describe('Nothing before this date (UTC) is ever read again.'),
      default_branch: branch.optional().describe('Commits count when they reach this branch.'),
    }),
  ],
  'expected owner/name, or `repo: owner/name` with settings',
);

export const reposSchema = z
  .strictObject({
    repositories: z
      .array(repository, 'expected a list of repositories, each owner/name')
      .describe('The repositories of the leaderboard, each once.'),
  })
  .meta({ title: 'Repositories', description: 'Whose contributions are counted.' });

/** Points have at most three decimals, so that the published parts sum exactly to the whole. */
const points = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((value) => Number(value.toFixed(3)) === value, 'expected at most three decimals');

const pointsPerLine = z.number().min(0).max(1_000);

const pointsOfKind = (kind: ContributionKind) =>
  points
    .default(CONTRIBUTION_KIND_TABLE[kind].points)
    .describe(CONTRIBUTION_KIND_TABLE[kind].meaning);

export const weightsSchema = z
  .strictObject({
    base_points: z
      .strictObject(mapKinds(pointsOfKind))
      .prefault({})
      .describe('Points for one contribution of each kind. 0 works.'),
    lines: z
      .strictObject({
        added: pointsPerLine.default(0.01).describe('Points for a line added.'),
        deleted: pointsPerLine.default(0.005).describe('Points for a line deleted.'),
        cap: points.default(500).describe('Most that lines earn a contributor in a repository.'),
        from: z
          .enum(['PR_MERGED', 'COMMIT'])
          .default('PR_MERGED')
          .describe('Whose lines count: those of merged pull requests or of commits.'),
      })
      .prefault({})
      .describe('Points for lines, up to a cap.'),
  })
  .meta({ title: 'Weights', description: 'How contributions are scored.' });

export const budgetSchema = z
  .strictObject({
    daily_limit_usd: z
      .number()
      .min(0)
      .default(5)
      .describe('Most that the queries of a UTC day may cost, in US dollars. 0: none is made.'),
    monthly_limit_usd: z
      .number()
      .min(0)
      .default(50)
      .describe('Most that the queries of a UTC month may cost, in US dollars.'),
    warning_threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe('Share of a limit, 0 to 1, from which a warning is given.'),
    price_per_tib_usd: z
      .number()
      .min(0)
      .default(6.25)
      .describe("BigQuery's price for a TiB (2^40 bytes) read, in US dollars."),
    free_tib_per_month: z
      .number()
      .min(0)
      .default(0)
      .describe('TiB a month that cost nothing (BigQuery gives 1 to a billing account).'),
  })
  .meta({ title: 'Budget', description: 'What BigQuery may cost.' });

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
      .describe('Most repositories that one run scrapes; the rest come in the next.'),
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

const login = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$/, 'expected a GitHub login');
const accountId = z.int('expected a numeric id').positive();
const account = z.union([accountId, login], 'expected a numeric id or a login');

export const peopleSchema = z
  .strictObject({
    bots: z
      .strictObject({
        ids: z
          .array(accountId)
          .default([...KNOWN_BOT_IDS])
          .describe('Numeric ids of bots: they hold when a login changes.'),
        logins: z
          .array(login)
          .default([...KNOWN_BOT_LOGINS])
          .describe('Logins of bots, beside every login that ends in [bot].'),
        allow: z
          .array(account)
          .default([])
          .describe('Never bots, whatever the rule says: ids or logins.'),
      })
      .prefault({})
      .describe('Accounts that are programs: on no board.'),
    opt_out: z.array(account).default([]).describe('On no page, board or download: ids or logins.'),
    aliases: z
      .array(
        z.strictObject({
          id: accountId.describe('The account that is not shown.'),
          is: accountId.describe('The account that it is shown as.'),
        }),
      )
      .default([])
      .describe('{id: 1, is: 2}: one person, two accounts, shown as 2.'),
  })
  .meta({ title: 'People', description: 'Bots, opt-outs and people with two accounts.' });

export const siteSchema = z
  .strictObject({
    title: z
      .string()
      .min(1)
      .max(200)
      .regex(/^\P{C}+$/u, 'expected text without control characters')
      .default('Contributor leaderboard')
      .describe('Its heading.'),
    url: z
      .url({
        protocol: /^https?$/,
        error: 'expected the address of the site, https://…/',
        abort: true,
      })
      .regex(
        /^https?:\/\/[^\s/?#@]+(?:\/[\w.~-]+)*\/?$/i,
        'expected https://host/path/ without a user, a query or a fragment',
      )
      .default('https://example.github.io/leaderboard/')
      .describe('Where it is published, with the path.'),
    page_size: z.int().min(1).max(500).default(50).describe('Entries on a page of a board.'),
    contributor_pages: z
      .int()
      .min(0)
      .default(5000)
      .describe('How many contributors, best first, have a page of their own.'),
    avatars: z.boolean().default(true).describe("Whether GitHub's pictures are shown."),
  })
  .meta({ title: 'Site', description: 'The published website.' });

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

export const CONFIG_NAMES = Object.keys(CONFIG_SCHEMAS) as ConfigName[];

/** What a file holds once its defaults are filled in. */
export type ConfigDocument<N extends ConfigName> = z.infer<(typeof CONFIG_SCHEMAS)[N]>;

/** The whole configuration, checked, with every default filled in. */
export interface Config {
  readonly repositories: readonly ConfiguredRepository[];
  readonly weights: ConfigDocument<'weights'>;
  readonly budget: ConfigDocument<'budget'>;
  readonly pipeline: ConfigDocument<'pipeline'>;
  readonly people: ConfigDocument<'people'>;
  readonly site: ConfigDocument<'site'>;
}
