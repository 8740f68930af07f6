import './shell/node-guard.ts';
import { buildSite } from '../site/build.ts';
import { DEFAULT_PORT } from '../site/options.ts';
import { requireFreePort, servePreview } from '../site/preview.ts';
import { createCommand, type PipelineOptions, parseOptions } from './shell/arguments.ts';
import { withOptions } from './shell/context.ts';
import { readEnvironment } from './shell/environment.ts';
import { runMain } from './shell/run-main.ts';
import { runPipeline } from './shell/run-pipeline.ts';
import { untilAborted } from './shell/until-aborted.ts';

const command = createCommand('start', 'The whole pipeline, and then the site, served here.', {
  plans: true,
});

/** Without a token there is nothing real to read: then the sample shows what it looks like. */
function withSources(options: PipelineOptions): PipelineOptions {
  if (options.sources || readEnvironment().githubToken) return options;
  return { ...options, sources: ['sample'] };
}

await runMain(async (signal) => {
  const options = withSources(parseOptions(command));
  await requireFreePort(DEFAULT_PORT);
  const code = await withOptions(options, signal, runPipeline);
  signal.throwIfAborted();
  console.log('Building the site …');
  await buildSite({ data: options.out, base: '/' });
  signal.throwIfAborted();
  const preview = await servePreview();
  const what = options.sources?.includes('sample')
    ? 'The sample leaderboard (generated data; set GITHUB_TOKEN for your repositories)'
    : 'The leaderboard';
  console.log(`${what} is served at ${preview.url.replace(/\/$/, '')} — stop it with Ctrl-C`);
  await untilAborted(signal);
  await preview.close();
  return code;
});
