import { z } from 'zod';
import { head, kindSchema, link, periodSchema, score } from './fields.ts';

/** `index.json`: what there is, and the site's settings. */
export const indexSchema = z.strictObject({
  ...head,
  title: z.string(),
  /** Where the site is published, with a slash at the end. */
  url: link,
  page_size: z.int().positive(),
  avatars: z.boolean(),
  periods: z.array(periodSchema),
  /** Usernames that have a contributor document. */
  contributors: z.array(z.string()),
  /** Path of every kind of document, relative to this one. */
  documents: z.record(z.string(), z.string()),
});
export type Index = z.infer<typeof indexSchema>;

/** `config/scoring.json`: the weights that the boards were made with. */
export const scoringSchema = z.strictObject({
  ...head,
  base_points: z.record(kindSchema, score),
  lines: z.strictObject({ added: score, deleted: score, cap: score, from: kindSchema }),
  /** Length of each period in days, counted back from `generated_at`; null: all time. */
  periods: z.record(periodSchema, z.int().positive().nullable()),
});
export type Scoring = z.infer<typeof scoringSchema>;
