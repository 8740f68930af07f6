import { z } from 'zod';
import {
  count,
  coverageKindSchema,
  date,
  head,
  kindSchema,
  link,
  periodSchema,
  person,
  score,
  sparseStanding,
  standing,
  time,
  unknownKinds,
} from './fields.ts';

/** The names that X allows. */
export const X_USERNAME = /^\w{1,15}$/;

const change = z.number();

/**
 * Why rank and score are others than on the board that `previous_rank` is of. What is 0 is left out.
 */
export const movementSchema = z.strictObject({
  /** The day (UTC) of that board. */
  since: date,
  /** 0: not on that board; null: not known, as only ranks were kept. */
  previous_score: score.nullable(),
  /**
   * Points, which sum to `total_score` less `previous_score`; absent: not known, as it was not kept
   * how that board was made, or it counted the lines of another kind.
   */
  parts: z
    .strictObject({
      /** Contributions made since. */
      own_work: change,
      /** Contributions that the period has left behind: never above 0. */
      left_period: change,
      /** Contributions made before that became known since. */
      late_data: change,
      /** The same contributions by other weights. */
      weights: change,
      /** What no longer counts, or counts for another person or with another date or size. */
      corrections: change,
    })
    .partial()
    .optional(),
  /**
   * People, counted: `rank` less `previous_rank` is `passed_by` + `newcomers` - `passed` - `left`.
   * Absent: not on that board, or not known.
   */
  people: z
    .strictObject({
      /** Were ahead, and are no longer. */
      passed: count,
      /** Were ahead, and are no longer on the board. */
      left: count,
      /** Are ahead, and were not. */
      passed_by: count,
      /** Are ahead, and were not on that board. */
      newcomers: count,
    })
    .partial()
    .optional(),
});
export type Movement = z.infer<typeof movementSchema>;

/** `contributors/{username}.json`: rank, score and parts in every period, over all repositories. */
export const contributorSchema = z.strictObject({
  ...head,
  contributor: z.strictObject({
    ...person,
    company: z.string().nullable(),
    location: z.string().nullable(),
    /** As the account states them on GitHub; absent if it does not, or was not looked up. */
    website: link.optional(),
    /** The name on X, without `@`. */
    x_username: z.string().regex(X_USERNAME).optional(),
    linkedin: link.optional(),
  }),
  /** A period is absent if the contributor has no points in it. */
  periods: z.partialRecord(
    periodSchema,
    z.strictObject({
      ...standing,
      repositories_contributed: count,
      total: count,
      unknown_kinds: unknownKinds,
      /** Absent: neither has changed, or no board is old enough. */
      movement: movementSchema.optional(),
    }),
  ),
});
export type Contributor = z.infer<typeof contributorSchema>;

/** `contributors/{username}/repositories.json`: the same, for each repository, all time. */
export const contributorRepositoriesSchema = z.strictObject({
  ...head,
  username: z.string(),
  repositories: z.array(
    z.strictObject({ repository: z.string(), ...standing, unknown_kinds: unknownKinds }),
  ),
});
export type ContributorRepositories = z.infer<typeof contributorRepositoriesSchema>;

/** Contributions of a week by kind. */
const weekSchema = z.strictObject({
  /** The Monday (UTC) it starts on. */
  week: date,
  total: count,
  counts: z.partialRecord(kindSchema, count),
});

const recentSchema = z.strictObject({
  repository: z.string(),
  event_id: z.string(),
  kind: kindSchema,
  occurred_at: time,
  /** Base points, before the line bonus. */
  points: score,
  source: z.string(),
  /** Its page on GitHub; null if what is known makes no address. */
  url: link.nullable(),
  /** Its issue or pull request; absent if it has none, or it is not known. */
  number: z.int().positive().optional(),
  /**
   * Of a pull request, an issue or a release; of a commit its first line; of a review or a comment
   * that of its issue or pull request. Text alone, at most 200 characters; null if no source has
   * stated it.
   */
  title: z.string().nullable().default(null),
});

/** A part of an activity that only some have. */
const more = {
  /**
   * Contributions of each day of the last 53 weeks, from `from`, a Monday (UTC), on: `at` has the
   * days that have any, counted from 0, and `counts` their contributions. Absent: none.
   */
  days: z
    .strictObject({ from: date, at: z.array(count), counts: z.array(z.int().positive()) })
    .optional(),
  /**
   * Ranks on the first board of each week, from the week of the Monday `from` on, of all
   * repositories: in all time and in the last 30 days. 0: there was no board, or the rank was
   * beyond 1,000. Absent: all are 0.
   */
  ranks: z
    .strictObject({ from: date, all: z.array(count), month: z.array(count).optional() })
    .optional(),
  /** When the `nth` contribution of a kind was made (UTC), or of any kind: null. Newest first. */
  milestones: z
    .array(z.strictObject({ kind: kindSchema.nullable(), nth: z.int().positive(), on: date }))
    .optional(),
};

