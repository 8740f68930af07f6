import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { githubCheck } from './shell/open-github.ts';
import { runMain } from './shell/run-main.ts';
import { enrichPeople } from './shell/stages.ts';
import { EXIT } from './shell/usage-error.ts';
import { preflight } from './stages/preflight.ts';

await runMain((signal) =>
  withContext('enrich', 'Looks all contributors up on GitHub.', signal, async (context) => {
    await preflight([githubCheck(context)], context.log);
    await enrichPeople(context, null);
    return EXIT.done;
  }),
);
