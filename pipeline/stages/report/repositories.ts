import {
  readTrackedRepositories,
  readWindows,
  type TrackedRepositoryRow,
} from '../../../db/queries/published-repositories.ts';
import { repositoriesSchema, repositoryDocumentSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { buildRepository, buildRepositoryDocument } from '../../published/repository.ts';
import type { Report } from './report.ts';

/** Writes the list of tracked repositories and a document for each; returns them. */
export async function reportRepositories(report: Report): Promise<TrackedRepositoryRow[]> {
  const { db, head, folder } = report;
  const rows = await readTrackedRepositories(db);
  const windows = Map.groupBy(await readWindows(db), (window) => window.repository_id);
  const repositories = rows.map((row) => buildRepository(row, head.sample));
  folder.write(documentPath('repositories'), repositoriesSchema, { ...head, repositories });
  for (const row of rows) {
    const document = buildRepositoryDocument(head, row, windows.get(row.id) ?? []);
    folder.write(
      documentPath('repository', { owner: row.owner, name: row.name }),
      repositoryDocumentSchema,
      document,
    );
  }
  return rows;
}
