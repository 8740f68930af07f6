import {
  type DocumentName,
  documentPath,
  type PathParameters,
} from '../../../pipeline/published/paths.ts';
import { readIndex } from './documents.ts';
import { encodePath } from './paths.ts';

/** Addresses within the site that the build and the development server make; each needs the base path. */

/** From a variable of our own, because other tools may set BASE_URL. */
export const base = process.env.SITE_BASE ?? '/';

/** The address of a path of the site (`scoring/`), under the base that it is built for. */
export const href = (path = ''): string => base + path;

/** The address of a published document. */
export const documentHref = (name: DocumentName, parameters?: PathParameters) =>
  href(`api/v1/${encodePath(documentPath(name, parameters))}`);

/** The address of a table. @param path under `api/v1/` */
export const downloadHref = (path: string): string => href(`api/v1/${encodePath(path)}`);

/** Where this page stands once published, for canonical links. */
export function publishedUrl(pathname: string): string {
  const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
  return new URL(path.replace(/^\//, ''), readIndex().url).href;
}
