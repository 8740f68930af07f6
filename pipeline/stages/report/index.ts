import { join } from 'node:path';
import { readBoardSizes, readGlobalLines, readPeople } from '../../../db/queries/report/boards.ts';
import { readWeekCounts } from '../../../db/queries/report/contributors.ts';
import { readOptedOutLogins } from '../../../db/queries/report/operations.ts';
import { readPublishedRepositories, readWindows } from '../../../db/queries/report/repositories.ts';
import { listMonths } from '../../domain/month-closing.ts';
import { fullName } from '../../domain/names.ts';
import { documentPath } from '../../published/paths.ts';
import type { Context } from '../../runtime/context.ts';
import type { Log } from '../../util/log.ts';
import { readTracked } from '../months/count.ts';
import { readPictures } from './avatars.ts';
import { listScopes, orderBoards, writeAllBoards } from './boards.ts';
import { readCalculation } from './calculation.ts';
import { appearanceOf, type Report, type ReportContext, readHead } from './context.ts';
import { writeContributors } from './contributors.ts';
import { writeCosts } from './costs.ts';
import { writeCoverage } from './coverage.ts';
import { writeDownloads } from './downloads/index.ts';
import { createHideMentions } from './hide-mentions.ts';
import { writeHistory } from './history.ts';
import { writeIndex, writeScoring } from './index-document.ts';
import { writeJobSummary } from './job-summary.ts';
import { readKnowledge } from './knowledge.ts';
import { writeManifest } from './manifest.ts';
import { writeMetrics } from './metrics.ts';
import { writeMonths } from './months.ts';
import { writeOpenapi } from './openapi.ts';
import { createRedact, writeOperations } from './operations.ts';
import {
  createDocumentFolder,
  type DocumentFolder,
  requireOurFolder,
  UnfitDocumentError,
} from './output-folder.ts';
import { readRanks } from './past-places.ts';
import { describePlan, megabytes, type Plan, planSizes } from './plan.ts';
import { pushMetrics } from './push-metrics.ts';
import { writeRenames } from './renames.ts';
import { writeRepositories } from './repositories.ts';
import { writeRepositoryActivities } from './repository-activity.ts';
import { writeRuns } from './runs.ts';

export interface ReportResult {
  readonly documents: number;
  readonly contributors: number;
  /** Documents that did not fit their schema: what was published of them before stays. */
  readonly unfit: number;
}

/**
 * Writes every published document, from one consistent view of the tables, and then replaces the
 * former documents. The same tables and clock give the same bytes. A document that does not fit its
 * schema keeps its last published version, and the others are published.
 */
export async function report(context: ReportContext): Promise<ReportResult> {
  const folder = createDocumentFolder(join(context.out, 'api', 'v1'));
  const { write, unfit } = keepingFormer(folder, context.log);
  const { writeText, files } = folder;
  try {
    const contributors = await context.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((trx) => writeDocuments({ ...context, db: trx }, { write, writeText, files }));
    const result = { documents: folder.publish(), contributors, unfit: unfit() };
    context.log.info(result, 'documents published');
    return result;
  } catch (error) {
    folder.discard();
    throw error;
  }
}

/** Failures that are reported one by one; one cause may concern the documents of thousands. */
const MOST_REPORTED = 20;

/** Writes documents; of one that does not fit, the former version is kept and the failure reported. */
function keepingFormer(folder: DocumentFolder, log: Log) {
  let failures = 0;
  const write: DocumentFolder['write'] = (path, schema, document) => {
    try {
      folder.write(path, schema, document);
    } catch (error) {
      if (!(error instanceof UnfitDocumentError)) throw error;
      const isKept = folder.keepFormer(path);
      // Without the index the folder would not be known as ours, and the site could not be built.
      if (!isKept && path === documentPath('index')) throw error;
      failures += 1;
      if (failures > MOST_REPORTED) return;
      log.error({ reason: error.message, isKept }, 'a document is not published');
    }
  };
  return { write, unfit: () => failures };
}

/** Returns the number of contributors that have documents. */
async function writeDocuments(context: ReportContext, folder: Report['folder']): Promise<number> {
  const { db, config, now } = context;

  // Read
  // Only inputs that several documents share: each document reads the rest itself, because the
  // boards of all repositories and activities are too large to be in memory at once.
  const { head, weights } = await readHead(context);
  const repositories = await readPublishedRepositories(db);
  const windowRows = await readWindows(db);
  const windows = Map.groupBy(windowRows, (row) => row.repository_id);
  const tracked = await readTracked(db, windowRows);
  const people = await readPeople(db);
  const global = orderBoards(await readGlobalLines(db), people);
  const weeks = await readWeekCounts(db);
  const sizes = await readBoardSizes(db);
  const pictures = await readPictures(context);
  const optedOut = await readOptedOutLogins(db);
  const redact = createRedact(optedOut);
  const scopes = listScopes(repositories);
  const calculation = await readCalculation(db, scopes, now);
  const knowledge = await readKnowledge(db, repositories, windows, weights, now);

  // Decide
  const months = listMonths(tracked, now).length;
  const plan = planSizes(global, weeks, sizes, months, config.site, pictures);
  logPlan(context.log, plan);
  const report: Report = {
    ...{ db, config, now, folder, head, weights, knowledge, withPage: plan.withPage },
    appearance: appearanceOf(context, plan.pictures),
    hideMentions: createHideMentions(optedOut),
    repositoryNames: new Map(repositories.map((row) => [row.id, fullName(row)])),
    ranksOf: await readRanks(db, now),
    ...calculation,
  };

  // Write
  await writeRepositories(report, repositories, windows);
  await writeRepositoryActivities(report);
  const standings = await writeAllBoards(report, scopes, { global, people });
  await writeHistory(report, scopes);
  await writeOperations(report, redact);
  await writeRuns(report, redact);
  await writeCosts(report);
  await writeCoverage(report, repositories, redact);
  await writeContributors(report, plan, standings);
  await writeRenames(report);
  await writeMonths(report, people, tracked);
  await writeDownloads(report);
  writeIndex(report, plan);
  writeScoring(report, weights);
  writeOpenapi(report);
  await writeMetrics(report);
  writeManifest(report);
  return plan.people.length;
}

function logPlan(log: Log, { people, withPage, published }: Plan): void {
  const sizes = published.files.map(({ kind, bytes }) => [kind, `${megabytes(bytes)} MB`]);
  log.info(Object.fromEntries(sizes), describePlan(published, withPage.size, people.length));
}

/** Writes the documents of a run, and the summary on its page in GitHub Actions. */
export async function runReport(context: Context) {
  const { out } = context.options;
  const { githubServerUrl: server, githubRepository: repository } = context.environment;
  await requireOurFolder(out);
  // The documents show the log up to here.
  await context.journal?.flush();
  const result = await report({ ...context, out, server, repository, sample: context.isSample });
  await writeJobSummary(context, result.unfit);
  await pushMetrics(context);
  return result;
}
