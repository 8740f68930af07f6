import './runtime/node-guard.ts';
import { DEFAULT_OUT, DEFAULT_PORT } from '../site/options.ts';
import { servePreview } from '../site/preview.ts';
import { createBaseCommand, parseCommand } from './runtime/command.ts';
import { runMain } from './runtime/main.ts';
import { untilAborted } from './runtime/until-aborted.ts';
import { EXIT, UsageError } from './util/usage-error.ts';

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port ${text}: expected a number from 0 to 65535`);
}

const command = createBaseCommand('site:preview', 'Serves the built site on this machine.')
  .option('--port <number>', 'port to listen on', parsePort, DEFAULT_PORT)
  .option('--out <dir>', 'folder of the built site', DEFAULT_OUT);

await runMain(async (signal) => {
  const preview = await servePreview(parseCommand<{ out: string; port: number }>(command));
  console.log(`The site is at ${preview.url} (stop it with Ctrl-C)`);
  await untilAborted(signal);
  await preview.close();
  return EXIT.done;
});
