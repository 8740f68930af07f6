import { fileURLToPath } from 'node:url';
import { defineConfig } from 'astro/config';
import { documentReload } from './document-reload.ts';
import { DEFAULT_DATA, normalizeBase } from './options.ts';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The settings of the site, for the build, the development server, the type check and editors.
 * `SITE_BASE` is the path that the site is served under, `SITE_DATA` the folder of the documents.
 */
export default defineConfig({
  base: normalizeBase(process.env.SITE_BASE ?? '/'),
  trailingSlash: 'always',
  cacheDir: fromHere('../node_modules/.astro'),
  // Scripts and styles stay files: the Content-Security-Policy of the pages forbids inline
  // scripts, and a browser fetches a file once for thousands of pages.
  build: { format: 'directory', inlineStylesheets: 'never' },
  vite: { cacheDir: fromHere('../node_modules/.vite'), build: { assetsInlineLimit: 0 } },
  // Keeps the space between words and values that stand on separate lines.
  compressHTML: true,
  devToolbar: { enabled: false },
  integrations: [documentReload(process.env.SITE_DATA ?? DEFAULT_DATA)],
});
