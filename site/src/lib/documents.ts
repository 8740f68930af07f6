import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  DOCUMENT_PATHS,
  type DocumentName,
  documentPath,
  type PathParameters,
} from '../../../pipeline/published/paths.ts';
import { DEFAULT_DATA, SiteError } from '../../options.ts';

/** Reads the published documents by name: where each lies and its schema are in DOCUMENT_PATHS. */

export type DocumentOf<Name extends DocumentName> = z.infer<
  (typeof DOCUMENT_PATHS)[Name]['schema']
>;

/** Documents without parameters, by file: every page needs them. The others are too many to keep. */
const kept = new Map<string, unknown>();

/**
 * Reads and parses a document.
 *
 * @throws SiteError if it is missing, or does not match its schema
 */
export function readDocument<Name extends DocumentName>(
  name: Name,
  parameters: PathParameters = {},
  folder = process.env.SITE_DATA ?? DEFAULT_DATA,
): DocumentOf<Name> {
  const { path, schema } = DOCUMENT_PATHS[name];
  const file = join(folder, 'api/v1', documentPath(name, parameters));
  const document = kept.get(file) ?? parseDocument(file, schema);
  if (!path.includes('{')) kept.set(file, document);
  return document as DocumentOf<Name>;
}

/** The same for a document that the site can do without: null if it was never written. */
export function findDocument<Name extends DocumentName>(
  name: Name,
  parameters: PathParameters = {},
  folder = process.env.SITE_DATA ?? DEFAULT_DATA,
): DocumentOf<Name> | null {
  const file = join(folder, 'api/v1', documentPath(name, parameters));
  return existsSync(file) ? readDocument(name, parameters, folder) : null;
}

function parseDocument(file: string, schema: z.ZodType): unknown {
  const parsed = schema.safeParse(readJson(file));
  if (parsed.success) return parsed.data;
  throw new SiteError(
    `${file} does not match its schema in pipeline/published/:\n` +
      `${z.prettifyError(parsed.error)}\nWrite the documents again: npm run pipeline`,
  );
}

function readJson(file: string): unknown {
  if (!existsSync(file))
    throw new SiteError(`${file} is missing: run npm run pipeline first, it writes the documents.`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SiteError(`${file} is not JSON; write it again: npm run pipeline`, { cause });
  }
}

/** Whether there is a file of a table. @param path under `api/v1/` */
export const hasDownload = (path: string): boolean =>
  existsSync(join(process.env.SITE_DATA ?? DEFAULT_DATA, 'api/v1', path));

export const readIndex = () => readDocument('index');
export const readScoring = () => readDocument('scoring');

/** The ids of the runs that have a document, the latest first. */
export const listRuns = (folder?: string): number[] =>
  (findDocument('stats', {}, folder)?.runs ?? [])
    .map(({ id }) => id)
    .filter((id) => findDocument('run', { id }, folder) !== null);

export const readRepositories = () => readDocument('repositories').repositories;
