import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { PERIODS } from '../../pipeline/domain/time.ts';
import { SiteError } from '../options.ts';
import { checkBoards } from './boards.ts';
import { type CheckConfig, compareWithPublished } from './compare.ts';
import { type DocumentSource, openFolder, SCHEMAS } from './documents.ts';
import { checkFiles, listSiteFiles } from './files.ts';
import { error, type Finding, note, warning } from './finding.ts';
import { checkLinks } from './links.ts';
import { checkManifest } from './manifest.ts';
import { type Limits, openSite, UnreadableError } from './remote-documents.ts';

export interface CheckOptions {
  /** Folder of the built site. */
  readonly out: string;
  /** Address or folder of the last published site; null: there is none. */
  readonly published: string | null;
  readonly config: CheckConfig;
  readonly acceptDrop?: boolean;
  readonly limits?: Limits;
}

/**
 * Whether a built site may be deployed: its files, links and boards, and its contributions against
 * those of the site that it would replace.
 * @throws SiteError if there is no built site
 */
export async function checkSite(options: CheckOptions): Promise<Finding[]> {
  const out = resolve(options.out);
  const built = openFolder(out);
  const { base, url, periods } = await readSite(out);
  const listed = await built.read('repositories', {}, SCHEMAS.repositories);
  const names = listed?.repositories.map(({ full_name }) => full_name) ?? [];
  const files = listSiteFiles(out);
  return [
    ...checkFiles(files),
    ...checkLinks(out, files, { base, url }),
    ...checkManifest(out, files),
    ...(await checkBoards(built, names, periods)),
    ...(await compare(built, options)),
  ];
}

/**
 * The path that a built site is made for, its address and its periods.
 * @throws SiteError if there is no built site
 */
export async function readSite(out: string) {
  const file = join(out, 'site.json');
  const index = await openFolder(out).read('index', {}, SCHEMAS.index);
  if (index === null || !existsSync(file))
    throw new SiteError(`There is no site in ${out}: run npm run site:build first.`);
  const { base } = z.object({ base: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8')));
  const periods = PERIODS.filter((period) => index.periods.includes(period));
  return { base, url: index.url, periods };
}

const ADDRESS = 'check its address (--published, or `url` in config/site.yaml)';
const ANOTHER = `${ADDRESS}, or publish by --accept-drop (accept_drop of the workflow)`;

async function compare(built: DocumentSource, options: CheckOptions): Promise<Finding[]> {
  const { published, config, acceptDrop = false, limits } = options;
  if (published === null)
    return [note('No address of a published site is known: there is nothing to compare.')];
  try {
    const source = /^\w+:\/\//.test(published)
      ? openSite(published, limits)
      : openFolder(published);
    return await compareWithPublished({ built, published: source, config, acceptDrop });
  } catch (reason) {
    if (!(reason instanceof SiteError)) throw reason;
    if (reason instanceof UnreadableError)
      return [
        warning(`Not compared, because the site can't be read: ${reason.message}; ${ADDRESS}.`),
      ];
    const text = `Not compared with what is published: ${reason.message}`;
    return [acceptDrop ? warning(`${text}: accepted.`) : error(`${text}: ${ANOTHER}.`)];
  }
}
