import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'astro';
import {
  createFolderDraft,
  type FolderDraft,
  replaceFolder,
} from '../pipeline/util/atomic-folder.ts';
import { checkDocuments } from './check.ts';
import { type BuildOptions, DEFAULT_DATA, DEFAULT_OUT, normalizeBase } from './options.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Builds the site from the published documents; `out` is replaced only by a complete site. */
export async function buildSite(
  options: BuildOptions = {},
): Promise<{ out: string; base: string }> {
  const data = resolve(options.data ?? DEFAULT_DATA);
  const out = resolve(options.out ?? DEFAULT_OUT);
  const index = checkDocuments(data);
  const base = normalizeBase(options.base ?? new URL(index.url).pathname);
  const draft = createDraft();
  try {
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

/** Within the project, because Astro runs the pages from there and they import its packages. */
const createDraft = (): FolderDraft => createFolderDraft(join(root, '.astro/site'));

/** The settings are those of astro.config.ts, which reads the environment. */
async function buildPages(outDir: string): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = '1';
  await build({ root, outDir, logLevel: 'warn' });
}
