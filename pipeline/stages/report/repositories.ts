import {
  type PublishedRepository,
  readUsageDays,
  type UsageDay,
  type WindowRow,
} from '../../../db/queries/report/repositories.ts';
import { CONTRIBUTION_KINDS, mapKinds } from '../../domain/contribution-kinds.ts';
import { fullName } from '../../domain/names.ts';
import { iso } from '../../domain/time.ts';
import {
  type Head,
  type Repository,
  type RepositoryDocument,
  repositoriesSchema,
  repositoryDocumentSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Appearance, Report } from './context.ts';

/** The windows that were read of each repository, by its id. */
export type WindowsById = ReadonlyMap<number, readonly WindowRow[]>;

/** The days of `github_usage` in the contract. */
const USAGE_DAYS = 30;

/** Writes the list of tracked repositories and a document for each. */
export async function writeRepositories(
  { db, head, folder, appearance }: Report,
  rows: readonly PublishedRepository[],
  windows: WindowsById,
): Promise<void> {
  const repositories = rows.map((row) => buildRepository(row, appearance));
  folder.write(documentPath('repositories'), repositoriesSchema, { ...head, repositories });
  const usage = Map.groupBy(await readUsageDays(db, USAGE_DAYS), (row) => row.repository_id);
  for (const row of rows) {
    const parts = { windows: windows.get(row.id) ?? [], usage: usage.get(row.id) ?? [] };
    const repository = buildRepository(row, appearance);
    const document = buildRepositoryDocument(head, { row, repository, ...parts });
    const path = documentPath('repository', { owner: row.owner, name: row.name });
    folder.write(path, repositoryDocumentSchema, document);
  }
}

function buildRepository(row: PublishedRepository, { server }: Appearance): Repository {
  const { id: _, totals, ...fields } = row;
  const full_name = fullName(row);
  return {
    ...fields,
    full_name,
    url: `${server}/${full_name}`,
    topics: row.topics ?? [],
    last_scraped_at: iso(row.last_scraped_at),
    data_until: iso(row.data_until),
    contributions: CONTRIBUTION_KINDS.reduce((sum, kind) => sum + totals[kind], 0),
  };
}

interface RepositoryParts {
  readonly row: PublishedRepository;
  readonly repository: Repository;
  readonly windows: readonly WindowRow[];
  readonly usage: readonly UsageDay[];
}

function buildRepositoryDocument(
  head: Head,
  { row, repository, windows, usage }: RepositoryParts,
): RepositoryDocument {
  return {
    ...head,
    repository,
    totals: mapKinds((kind) => row.totals[kind]),
    windows: windows.map(buildWindow),
    github_usage: usage.map(({ repository_id: _, ...day }) => day),
  };
}

function buildWindow(row: WindowRow): RepositoryDocument['windows'][number] {
  return {
    source: row.source,
    from: row.window_from.toISOString(),
    to: row.window_to.toISOString(),
    completeness: row.completeness,
    gaps: row.gaps.map(({ from, to, reason }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      reason,
    })),
  };
}
