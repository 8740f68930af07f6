import { PERIOD_DAYS, PERIODS } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import { type Index, indexSchema, type Scoring, scoringSchema } from '../../published/documents.ts';
import { DOCUMENT_PATHS, documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';

/** Writes the index of the documents and settings of the site. `contributors`: their usernames. */
export function writeIndex(
  { head, config, folder }: Report,
  contributors: readonly string[],
): void {
  const { title, url, page_size, avatars } = config.site;
  const document: Index = {
    ...head,
    title,
    url: url.endsWith('/') ? url : `${url}/`,
    page_size,
    avatars,
    periods: [...PERIODS],
    contributors: [...contributors],
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
