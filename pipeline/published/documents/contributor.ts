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

/** `contributors/{username}/activity.json`: contributions by week, and the last ones. */
export const contributorActivitySchema = z.strictObject({
  ...head,
  username: z.string(),
  /** Oldest first, without empty weeks. */
  weeks: z.array(
    z.strictObject({
      /** The Monday (UTC) it starts on. */
      week: date,
      total: count,
      counts: z.partialRecord(kindSchema, count),
    }),
  ),
  /** When some kinds are not known of at least one repository of the site; oldest first. */
  unknown: z
    .array(z.strictObject({ from: time, to: time, kinds: z.array(coverageKindSchema) }))
    .default([]),
  /** The last 100 contributions, newest first. */
  recent: z.array(
    z.strictObject({
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
    }),
  ),
});
export type ContributorActivity = z.infer<typeof contributorActivitySchema>;
