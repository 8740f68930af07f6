import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'astro';
import {
  createFolderDraft,
  type FolderDraft,
  replaceFolder,
} from '../pipeline/util/atomic-folder.ts';
import { checkSize, listSiteFiles } from './check/files.ts';
import { checkDocuments } from './check-documents.ts';
import {
  type BuildOptions,
  DEFAULT_DATA,
  DEFAULT_OUT,
  normalizeBase,
  SiteError,
} from './options.ts';
import { packScripts } from './pack-scripts.ts';
import { SHELLS, type Shell } from './src/many/page.ts';
import { cutShell, SHELL_FOLDER } from './src/many/shells.ts';
import { writeSitemap } from './src/share/sitemap.ts';
import { writeManyPages } from './write-pages.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** What was built, and where. */
export interface BuiltSite {
  readonly out: string;
  readonly base: string;
  /** Pages of boards, people and former logins; the few others are not counted. */
  readonly pages: number;
  readonly bytes: number;
}

/**
 * Builds the site from the published documents; `out` is replaced only by a complete site.
 * @param onStart gets a function that says which share of the pages is written, 0 to 1
 * @throws SiteError for documents that are missing or wrong, and for a site that GitHub Pages refuses
 */
export async function buildSite(
  options: BuildOptions = {},
  onStart: (share: () => number) => void = () => {},
): Promise<BuiltSite> {
  const data = resolve(options.data ?? DEFAULT_DATA);
  const out = resolve(options.out ?? DEFAULT_OUT);
  const index = checkDocuments(data);
  const base = normalizeBase(options.base ?? new URL(index.url).pathname);
  const draft = createDraft();
  try {
    process.env.SITE_DATA = data;
    process.env.SITE_BASE = base;
    await buildPages(draft.path);
    await packScripts(draft.path);
    const pages = await writeManyPages(draft.path, takeShells(draft.path), onStart);
    cpSync(join(data, 'api'), join(draft.path, 'api'), { recursive: true });
    copyPictures(data, draft.path);
    writeFileSync(join(draft.path, 'site.json'), JSON.stringify({ base }));
    // Branches that GitHub Pages serves go through Jekyll without it, which leaves out `_astro/`.
    writeFileSync(join(draft.path, '.nojekyll'), '');
    const { sizes } = listSiteFiles(draft.path);
    writeSitemap(draft.path, sizes.keys());
    const bytes = requireSize(sizes);
    replaceFolder(draft.path, out);
    return { out, base, pages, bytes };
  } finally {
    draft.discard();
  }
}

/** Pages show pictures of people by a short address, thousands of times. */
function copyPictures(data: string, out: string): void {
  const pictures = join(data, 'api/v1/avatars');
  if (existsSync(pictures)) cpSync(pictures, join(out, 'avatars'), { recursive: true });
}

/** Within the project, because Astro runs the pages from there and they import its packages. */
const createDraft = (): FolderDraft => createFolderDraft(join(root, '.astro/site'));

/** The few pages, scripts, styles and shells. The settings are those of astro.config.ts, which reads the environment. */
async function buildPages(outDir: string): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = '1';
  process.env.SITE_SHELLS = randomUUID();
  await build({ root, outDir, logLevel: 'warn' });
}

/** Reads the shells, and takes them out of the site. */
function takeShells(out: string): Record<Shell, readonly string[]> {
  const folder = join(out, SHELL_FOLDER);
  const read = (shell: Shell) => cutShell(readFileSync(join(folder, shell, 'index.html'), 'utf8'));
  const shells = Object.fromEntries(SHELLS.map((shell) => [shell, read(shell)]));
  rmSync(folder, { recursive: true });
  return shells as Record<Shell, readonly string[]>;
}

/** The size of a site in bytes. @throws SiteError if GitHub Pages would refuse it */
function requireSize(sizes: ReadonlyMap<string, number>): number {
  for (const { level, text } of checkSize(sizes)) if (level === 'error') throw new SiteError(text);
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
