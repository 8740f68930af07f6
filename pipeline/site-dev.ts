import './shell/node-guard.ts';
import { serveDev } from '../site/dev.ts';
import { type BuildOptions, DEFAULT_DATA } from '../site/options.ts';
import { createBaseCommand, parseCommand } from './shell/command.ts';
import { runMain } from './shell/run-main.ts';
import { untilAborted } from './shell/until-aborted.ts';
import { EXIT } from './shell/usage-error.ts';

const command = createBaseCommand(
  'site:dev',
  'Serves the site from its sources, and reloads it when a source or a document changes.',
).option('--data <dir>', 'folder of the published documents', DEFAULT_DATA);

await runMain(async (signal) => {
  const server = await serveDev(parseCommand<Pick<BuildOptions, 'data'>>(command));
  console.log(`The site is at ${server.url} (stop it with Ctrl-C)`);
  await untilAborted(signal);
  await server.close();
  return EXIT.done;
});
