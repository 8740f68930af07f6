import { resolve, sep } from 'node:path';
import type { AstroIntegration, HookParameters } from 'astro';

type Server = HookParameters<'astro:server:setup'>['server'];

/** The pipeline writes many documents in a row: one reload follows the last of them. */
const QUIET_MS = 200;

/** For the development server: a changed document is read again, and open pages are reloaded. */
export const documentReload = (data: string): AstroIntegration => ({
  name: 'document-reload',
  hooks: { 'astro:server:setup': ({ server }) => watchDocuments(server, resolve(data) + sep) },
});

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
