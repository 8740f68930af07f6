import { z } from 'zod';
import { count, head, periodSchema, score, time } from './fields.ts';

const rank = z.int().positive();

/** What moved on the board of a period since `previous_on`; absent without an earlier board. */
const moves = z.strictObject({
  /** Who rose by the most places, of the first 100; null: nobody rose. */
  rise: z.strictObject({ username: z.string(), rank, previous_rank: rank }).nullable(),
  /** Who is among the first ten and was not before, best first. */
  new_in_ten: z.array(z.string()),
});

/** `facts.json`: what the last seven days brought, by board. */
export const factsSchema = z.strictObject({
  ...head,
  /** The seven days, half-open. */
  from: time,
  to: time,
  boards: z.array(
    z.strictObject({
      /** `global` or `owner/name`. */
      scope: z.string(),
      /** Contributions that were counted, and the people who made them. */
      contributions: count,
      people: count,
      /**
       * Contributions of the kinds that are known for all of the last month, in these seven days and
       * in the seven before; null if no kind is.
       */
      compared: z.strictObject({ now: count, before: count }).nullable(),
      /**
       * People whose first contribution that is known is of these days, and people whose first merged
       * pull request is; null: less than three months before them are known.
       */
      newcomers: count.nullable(),
      first_merged: count.nullable(),
      /** Who has the most points of these days; null: nobody has any. */
      leader: z.strictObject({ username: z.string(), points: score }).nullable(),
      periods: z.partialRecord(periodSchema, moves),
    }),
  ),
});
export type FactsDocument = z.infer<typeof factsSchema>;
export type FactsOfBoard = FactsDocument['boards'][number];
