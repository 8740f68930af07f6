import type { Index } from '../../../pipeline/published/documents.ts';
import { type DocumentName, documentPath } from '../../../pipeline/published/paths.ts';
import { boardDocument, type PathParameters, readIndex } from './documents.ts';
import { boardPath, contributorPath, encodePath, repositoryPath } from './paths.ts';

/** All addresses within the site are made here, because each needs the base path. */

export type Period = Index['periods'][number];
export type Scope = 'global' | (string & {});

/** From a variable of our own, because other tools may set BASE_URL. */
const base = process.env.SITE_BASE ?? '/';

/** The address of a path of the site (`scoring/`), under the base that it is built for. */
export const href = (path = ''): string => base + path;

/** The address of a published document. */
export const documentHref = (name: DocumentName, parameters?: PathParameters) =>
  href(`api/v1/${encodePath(documentPath(name, parameters))}`);
export const repositoryHref = (fullName: string) => href(repositoryPath(fullName));
export const contributorHref = (username: string) => href(contributorPath(username));
export const boardHref = (scope: Scope, period: Period, page = 1) =>
  href(boardPath(scope, period, page));

export const boardDocumentHref = (scope: Scope, period: Period, page: number) =>
  documentHref(...boardDocument(scope, period, page));

export const columnsHref = (scope: Scope, period: Period) =>
  href(`columns/${scope === 'global' ? 'global/' : repositoryPath(scope)}${period}.json`);

/** Where this page stands once published, for canonical links. */
export function publishedUrl(pathname: string): string {
  const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
  return new URL(path.replace(/^\//, ''), readIndex().url).href;
}

/**
 * A link that leaves the site, or null where there must be no link: generated people do not
 * exist, and an address that is not http(s) could run a script.
 */
export function outsideHref(url: string | null): string | null {
  if (url === null || readIndex().sample) return null;
  return /^https?:\/\//i.test(url) ? url : null;
}
