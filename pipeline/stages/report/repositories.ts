import {
  readTrackedRepositories,
  type TrackedRepositoryRow,
  type WindowsById,
} from '../../../db/queries/report/repositories.ts';
import { readUsageDays } from '../../../db/queries/report/usage.ts';
import { repositoriesSchema, repositoryDocumentSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './report.ts';
import { buildRepository, buildRepositoryDocument } from './repository.ts';

/** As the contract says of `github_usage`. */
const USAGE_DAYS = 30;

/** Writes the list of tracked repositories and a document for each; returns them. */
export async function reportRepositories(
  report: Report,
  windows: WindowsById,
): Promise<TrackedRepositoryRow[]> {
  const { db, head, folder } = report;
  const rows = await readTrackedRepositories(db);
  const usage = Map.groupBy(await readUsageDays(db, USAGE_DAYS), (row) => row.repository_id);
  const repositories = rows.map((row) => buildRepository(row, head.sample));
  folder.write(documentPath('repositories'), repositoriesSchema, { ...head, repositories });
  for (const row of rows) {
    const parts = { windows: windows.get(row.id) ?? [], usage: usage.get(row.id) ?? [] };
    const document = buildRepositoryDocument(head, row, parts);
    folder.write(
      documentPath('repository', { owner: row.owner, name: row.name }),
      repositoryDocumentSchema,
      document,
    );
  }
  return rows;
}
