import { z } from 'zod';
import { count, coverageKindSchema, date, head, kindSchema, time } from './fields.ts';

const share = z.number().min(0).max(1);

const concentrationSchema = z.strictObject({
  /** Everybody with points. */
  people: count,
  /** The fewest people who together hold at least half of all points. */
  half: z.int().positive(),
  /** The share that the first one holds, the first two, and so on: at most 30. */
  shares: z.array(share),
});

/** A median, and the number of pull requests that it is of. */
const medianSchema = z.strictObject({
  seconds: z.number().nonnegative(),
  pull_requests: z.int().positive(),
});

/**
 * `repositories/{owner}/{name}/activity.json`: what happens in a repository, without bots and people
 * who opted out.
 */
export const repositoryActivitySchema = z.strictObject({
  ...head,
  /** `owner/name`. */
  repository: z.string(),
  weeks: z.strictObject({
    /** The Monday (UTC) on which the first of the 53 weeks begins. */
    from: date,
    /** Contributions by kind, a number for each week; a kind without any is absent. */
    counts: z.partialRecord(kindSchema, z.array(count)),
  }),
  /** When some kinds are not known; oldest first. */
  unknown: z.array(z.strictObject({ from: time, to: time, kinds: z.array(coverageKindSchema) })),
  months: z.strictObject({
    /** `YYYY-MM`, UTC; null: nobody was ever active. At most 24 months. */
    from: z
      .string()
      .regex(/^\d{4}-\d{2}$/)
      .nullable(),
    /** People whose first contribution that is known was in the month, */
    newcomers: z.array(count),
    /** and those who had contributed before it. */
    returning: z.array(count),
    /** Whether what is known begins in the first of these months: all in it are newcomers. */
    is_beginning: z.boolean(),
  }),
  /** Of the points of all time; null: nobody has any. */
  concentration: concentrationSchema.nullable(),
  /** The same 365 days before, by the weights of today. */
  concentration_year_ago: concentrationSchema.nullable(),
  /** Reviews in 365 days among the first eight of the board of a year. */
  reviews: z.strictObject({
    usernames: z.array(z.string()),
    /** A row for each reviewer, with a number for each author. */
    counts: z.array(z.array(count)),
  }),
  /** From opening to the first review by somebody else: pull requests first reviewed in 90 days. */
  first_review: medianSchema.nullable(),
  /** From opening to merging: pull requests merged in 90 days. */
  merge: medianSchema.nullable(),
});
export type RepositoryActivity = z.infer<typeof repositoryActivitySchema>;
