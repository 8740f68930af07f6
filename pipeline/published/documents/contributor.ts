import { z } from 'zod';
import {
  count,
  date,
  head,
  kindSchema,
  link,
  periodSchema,
  person,
  score,
  standing,
  time,
} from './fields.ts';

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
    z.strictObject({ ...standing, repositories_contributed: count, total: count }),
  ),
});
export type Contributor = z.infer<typeof contributorSchema>;

/** `contributors/{username}/repositories.json`: the same, for each repository, all time. */
export const contributorRepositoriesSchema = z.strictObject({
  ...head,
  username: z.string(),
  repositories: z.array(z.strictObject({ repository: z.string(), ...standing })),
});
export type ContributorRepositories = z.infer<typeof contributorRepositoriesSchema>;

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
export type ContributorActivity = z.infer<typeof contributorActivitySchema>;
