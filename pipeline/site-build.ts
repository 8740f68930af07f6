import './runtime/node-guard.ts';
import { buildSite } from '../site/build.ts';
import { type BuildOptions, DEFAULT_DATA, DEFAULT_OUT } from '../site/options.ts';
import { createBaseCommand, parseCommand } from './runtime/command.ts';
import { runMain } from './runtime/main.ts';

const command = createBaseCommand('site:build', 'Builds the site from the published documents.')
  .option('--data <dir>', 'folder of the published documents', DEFAULT_DATA)
  .option('--out <dir>', 'folder to write the site to', DEFAULT_OUT)
  .option('--base <path>', 'path that the site is served under; that of `url` in site.yaml');

await runMain(async () => {
  const options = parseCommand<BuildOptions>(command);
  const started = performance.now();
  const { out, base } = await buildSite(options);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`Built ${out} for ${base} in ${seconds} s`);
});