/** When some kinds are not known of at least one repository of the site; oldest first. */
const unknown = z
  .array(z.strictObject({ from: time, to: time, kinds: z.array(coverageKindSchema) }))
  .default([]);

/** `contributors/{username}/activity.json`: contributions by week, and the last ones. */
export const contributorActivitySchema = z.strictObject({
  ...head,
  username: z.string(),
  /** Oldest first, without empty weeks. */
  weeks: z.array(weekSchema),
  unknown,
  /** The last 100 contributions, newest first. */
  recent: z.array(recentSchema),
  ...more,
  /** Documents `contributors/{username}/events/{part}.json`, with all that came before. */
  older_parts: count.optional(),
});
export type ContributorActivity = z.infer<typeof contributorActivitySchema>;

/** Contributions by columns: many take a third of the bytes that they take as objects. */
const eventLists = {
  /** Where its addresses on GitHub begin; null: it has none. */
  server: link.nullable(),
  /** What the columns refer to by place, from 0. */
  repositories: z.array(z.string()),
  kinds: z.array(kindSchema),
  sources: z.array(z.string()),
  titles: z.array(z.string()),
  columns: z
    .strictObject({
      event_id: z.array(z.string()),
      repository: z.array(count),
      kind: z.array(count),
      source: z.array(count),
      /** Seconds since 1970. */
      occurred_at: z.array(z.int()),
      /** Its issue or pull request; 0: it has none. */
      number: z.array(count),
      /** Null: not known. */
      title: z.array(count.nullable()),
      /** The tag of a release, the commit of a comment on a commit; absent if all are null. */
      reference: z.array(z.string().nullable()).optional(),
    })
    .refine(areEqual, 'all columns must have an entry for each contribution'),
};

function areEqual(columns: Readonly<Record<string, readonly unknown[] | undefined>>): boolean {
  const lengths = Object.values(columns).flatMap((column) => column?.length ?? []);
  return new Set(lengths).size === 1;
}

/**
 * `contributor-shards/{shard}.json`: activity and repositories of people without a page of their own,
 * many in one document. `index.json` has the number of shards; a person is in the shard whose number
 * is the hash of the login in lower case (FNV-1a, 32 bits) modulo that number.
 */
export const contributorShardSchema = z.strictObject({
  ...head,
  /** From 0. */
  shard: count,
  unknown,
  /** Kinds that are not known of a repository in all time, by its name; absent: all is known of all. */
  unknown_kinds: z.record(z.string(), z.array(coverageKindSchema)).optional(),
  /** The last 100 of each person, newest first, in the order of the people. */
  contributions: z.strictObject(eventLists),
  /** By login. */
  contributors: z.array(
    z.strictObject({
      username: z.string(),
      /** On the global board of each period, from 1; a rank may be several people's. */
      places: z.partialRecord(periodSchema, z.int().positive()),
      repositories: z.array(z.strictObject({ repository: z.string(), ...sparseStanding })),
      /** Absent where `contributions` are all of this person's: then they follow from these. */
      weeks: z.array(weekSchema).optional(),
      /** How many of the contributions of the shard are this person's. */
      contributions: count,
      ...more,
    }),
  ),
});
export type ContributorShard = z.infer<typeof contributorShardSchema>;

/**
 * `contributors/{username}/events/{part}.json`: the contributions before the last 100, newest first,
 * by columns.
 */
export const contributorEventsSchema = z.strictObject({
  ...head,
  username: z.string(),
  /** From 1; each but the last has 2,000 contributions. */
  part: z.int().positive(),
  parts: z.int().positive(),
  ...eventLists,
});
export type ContributorEvents = z.infer<typeof contributorEventsSchema>;

/** `renames.json`: people with documents who had another login before. */
export const renamesSchema = z.strictObject({
  ...head,
  /** By former login. A login is in it once, whatever its case, and is nobody's present one. */
  renames: z.array(z.strictObject({ former_login: z.string(), username: z.string() })),
});
export type Renames = z.infer<typeof renamesSchema>;
