import { z } from 'zod';
import {
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
  type CountColumn,
  mapKinds,
} from '../../domain/contribution-kinds.ts';
import { COVERAGE_KINDS } from '../../domain/coverage-kinds.ts';
import { PICTURE_TYPES } from '../../domain/picture.ts';
import { PERIODS } from '../../domain/time.ts';

/** Fields that several published documents share. */

export const kindSchema = z.enum(CONTRIBUTION_KINDS);
export const periodSchema = z.enum(PERIODS);
/** A kind of contribution, or `LINES`: the lines that a score counts. */
export const coverageKindSchema = z.enum(COVERAGE_KINDS);
/**
 * Kinds that are not known for all of the period. The counts of these kinds are lower bounds, and a
 * 0 among them says nothing; the scores lack what is not known.
 */
export const unknownKinds = z.array(coverageKindSchema).default([]);

export const time = z.iso.datetime();
export const date = z.iso.date();
export const count = z.int().nonnegative();
export const score = z.number().nonnegative();
/** Only http(s): a link that comes from outside must never run script. */
export const link = z.url({ protocol: /^https?$/ });

/** Contributions of a contributor, by kind. */
const counts = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, count])) as Record<
  CountColumn,
  typeof count
>;

/** Points by kind, and the capped bonus for lines. Their sum is `total_score`. */
const pointsSchema = z.strictObject({ ...mapKinds(() => score), line_bonus: score });

/** The day (UTC) whose ranks a board is compared with; null: there is none that is old enough. */
export const previousOn = date.nullable().default(null);

/**
 * Contributions by week in the scope of a board, at most 26: oldest first, from the first week that
 * has any. The last one is the week (from Monday, UTC) in which the data ends.
 */
export const trend = z.array(count).max(26);

/** The first fields of every document. */
export const head = {
  /** When the document was made. */
  generated_at: time,
  /** End of the data: nothing later was read yet. Null before the first scrape. */
  data_until: time.nullable(),
  /** Changes whenever a weight changes. */
  weights_version: z.string(),
  /** True if the data is generated and nobody in it is real. */
  sample: z.boolean(),
};

const headSchema = z.strictObject(head);
export type Head = z.infer<typeof headSchema>;

/** Rank, score and counts of one contributor in one scope and period. */
export const standing = {
  /** Ties share a rank: 1, 2, 2, 4. */
  rank: z.int().positive(),
  /**
   * Rank 7 days before, of a year and of all time 28 days before, or on the next earlier day that
   * has ranks; null: not on the board of that day, or there is none.
   */
  previous_rank: z.int().positive().nullable(),
  total_score: score,
  ...counts,
  lines_added: count,
  lines_deleted: count,
  first_contribution_at: time,
  last_contribution_at: time,
  points: pointsSchema,
};

const sparseCounts = Object.fromEntries(
  COUNT_COLUMNS.map((column) => [column, count.optional()]),
) as Record<CountColumn, z.ZodOptional<typeof count>>;

/** The same without what is 0, null or empty: `fillStanding` puts it back. */
export const sparseStanding = {
  rank: standing.rank,
  previous_rank: z.int().positive().optional(),
  total_score: score,
  ...sparseCounts,
  lines_added: count.optional(),
  lines_deleted: count.optional(),
  first_contribution_at: time,
  /** Absent: the first one is the last. */
  last_contribution_at: time.optional(),
  points: pointsSchema.partial(),
};

/**
 * People whose contributions have no points in the period: they have no rank. The contributions of a
 * board are those of its entries and these.
 */
export const unranked = z
  .strictObject({ contributors: count, contributions: count })
  .default({ contributors: 0, contributions: 0 });

/** A contributor, as GitHub shows them publicly. */
export const person = {
  username: z.string(),
  /** Null while only a login is known. */
  github_id: z.int().positive().nullable(),
  display_name: z.string().nullable(),
  avatar_url: link.nullable(),
  /** The ending of `avatars/{github_id}.{avatar}`, beside the documents; absent: there is no such file. */
  avatar: z.enum(PICTURE_TYPES).optional(),
  profile_url: link,
};

/** What was used of GitHub's rate allowance. */
export const usage = {
  /** GraphQL points. */
  points: count,
  /** REST and GraphQL requests together. */
  requests: count,
};
