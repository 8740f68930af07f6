import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { githubCheck, openGithub } from './shell/open-github.ts';
import { runMain } from './shell/run-main.ts';
import { EXIT } from './shell/usage-error.ts';
import { recalculate } from './stages/calculate.ts';
import { enrich } from './stages/enrich.ts';
import { preflight } from './stages/preflight.ts';

await runMain((signal) =>
  withContext('enrich', 'Looks all contributors up on GitHub.', signal, async (context) => {
    await preflight([githubCheck(context)], context.log);
    await enrich({ ...context, client: openGithub(context), top: null });
    await recalculate(context);
    return EXIT.done;
  }),
);
