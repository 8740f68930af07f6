import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration, HookParameters } from 'astro';
import { defineConfig } from 'astro/config';
import { serveFiles } from './dev-files.ts';
import { DEFAULT_DATA, normalizeBase } from './options.ts';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Short: the names stand on each of thousands of pages. */
const NAMES = {
  entryFileNames: '_astro/[hash].js',
  chunkFileNames: '_astro/[hash].js',
  assetFileNames: '_astro/[hash][extname]',
};

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
  vite: {
    cacheDir: fromHere('../node_modules/.vite'),
    build: { assetsInlineLimit: 0 },
    environments: { client: { build: { rolldownOptions: { output: NAMES } } } },
  },
  // Keeps the space between words and values that stand on separate lines.
  compressHTML: true,
  devToolbar: { enabled: false },
  integrations: [documentReload(process.env.SITE_DATA ?? DEFAULT_DATA)],
});

type Server = HookParameters<'astro:server:setup'>['server'];

/** The pipeline writes many documents in a row: one reload follows the last of them. */
const QUIET_MS = 200;

/**
 * For the development server: documents and what is made of them are served, and when a document
 * changes, it is read again and open pages are reloaded.
 */
function documentReload(data: string): AstroIntegration {
  const folder = resolve(data) + sep;
  return {
    name: 'document-reload',
    hooks: {
      // Not `import.meta.env.DEV`: a variable of the environment decides about that.
      'astro:config:setup': ({ command, updateConfig }) => {
        updateConfig({ vite: { define: { IS_DEVELOPMENT: command === 'dev' } } });
      },
      // Lists of files to fetch early would name those that `pack-scripts.ts` replaces.
      'astro:build:setup': ({ updateConfig }) => {
        updateConfig({ environments: { client: { build: { modulePreload: false } } } });
      },
      'astro:server:setup': ({ server }) => {
        serveFiles(server, folder);
        watchDocuments(server, folder);
      },
    },
  };
}

function watchDocuments(server: Server, folder: string): void {
  let timer: NodeJS.Timeout | undefined;
  server.watcher.add(folder);
  server.watcher.on('all', (_, file) => {
    if (!resolve(file).startsWith(folder)) return;
    clearTimeout(timer);
    timer = setTimeout(() => reload(server), QUIET_MS);
  });
}

/** Modules keep what they have read: all of them are loaded again. */
function reload(server: Server): void {
  for (const environment of Object.values(server.environments)) {
    environment.moduleGraph.invalidateAll();
    environment.hot.send({ type: 'full-reload' });
  }
}
