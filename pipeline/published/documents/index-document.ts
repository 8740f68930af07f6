import { z } from 'zod';
import { DATA_LICENCES } from '../../domain/licences.ts';
import { count, head, kindSchema, link, periodSchema, score } from './fields.ts';

/** What the budget of sizes chose, before anything was written. All sizes are estimates in bytes. */
const planSchema = z.strictObject({
  limit_bytes: count,
  estimated_bytes: count,
  /** What kept others from having a page built for them. */
  limited_by: z.enum(['nothing', 'contributor_pages', 'size_limit_mb']),
  /** By kind of file: documents and pages. */
  files: z.array(z.strictObject({ kind: z.string(), files: count, bytes: count })),
});

/** `index.json`: what there is, and the site's settings. */
export const indexSchema = z.strictObject({
  ...head,
  title: z.string(),
  /** Where the site is published, with a slash at the end. */
  url: link,
  page_size: z.int().positive(),
  avatars: z.boolean(),
  periods: z.array(periodSchema),
  /** The period that the home page and the page of a repository open with. */
  default_period: periodSchema.default('all'),
  /** People with a page of their own, by username: their activity and repositories are documents. */
  contributors: z.array(z.string()),
  /** People with a document `contributors/{username}.json`. Those without a page are in the shards. */
  people: count,
  contributor_shards: z.int().positive(),
  /** Pages of a board that show all columns. */
  board_pages: z.int().positive(),
  /** Pages of a board that are documents: `leaderboard/**`. `boards/**` is whole. */
  board_document_pages: z.int().positive(),
  /** People, the first of `contributors`, whose pages have a picture of their own for links. */
  og_images: count.default(0),
  /** What others may do with the documents: an SPDX id. */
  data_licence: z
    .enum(Object.keys(DATA_LICENCES) as (keyof typeof DATA_LICENCES)[])
    .default('CC-BY-4.0'),
  /**
   * Where the forms for corrections are filed, in the repository that publishes: `template` is the file
   * of one, and other parameters fill in its fields. Absent: that repository is not known.
   */
  forms: link.optional(),
  plan: planSchema,
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
