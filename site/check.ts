import type { Index } from '../pipeline/published/documents.ts';
import { DOCUMENT_PATHS, type DocumentName } from '../pipeline/published/paths.ts';
import { SiteError } from './options.ts';
import { findDocument, type PathParameters, readDocument } from './src/lib/documents.ts';

/** The dashboard does without what was never written; no page reads the short paths of boards or the history. */
const OPTIONAL: ReadonlySet<DocumentName> = new Set([
  'global_leaderboard',
  'repository_leaderboard',
  'jobs',
  'stats',
  'errors',
  'costs',
  'coverage',
  'history',
]);

/**
 * Parses every published document before anything is built, so that a document that is missing
 * or wrong stops the build early, with its name.
 *
 * @param data folder of the published documents
 * @throws SiteError for the first one that is missing or does not match its schema
 */
export function checkDocuments(data: string): Index {
  for (const name of Object.keys(DOCUMENT_PATHS) as DocumentName[]) {
    const check = OPTIONAL.has(name) ? findDocument : readDocument;
    for (const parameters of listParameters(name, data)) check(name, parameters, data);
  }
  return readDocument('index', {}, data);
}

/** All values that the parameters of a document's path have. */
function listParameters(name: DocumentName, data: string): PathParameters[] {
  const { path } = DOCUMENT_PATHS[name];
  const { contributors, periods } = readDocument('index', {}, data);
  let all: PathParameters[] = [{}];
  if (path.includes('{owner}')) all = listRepositories(data);
  if (path.includes('{username}'))
    all = contributors.map((username) => ({ username: checkName(username) }));
  if (path.includes('{period}'))
    all = all.flatMap((own) => periods.map((period) => ({ ...own, period })));
  if (path.includes('{page}')) all = all.flatMap((own) => listPages(name, own, data));
  return all;
}

const listRepositories = (data: string): PathParameters[] =>
  readDocument('repositories', {}, data).repositories.map(({ owner, name }) => ({
    owner: checkName(owner),
    name: checkName(name),
  }));

/** Every page of a board: its first page says how many there are. */
function listPages(name: DocumentName, own: PathParameters, data: string): PathParameters[] {
  const first = readDocument(name, { ...own, page: 1 }, data);
  const length = 'pages' in first ? first.pages : 1;
  return Array.from({ length }, (_, index) => ({ ...own, page: index + 1 }));
}

/** Names become folders: a name that would leave its folder is rejected. */
function checkName(name: string): string {
  if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) return name;
  throw new SiteError(`${JSON.stringify(name)} cannot be the name of a page; see index.json.`);
}
