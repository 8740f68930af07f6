import type { Index } from '../pipeline/published/documents.ts';
import {
  DOCUMENT_PATHS,
  type DocumentName,
  type PathParameters,
} from '../pipeline/published/paths.ts';
import { SiteError } from './options.ts';
import { findDocument, listRuns, readDocument } from './src/lib/documents.ts';

/** Pages do without what was never written. */
const OPTIONAL: ReadonlySet<DocumentName> = new Set([
  'jobs',
  'run',
  'stats',
  'errors',
  'costs',
  'trends',
  'coverage',
  'history',
  'facts',
  'months',
  'month',
  'repository_activity',
]);

/**
 * Read where they are shown, in several threads: of a person with a built page. No page of the build
 * shows the others: browsers read them, and readers of the API.
 */
const LATER: ReadonlySet<DocumentName> = new Set([
  'manifest',
  'contributor',
  'contributor_activity',
  'contributor_events',
  'contributor_repositories',
  'contributor_shard',
  'global_leaderboard',
  'repository_leaderboard',
  'global_leaderboard_page',
  'repository_leaderboard_page',
]);

/**
 * Parses the documents that many pages are made from before anything is built, so that one that is
 * missing or wrong stops the build early, with its name.
 *
 * @param data folder of the published documents
 * @throws SiteError for the first one that is missing or does not match its schema
 */
export function checkDocuments(data: string): Index {
  const index = readDocument('index', {}, data);
  for (const name of index.contributors) checkName(name);
  for (const name of Object.keys(DOCUMENT_PATHS) as DocumentName[]) {
    if (LATER.has(name)) continue;
    const check = OPTIONAL.has(name) ? findDocument : readDocument;
    for (const parameters of listParameters(name, data)) check(name, parameters, data);
  }
  for (const { former_login } of readDocument('renames', {}, data).renames) checkName(former_login);
  return index;
}

/** All values that the parameters of a document's path have. */
function listParameters(name: DocumentName, data: string): Iterable<PathParameters> {
  const { path } = DOCUMENT_PATHS[name];
  let all: PathParameters[] = [{}];
  if (path.includes('{id}')) all = listRuns(data).map((id) => ({ id }));
  if (path.includes('{month}')) all = listMonths(data).map((month) => ({ month }));
  if (path.includes('{owner}')) all = listRepositories(data);
  if (path.includes('{period}'))
    all = all.flatMap((own) =>
      readDocument('index', {}, data).periods.map((period) => ({ ...own, period })),
    );
  return path.includes('{shard}') ? listShards(name, all, data) : all;
}

const listMonths = (data: string): string[] =>
  (findDocument('months', {}, data)?.months ?? []).map(({ month }) => month);

const listRepositories = (data: string): PathParameters[] =>
  readDocument('repositories', {}, data).repositories.map(({ owner, name }) => ({
    owner: checkName(owner),
    name: checkName(name),
  }));

/**
 * Every document of the boards: the first of each says how many there are. One after the other,
 * since a damaged document may say any number: the first one that is missing ends the check.
 */
function* listShards(name: DocumentName, boards: readonly PathParameters[], data: string) {
  for (const own of boards) {
    const first = readDocument(name, { ...own, shard: 1 }, data);
    const length = 'shards' in first ? first.shards : 1;
    for (let shard = 1; shard <= length; shard += 1) yield { ...own, shard };
  }
}

/** Names become folders: a name that would leave its folder is rejected. */
function checkName(name: string): string {
  if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) return name;
  throw new SiteError(`${JSON.stringify(name)} cannot be the name of a page; see index.json.`);
}
