import { z } from 'zod';
import { count, date, head, periodSchema } from './fields.ts';

/**
 * `history.json`: ranks by board and week. It is compact, since it also brings the history back
 * when the database is lost.
 */
export const historySchema = z.strictObject({
  ...head,
  /** The first day of each week that has ranks, oldest first. Weeks begin on Mondays. */
  weeks: z.array(date),
  /** Everyone on a board below: their numeric ids and, in the same order, their usernames. */
  github_ids: z.array(z.int().positive()),
  usernames: z.array(z.string()),
  boards: z.array(
    z.strictObject({
      /** `global` or `owner/name`. */
      scope: z.string(),
      period: periodSchema,
      /** The place in `weeks` of its first week; it has all weeks from there on. */
      first_week: count,
      /** Places in `github_ids`. */
      people: z.array(count),
      /** For each of the people in turn, the rank in each week; 0: not among the first. */
      ranks: z.array(count),
    }),
  ),
});
export type History = z.infer<typeof historySchema>;
