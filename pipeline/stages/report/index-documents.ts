import { PERIOD_DAYS } from '../../domain/period.ts';
import { indexSchema, scoringSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { buildIndex } from './index-document.ts';
import { buildOpenapi, openapiSchema } from './openapi.ts';
import type { Report } from './report.ts';
import { buildScoring } from './scoring.ts';

/** Writes what says how to read the rest: the index, the weights and the description of the API. */
export function reportIndex(report: Report, contributors: readonly string[]): void {
  const { head, config, weights, folder } = report;
  folder.write(documentPath('index'), indexSchema, buildIndex(head, config.site, contributors));
  const scoring = buildScoring(head, { weights, periods: PERIOD_DAYS });
  folder.write(documentPath('scoring'), scoringSchema, scoring);
  folder.write('openapi.json', openapiSchema, buildOpenapi(config.site));
}
