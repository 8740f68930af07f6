import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dev } from 'astro';
import { type BuildOptions, DEFAULT_DATA, DEFAULT_PORT, SiteError } from './options.ts';

export interface DevServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the pages from their sources, and loads them again when a source or a document changes.
 * The port is the next free one if the usual one is in use.
 *
 * @throws SiteError if there are no documents
 */
export async function serveDev(options: Pick<BuildOptions, 'data'> = {}): Promise<DevServer> {
  const data = resolve(options.data ?? DEFAULT_DATA);
  if (!existsSync(join(data, 'api/v1/index.json')))
    throw new SiteError(
      `There are no documents in ${data}: write those of the sample with ` +
        'npm run pipeline -- --source sample',
    );
  process.env.ASTRO_TELEMETRY_DISABLED = '1';
  process.env.SITE_DATA = data;
  const server = await dev({
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: DEFAULT_PORT },
  });
  return { url: `http://localhost:${server.address.port}/`, close: () => server.stop() };
}
