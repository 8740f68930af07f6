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

/** `contributors/{username}.json`: rank, score and parts in every period, over all repositories. */
export const contributorSchema = z.strictObject({
  ...head,
  contributor: z.strictObject({
    ...person,
    company: z.string().nullable(),
    location: z.string().nullable(),
  }),
  /** A period is absent if the contributor has no points in it. */
  periods: z.partialRecord(
    periodSchema,
    z.strictObject({
      ...standing,
      repositories_contributed: count,
      total: count,
      unknown_kinds: unknownKinds,
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
  /**
   * Of a pull request, an issue or a release; of a commit its first line. Text alone, at most
   * 200 characters; null if no source has stated it, and for other kinds.
   */
  title: z.string().nullable().default(null),
});

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
});
export type ContributorActivity = z.infer<typeof contributorActivitySchema>;

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
  /** By login. */
  contributors: z.array(
    z.strictObject({
      username: z.string(),
      /** On the global board of each period, from 1; a rank may be several people's. */
      places: z.partialRecord(periodSchema, z.int().positive()),
      repositories: z.array(z.strictObject({ repository: z.string(), ...sparseStanding })),
      weeks: z.array(weekSchema),
      recent: z.array(recentSchema),
    }),
  ),
});
export type ContributorShard = z.infer<typeof contributorShardSchema>;

/** `renames.json`: people with documents who had another login before. */
export const renamesSchema = z.strictObject({
  ...head,
  /** By former login. A login is in it once, whatever its case, and is nobody's present one. */
  renames: z.array(z.strictObject({ former_login: z.string(), username: z.string() })),
});
export type Renames = z.infer<typeof renamesSchema>;
