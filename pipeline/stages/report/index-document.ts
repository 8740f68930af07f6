import { PERIOD_DAYS, PERIODS } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import { type Index, indexSchema, type Scoring, scoringSchema } from '../../published/documents.ts';
import { DOCUMENT_PATHS, documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import type { Plan } from './plan.ts';

/** Writes the index of the documents, the settings of the site and what the budget of sizes chose. */
export function writeIndex(
  { head, config, folder, appearance }: Report,
  { people, withPage, shards, published }: Plan,
): void {
  const { title, url, page_size, avatars, default_period } = config.site;
  const { board_pages, board_document_pages, og_images, data_licence } = config.site;
  const document: Index = {
    ...head,
    title,
    url: withSlash(url),
    page_size,
    avatars,
    periods: [...PERIODS],
    default_period,
    contributors: people
      .filter(({ github_id }) => withPage.has(github_id))
      .map(({ login }) => login),
    people: people.length,
    contributor_shards: shards,
    board_pages,
    board_document_pages,
    og_images,
    data_licence,
    ...(appearance.forms !== null && { forms: appearance.forms }),
    plan: published,
    documents: Object.fromEntries(
      Object.entries(DOCUMENT_PATHS).map(([name, { path }]) => [name, path]),
    ),
  };
  folder.write(documentPath('index'), indexSchema, document);
}

/** Writes the weights in force and the lengths of the periods. */
export function writeScoring({ head, folder }: Report, weights: Weights): void {
  const { base_points, lines } = weights;
  const document: Scoring = { ...head, base_points, lines, periods: PERIOD_DAYS };
  folder.write(documentPath('scoring'), scoringSchema, document);
}

/** An address of a folder, for addresses within it. */
export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
