import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../../db/client.ts';
import { readWindows } from '../../../db/queries/published-repositories.ts';
import type { Context } from '../../runtime/context.ts';
import type { Log } from '../../util/log.ts';
import { reportBoards } from './boards.ts';
import { reportContributors } from './contributors.ts';
import { reportDashboard } from './dashboard.ts';
import { createDocumentFolder } from './document-folder.ts';
import { reportIndex } from './index-documents.ts';
import { writeJobSummary } from './job-summary.ts';
import { requireOurFolder } from './output-folder.ts';
import { type Report, type ReportConfig, readHead } from './report.ts';
import { reportRepositories } from './repositories.ts';

export interface ReportContext {
  readonly db: Db;
  readonly config: ReportConfig;
  /** The clock: it dates the documents, and only contributions before it are shown. */
  readonly now: Date;
  readonly log: Log;
  /** Folder of the site's data; the documents go to `api/v1/` in it. */
  readonly out: string;
  /** Whether the data is generated and nobody in it is real. */
  readonly sample: boolean;
}

export interface ReportResult {
  readonly documents: number;
  readonly contributors: number;
}

/**
 * Writes every published document, from one consistent view of the tables, and then puts them in
 * the place of the former ones. The same tables and clock give the same bytes.
 */
export async function report(context: ReportContext): Promise<ReportResult> {
  mkdirSync(join(context.out, 'api'), { recursive: true });
  const folder = createDocumentFolder(join(context.out, 'api', 'v1'));
  try {
    const contributors = await context.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (trx) =>
        writeDocuments({ ...context, db: trx, folder, ...(await readHead(trx, context)) }),
      );
    const result = { documents: folder.publish(), contributors };
    context.log.info(result, 'documents published');
    return result;
  } catch (error) {
    folder.discard();
    throw error;
  }
}

/** Writes them and returns for how many contributors. */
async function writeDocuments(report: Report): Promise<number> {
  const windows = Map.groupBy(await readWindows(report.db), (row) => row.repository_id);
  const repositories = await reportRepositories(report, windows);
  await reportBoards(report, repositories);
  await reportDashboard(report, repositories, windows);
  const contributors = await reportContributors(report);
  reportIndex(report, contributors);
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
