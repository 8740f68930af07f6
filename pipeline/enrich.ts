import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { openGithub } from './shell/open-github.ts';
import { runMain } from './shell/run-main.ts';
import { EXIT } from './shell/usage-error.ts';
import { enrich } from './stages/enrich.ts';

await runMain((signal) =>
  withContext('enrich', 'Looks all contributors up on GitHub.', signal, async (context) => {
    await enrich({ ...context, client: openGithub(context), top: null });
    return EXIT.done;
  }),
);
