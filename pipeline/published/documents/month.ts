import { z } from 'zod';
import { count, coverageKindSchema, date, head, kindSchema, link, score, time } from './fields.ts';

const month = z.string().regex(/^\d{4}-\d{2}$/);
const rank = z.int().positive();
const percentage = z.number().min(0).max(100);

const monthPerson = {
  username: z.string(),
  display_name: z.string().nullable(),
};

/** Contributions by kind; a kind without any is absent. */
const counts = z.partialRecord(kindSchema, count);

/** Those who share a first place, by login: the first three of them. */
const first = { people: z.array(z.strictObject(monthPerson)), tied: z.int().positive() };

const contribution = {
  /** When, UTC. */
  on: date,
  kind: kindSchema,
  repository: z.string(),
  /** The number of its issue or pull request. */
  number: z.int().positive().nullable(),
  title: z.string().nullable(),
  url: link.nullable(),
};

/** The first ones, and how many there are. */
const listOf = <T extends z.ZodRawShape>(row: T) =>
  z.strictObject({ total: count, first: z.array(z.strictObject(row)) });

const summary = {
  month,
  /** When the month was counted for good; null: it goes on, or its reading does. */
  closed_at: time.nullable(),
  contributions: count,
  /** Who made them. */
  people: count,
  counts,
  /** The mean of all repositories, in per cent. */
  coverage: percentage,
  /** Kinds that are not known for all of the month. Nobody is called first in them. */
  unknown_kinds: z.array(coverageKindSchema),
};

/** `months.json`: the months of the calendar, newest first. */
export const monthsSchema = z.strictObject({
  ...head,
  months: z.array(
    z.strictObject({
      ...summary,
      /** People who had no contribution before; null: not known. */
      newcomers: count.nullable(),
      /** Who has the most points; null: nobody has any, or the month is not closed. */
      first: z.strictObject({ ...first, score }).nullable(),
    }),
  ),
});
export type Months = z.infer<typeof monthsSchema>;

/**
 * `months/{month}.json`: what a month of the calendar brought. Of a closed month, `generated_at` is
 * when it was closed, and nothing in it changes but for a correction; who has opted out or changed
 * their name since is shown as now.
 */
export const monthSchema = z.strictObject({
  ...head,
  ...summary,
  /** When it closes at the earliest: three days after its end. */
  closes_at: time,
  /** `owner/name` of the repositories that it waits for, as not all of it was read of them. */
  waits_for: z.array(z.string()),
  /** Why it was counted again, oldest first. */
  corrections: z.array(z.strictObject({ on: date, what: z.string() })),
  /** The month before; null: it is not closed, or this one is not. */
  previous: z.strictObject({ month, contributions: count, people: count }).nullable(),
  repositories: z.array(
    z.strictObject({
      repository: z.string(),
      coverage: percentage,
      unknown_kinds: z.array(coverageKindSchema),
    }),
  ),
  /** The first 25 by points, in all repositories together. */
  places: z.array(z.strictObject({ ...monthPerson, rank, score, contributions: count })),
  /** How the first ten came there: their ranks in up to six months, the last one this. */
  ranks: z.strictObject({
    months: z.array(month),
    /** In the order of `places`; null: not on that month's board. */
    people: z.array(z.array(rank.nullable())),
  }),
  /** Who has the most of each kind; empty until the month is closed. */
  first_by_kind: z.array(z.strictObject({ kind: kindSchema, count, ...first })),
  /** Who has the most points in each repository; empty until the month is closed. */
  first_by_repository: z.array(z.strictObject({ repository: z.string(), score, ...first })),
  /**
   * Who rose by the most places since the month before, of the first hundred; null: one of both is not
   * closed, they were counted by different weights, or a kind is known of one of them alone.
   */
  rises: z.array(z.strictObject({ ...monthPerson, rank, previous_rank: rank })).nullable(),
  /** First contributions of people who had none before, oldest first; null: not known. */
  newcomers: listOf({ ...monthPerson, ...contribution }).nullable(),
  /** First merged pull requests of people who had none before, oldest first; null: not known. */
  first_merged: listOf({ ...monthPerson, ...contribution }).nullable(),
  /** Releases, newest first; without the author where it is not known or nobody. */
  releases: listOf({
    ...contribution,
    username: z.string().nullable(),
    tag: z.string().nullable(),
  }),
});
export type Month = z.infer<typeof monthSchema>;
