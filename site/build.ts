import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'astro';
import { checkDocuments } from './check.ts';
import { type BuildOptions, DEFAULT_DATA, DEFAULT_OUT, normalizeBase } from './options.ts';
import { replaceFolder } from './replace-folder.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Builds the site from the published documents; `out` is replaced only by a whole site. */
export async function buildSite(
  options: BuildOptions = {},
): Promise<{ out: string; base: string }> {
  const data = resolve(options.data ?? DEFAULT_DATA);
  const out = resolve(options.out ?? DEFAULT_OUT);
  const index = checkDocuments(data);
  const base = normalizeBase(options.base ?? new URL(index.url).pathname);
  const draft = createDraft();
  try {
    await buildPages({ data, draft, base, origin: new URL(index.url).origin });
    cpSync(join(data, 'api'), join(draft, 'api'), { recursive: true });
    writeFileSync(join(draft, 'site.json'), JSON.stringify({ base }));
    // A temporary folder is closed to others, a site is not.
    chmodSync(draft, 0o755);
    replaceFolder(draft, out);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return { out, base };
}

/** Within the project, as Astro runs the pages from there and they import its packages. */
function createDraft(): string {
  const parent = join(root, '.astro');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'draft-'));
}

interface Pages {
  readonly data: string;
  readonly draft: string;
  readonly base: string;
  readonly origin: string;
}

async function buildPages({ data, draft, base, origin }: Pages): Promise<void> {
  process.env.ASTRO_TELEMETRY_DISABLED = '1';
  process.env.SITE_DATA = data;
  process.env.SITE_BASE = base;
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    outDir: draft,
    cacheDir: '../node_modules/.astro',
    site: origin,
    base,
    trailingSlash: 'always',
    // Scripts and styles stay files: the pages' security policy allows no others, and they are
    // fetched once for thousands of pages.
    build: { format: 'directory', inlineStylesheets: 'never' },
    vite: { cacheDir: '../node_modules/.vite', build: { assetsInlineLimit: 0 } },
    // Keeps the space between words and values that stand on lines of their own.
    compressHTML: true,
    devToolbar: { enabled: false },
  });
}
