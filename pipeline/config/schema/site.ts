import { z } from 'zod';
import { DATA_LICENCES } from '../../domain/licences.ts';
import { PERIODS } from '../../domain/time.ts';

/** What the receiver of the webhook takes. */
export const WEBHOOK_FORMATS = ['json', 'slack', 'discord', 'teams'] as const;

const webhook = z.strictObject({
  format: z
    .enum(WEBHOOK_FORMATS)
    .default('json')
    .describe('What the receiver takes; its address is the secret WEBHOOK_URL.'),
});

const correction = z.strictObject({
  month: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'expected a month, YYYY-MM')
    .describe('The closed month that is counted again, YYYY-MM.'),
  on: z.iso.date().describe('The date of the correction, YYYY-MM-DD.'),
  what: z
    .string()
    .min(1)
    .max(300)
    .regex(/^\P{C}+$/u, 'expected text without control characters')
    .describe('What was wrong, for the readers of the page of the month.'),
});

export const siteSchema = z
  .strictObject({
    title: z
      .string()
      .min(1)
      .max(200)
      .regex(/^\P{C}+$/u, 'expected text without control characters')
      .default('Contributor leaderboard')
      .describe('Its heading.'),
    url: z
      .url({
        protocol: /^https?$/,
        error: 'expected the address of the site, https://…/',
        abort: true,
      })
      .regex(
        /^https?:\/\/[^\s/?#@]+(?:\/[\w.~-]+)*\/?$/i,
        'expected https://host/path/ without a user, a query or a fragment',
      )
      .default('https://example.github.io/leaderboard/')
      .describe('Where it is published, with the path.'),
    page_size: z.int().min(1).max(500).default(50).describe('Entries on a page of a board.'),
    default_period: z
      .enum(PERIODS)
      .default('month')
      .describe('The period that the home page and the page of a repository open with.'),
    contributor_pages: z
      .int()
      .min(0)
      .default(1000)
      .describe(
        'The most contributors that have a page built for them; one page shows the others.',
      ),
    board_pages: z
      .int()
      .min(1)
      .default(10)
      .describe('Pages of each board that show all columns; plain lists follow.'),
    board_document_pages: z
      .int()
      .min(1)
      .default(10)
      .describe('Pages of each board that are published as documents with a row for each entry.'),
    size_limit_mb: z
      .int()
      .min(10)
      .max(1000)
      .default(800)
      .describe('The most megabytes that the site may have; GitHub Pages takes 1,000.'),
    og_images: z
      .int()
      .min(0)
      .max(5000)
      .default(100)
      .describe('Contributors, the first ones, whose pages have a picture of their own for links.'),
    data_licence: z
      .enum(Object.keys(DATA_LICENCES) as (keyof typeof DATA_LICENCES)[])
      .default('CC-BY-4.0')
      .describe('What others may do with the documents and downloads.'),
    avatars: z
      .boolean()
      .default(true)
      .describe(
        "Whether people's pictures are fetched from GitHub and shown as files of the site.",
      ),
    corrections: z
      .array(correction)
      .default([])
      .describe('Closed months that are counted again, each once, with a note on their page.'),
    webhook: webhook.prefault({}).describe('Messages of the workflow, if an address is set.'),
  })
  .meta({ title: 'Site', description: 'The published website.' });
