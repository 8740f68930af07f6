import { z } from 'zod';
import { SCORE_PARTS } from '../../domain/contribution-kinds.ts';
import { PERIODS } from '../../domain/time.ts';
import { LISTED, type PreviewReport, UNKNOWN } from './report.ts';

/**
 * A report that was written elsewhere, by code that may be anybody's. What is shown as our own text
 * is one of our texts; names are shown as names alone; no number is so large that it fills a page.
 */

/** No login and no `owner/name` is as long. */
const name = z.string().max(255);

/** Sums of larger ones would not be exact. */
const MOST = 1e15;
const number = z.number().min(-MOST).max(MOST);
const count = z.int().min(0).max(MOST);
const share = z.number().min(0).max(1);

/** A configuration has at most 25,000 entries. */
const MANY = 25_000;

const listed = <T extends z.ZodType>(schema: T) => z.array(schema).max(LISTED);
const some = <T extends z.ZodType>(schema: T) => z.strictObject({ count, first: listed(schema) });
const beforeAfter = <T extends z.ZodType>(schema: T) =>
  z.strictObject({ before: schema, after: schema });

const period = z.enum(PERIODS);
const standing = z.strictObject({
  login: name,
  ...beforeAfter(z.strictObject({ rank: count, score: number }).nullable()).shape,
});
const mover = standing.extend({ cause: z.enum(['own', 'others']) });

const boardCounts = z.strictObject({
  moved: z.strictObject({ own: count, others: count }),
  kept: count,
  entered: count,
  left: count,
});

const keyEffect = z.strictObject({
  key: z.string().regex(/^(?:base_points|lines)\.[A-Za-z_]{1,40}$/),
  ...beforeAfter(z.union([number, z.enum(['PR_MERGED', 'COMMIT'])])).shape,
  alone: z.array(boardCounts.extend({ period })).max(PERIODS.length),
  movers: listed(mover),
});

const spread = z.strictObject({ top_ten_share: share.nullable(), median: number.nullable() });

const boardChange = boardCounts.extend({
  scope: name,
  period,
  people: beforeAfter(count),
  rescored: count,
  movers: listed(mover),
  top: listed(standing),
  entering: listed(standing),
  leaving: listed(standing),
  shares: z.partialRecord(z.enum(SCORE_PARTS), beforeAfter(share)),
  spread: beforeAfter(spread),
});

const removedRepository = z.strictObject({
  repository: name,
  people: count,
  points: number,
  losses: listed(z.strictObject({ login: name, points: number })),
});

const reading = z.strictObject({ points: count, seconds: count });
const day = z.iso.date();
const additions = z.strictObject({
  repositories: z
    .array(
      z.strictObject({
        repository: name,
        now: name.nullable(),
        is_private: z.boolean(),
        ...{ stars: count, pull_requests: count, issues: count, commits: count, releases: count },
        reading,
      }),
    )
    .max(MANY),
  not_shown: z.array(name).max(MANY),
  unasked: count,
  github: reading.extend({ nights: count, complete_on: day }).nullable(),
  bigquery: z
    .strictObject({
      ...{ days: count, bytes: count, usd: number },
      ...{ left_today_usd: number, left_this_month_usd: number },
      complete_on: day.nullable(),
    })
    .nullable(),
});

/** The signs of `findLikelyBots`. */
const sign = z.string().regex(/^(?:name|at every hour of the day|one kind only|\d{1,9} a day)$/);

export const previewReportSchema: z.ZodType<PreviewReport> = z.strictObject({
  published_at: z.iso.datetime().nullable(),
  weights: z.array(keyEffect).max(LISTED),
  people: z.strictObject({
    bots: some(name),
    no_longer_bots: some(name),
    aliases: some(z.strictObject({ login: name, of: name })),
    no_longer_aliases: some(name),
    opted_out: count,
    no_longer_opted_out: count,
  }),
  repositories: z.strictObject({
    added: z.array(name).max(MANY),
    restored: z.array(name).max(MANY),
    removed: z.array(removedRepository).max(MANY),
    renamed: z.array(z.strictObject({ listed: name, now: name })).max(MANY),
    additions: additions.nullable(),
  }),
  boards: z.array(boardChange).max(MANY),
  unchanged_boards: count,
  likely_bots: z.array(z.strictObject({ login: name, signs: z.array(sign).max(4) })).max(LISTED),
  unknown: z
    .array(z.strictObject({ what: z.enum(UNKNOWN), names: z.array(name).max(MANY) }))
    .max(LISTED),
});
