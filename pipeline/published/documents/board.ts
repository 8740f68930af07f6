import { z } from 'zod';
import { count, head, periodSchema, person, standing, unknownKinds } from './fields.ts';

export const entrySchema = z.strictObject({
  ...person,
  ...standing,
  /** Global board only: repositories with at least one contribution in the period. */
  repositories_contributed: count.optional(),
});
export type Entry = z.infer<typeof entrySchema>;

/** `leaderboard/**`: one page of one board. */
export const leaderboardSchema = z.strictObject({
  ...head,
  /** `global` or `owner/name`. */
  scope: z.string(),
  period: periodSchema,
  page: z.int().positive(),
  pages: z.int().positive(),
  /** Contributors on the whole board. */
  total: count,
  unknown_kinds: unknownKinds,
  entries: z.array(entrySchema),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;
