import { z } from 'zod';
import { createMarker } from '../marker.ts';

/** What our comments and pull requests are found again by. */
export const formMarker = createMarker(
  'leaderboard-form:v1',
  z.strictObject({
    /** The number of the issue. */
    form: z.int().positive(),
    /** Of a pull request: the hash of what it adds. */
    entry: z.string().optional(),
  }),
);
