import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** GitHub Pages: serves the site that was deployed last. */
export interface PagesServer {
  readonly url: string;
  deploy(folder: string): void;
  close(): void;
}

/** @param base the path that the site is served under, with a slash at its end */
export async function startPages(base: string): Promise<PagesServer> {
  let deployed: string | null = null;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    const file = pathname.startsWith(base) ? decodeURIComponent(pathname.slice(base.length)) : '';
    const path = deployed === null || file === '' ? '' : join(deployed, file);
    if (existsSync(path) && statSync(path).isFile()) response.end(readFileSync(path));
    else response.writeHead(404).end('There is no such page.');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deploy: (folder) => {
      deployed = folder;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
