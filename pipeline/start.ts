import { join } from 'node:path';
import { DEFAULT_PORT } from '../site/options.ts';
import { requireFreePort, servePreview } from '../site/preview.ts';
import { readEnvironment } from './config/environment.ts';
import { runRecorded } from './recorded-run.ts';
import { runPipeline } from './run-pipeline.ts';
import { DATA_FOLDER } from './runtime/context.ts';
import { untilAborted } from './runtime/main.ts';
import type { PipelineOptions } from './runtime/options.ts';
import { buildWithProgress } from './site.ts';
import { print } from './util/printable.ts';

/** The whole pipeline, and then the site, served until the signal aborts. Returns the exit code. */
export async function start(given: PipelineOptions, signal: AbortSignal): Promise<number> {
  const options = withSources(given);
  await requireFreePort(DEFAULT_PORT);
  const code = await runRecorded('start', options, signal, runPipeline);
  signal.throwIfAborted();
  print('Building the site …');
  // A folder of its own: `npm run site:build` meanwhile builds for another address.
  const out = join(DATA_FOLDER, 'site');
  await buildWithProgress({ data: options.out, out, base: '/' });
  signal.throwIfAborted();
  const preview = await servePreview({ out });
  const what = options.sources?.includes('sample')
    ? 'The sample leaderboard (generated data; set GITHUB_TOKEN for your repositories)'
    : 'The leaderboard';
  print(`${what} is served at ${preview.url.replace(/\/$/, '')} — stop it with Ctrl-C`);
  await untilAborted(signal);
  await preview.close();
  return code;
}

/** Without a token there is nothing real to read: then the sample shows what it looks like. */
function withSources(options: PipelineOptions): PipelineOptions {
  if (options.sources || readEnvironment().githubToken) return options;
  return { ...options, sources: ['sample'] };
}
