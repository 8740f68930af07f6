import { z } from 'zod';
import { count, head, periodSchema, person, standing, unknownKinds } from './fields.ts';

export const entrySchema = z.strictObject({
  ...person,
  ...standing,
  /** Global board only: repositories in which the person has points in the period. */
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
  /** Contributors on the whole board: those who have points in the period. */
  total: count,
  unknown_kinds: unknownKinds,
  /**
   * People whose contributions have no points in the period: they have no rank and are on no board.
   * The contributions of a board are those of its entries and these.
   */
  unranked: z
    .strictObject({ contributors: count, contributions: count })
    .default({ contributors: 0, contributions: 0 }),
  entries: z.array(entrySchema),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;
