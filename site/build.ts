import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'astro';
import type { Index } from '../pipeline/published/documents.ts';
import { DOCUMENT_PATHS, type DocumentName } from '../pipeline/published/paths.ts';
import {
  createFolderDraft,
  type FolderDraft,
  replaceFolder,
} from '../pipeline/util/atomic-folder.ts';
import {
  type BuildOptions,
  DEFAULT_DATA,
  DEFAULT_OUT,
  normalizeBase,
  SiteError,
} from './options.ts';
import { findDocument, listRuns, type PathParameters, readDocument } from './src/lib/documents.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * Builds the site from the published documents; `out` is replaced only by a complete site.
 * @param onStart gets a function that says which share of the pages is written, 0 to 1
 */
export async function buildSite(
  options: BuildOptions = {},
  onStart: (share: () => number) => void = () => {},
): Promise<{ out: string; base: string }> {
  const data = resolve(options.data ?? DEFAULT_DATA);
  const out = resolve(options.out ?? DEFAULT_OUT);
  const index = checkDocuments(data);
  const base = normalizeBase(options.base ?? new URL(index.url).pathname);
  const draft = createDraft();
  try {
    onStart(shareOf(draft.path, countPages(data)));
    process.env.SITE_DATA = data;
    process.env.SITE_BASE = base;
    await buildPages(draft.path);
    cpSync(join(data, 'api'), join(draft.path, 'api'), { recursive: true });
    writeFileSync(join(draft.path, 'site.json'), JSON.stringify({ base }));
    replaceFolder(draft.path, out);
  } finally {
    draft.discard();
  }
  return { out, base };
}

/** Documents with a page each. */
const WITH_PAGE: readonly DocumentName[] = [
  'global_leaderboard_page',
  'repository_leaderboard_page',
  'contributor',
  'run',
];
/** Pages without a document of their own, such as the dashboard. */
const OTHER_PAGES = 5;

const countPages = (data: string): number =>
  WITH_PAGE.reduce((sum, name) => sum + [...listParameters(name, data)].length, OTHER_PAGES);

const shareOf = (folder: string, pages: number) => () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.min(files.filter((file) => file.endsWith('.html')).length / pages, 1);
};

/** Within the project, because Astro runs the pages from there and they import its packages. */
const createDraft = (): FolderDraft => createFolderDraft(join(root, '.astro/site'));

/** The settings are those of astro.config.ts, which reads the environment. */
async function buildPages(outDir: string): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = '1';
  await build({ root, outDir, logLevel: 'warn' });
}

/** The dashboard does without what was never written; no page reads the short paths of boards, nor the history. */
const OPTIONAL: ReadonlySet<DocumentName> = new Set([
  'global_leaderboard',
  'repository_leaderboard',
  'jobs',
  'run',
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
function listParameters(name: DocumentName, data: string): Iterable<PathParameters> {
  const { path } = DOCUMENT_PATHS[name];
  const { contributors, periods } = readDocument('index', {}, data);
  let all: PathParameters[] = [{}];
  if (path.includes('{id}')) all = listRuns(data).map((id) => ({ id }));
  if (path.includes('{owner}')) all = listRepositories(data);
  if (path.includes('{username}'))
    all = contributors.map((username) => ({ username: checkName(username) }));
  if (path.includes('{period}'))
    all = all.flatMap((own) => periods.map((period) => ({ ...own, period })));
  return path.includes('{page}') ? listPages(name, all, data) : all;
}

const listRepositories = (data: string): PathParameters[] =>
  readDocument('repositories', {}, data).repositories.map(({ owner, name }) => ({
    owner: checkName(owner),
    name: checkName(name),
  }));

/**
 * Every page of the boards: the first of each says how many there are. One after the other, since
 * a damaged document may say any number: the first page that is missing ends the check.
 */
function* listPages(name: DocumentName, boards: readonly PathParameters[], data: string) {
  for (const own of boards) {
    const first = readDocument(name, { ...own, page: 1 }, data);
    const length = 'pages' in first ? first.pages : 1;
    for (let page = 1; page <= length; page += 1) yield { ...own, page };
  }
}

/** Names become folders: a name that would leave its folder is rejected. */
function checkName(name: string): string {
  if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) return name;
  throw new SiteError(`${JSON.stringify(name)} cannot be the name of a page; see index.json.`);
}
