import { join } from 'node:path';
import { readBoardSizes } from '../../../db/queries/report/boards.ts';
import { readTopContributors } from '../../../db/queries/report/contributors.ts';
import { readOptedOutLogins } from '../../../db/queries/report/operations.ts';
import { readPublishedRepositories, readWindows } from '../../../db/queries/report/repositories.ts';
import { SAFE_LOGIN } from '../../published/paths.ts';
import type { Context } from '../../runtime/context.ts';
import { planScopes, writeBoards } from './boards.ts';
import { type Report, type ReportContext, readHead } from './context.ts';
import { writeContributors } from './contributors.ts';
import { writeCosts } from './costs.ts';
import { writeCoverage } from './coverage.ts';
import { writeIndex, writeScoring } from './index-document.ts';
import { writeJobSummary } from './job-summary.ts';
import { writeOpenapi } from './openapi.ts';
import { writeOperations } from './operations.ts';
import { createDocumentFolder, type DocumentFolder, requireOurFolder } from './output-folder.ts';
import { createRedact } from './public-text.ts';
import { writeRepositories } from './repositories.ts';

export interface ReportResult {
  readonly documents: number;
  readonly contributors: number;
}

/**
 * Writes every published document, from one consistent view of the tables, and then replaces the
 * former documents. The same tables and clock give the same bytes.
 */
export async function report(context: ReportContext): Promise<ReportResult> {
  const folder = createDocumentFolder(join(context.out, 'api', 'v1'));
  try {
    const contributors = await context.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => writeDocuments({ ...context, db: trx }, folder));
    const result = { documents: folder.publish(), contributors };
    context.log.info(result, 'documents published');
    return result;
  } catch (error) {
    folder.discard();
    throw error;
  }
}

/** Returns the number of contributors that have documents. */
async function writeDocuments(context: ReportContext, folder: DocumentFolder): Promise<number> {
  const { db, config, now, sample } = context;

  // Read
  // Only inputs that several documents share: each document reads the rest itself, because boards
  // and activities are too large to be in memory at once.
  const { head, weights } = await readHead(context);
  const repositories = await readPublishedRepositories(db);
  const windows = Map.groupBy(await readWindows(db), (row) => row.repository_id);
  const boardSizes = await readBoardSizes(db);
  const contributors = await readTopContributors(db, SAFE_LOGIN, config.site.contributor_pages);
  const redact = createRedact(await readOptedOutLogins(db));

  // Decide
  const appearance = { sample, avatars: config.site.avatars };
  const report: Report = { db, config, now, folder, head, appearance };
  const scopes = planScopes(repositories, boardSizes);

  // Write
  await writeRepositories(report, repositories, windows);
  for (const scope of scopes) await writeBoards(report, scope);
  await writeOperations(report, redact);
  await writeCosts(report);
  await writeCoverage(report, repositories, windows);
  await writeContributors(report, contributors, scopes[0].totals);
  writeIndex(
    report,
    contributors.map(({ login }) => login),
  );
  writeScoring(report, weights);
  writeOpenapi(report);
  return contributors.length;
}

/** Writes the documents of a run, and the summary on its page in GitHub Actions. */
export async function runReport(context: Context) {
  const { out } = context.options;
  await requireOurFolder(out);
  const result = await report({ ...context, out, sample: context.isSample });
  await writeJobSummary(context);
  return result;
}
