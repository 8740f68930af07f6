import { z } from 'zod';
import {
  count,
  head,
  periodSchema,
  person,
  previousOn,
  score,
  standing,
  trend,
  unknownKinds,
  unranked,
} from './fields.ts';

export const entrySchema = z.strictObject({
  ...person,
  ...standing,
  /** Points of the last seven days, on the same board. */
  delta_7d: score.default(0),
  trend: trend.default([]),
  /** Global board only: repositories in which the person has points in the period. */
  repositories_contributed: count.optional(),
});
export type Entry = z.infer<typeof entrySchema>;

/** `leaderboard/**`: one of the first pages of a board, with a row for each entry. */
export const leaderboardSchema = z.strictObject({
  ...head,
  /** `global` or `owner/name`. */
  scope: z.string(),
  period: periodSchema,
  page: z.int().positive(),
  /** Of the whole board; the first `board_document_pages` (`index.json`) of them are documents. */
  pages: z.int().positive(),
  /** Contributors on the whole board: those who have points in the period. */
  total: count,
  previous_on: previousOn,
  unknown_kinds: unknownKinds,
  /** People without points, and what they did; they are no entries. */
  unranked,
  entries: z.array(entrySchema),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;
