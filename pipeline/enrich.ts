import './runtime/node-guard.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { githubCheck } from './stages/open-github.ts';
import { preflight } from './stages/preflight/run-checks.ts';
import { enrichPeople } from './stages/run-stages.ts';
import { EXIT } from './util/usage-error.ts';

await runMain((signal) =>
  withContext('enrich', 'Looks all contributors up on GitHub.', signal, async (context) => {
    await preflight([githubCheck(context)], context.log);
    await enrichPeople(context, null);
    return EXIT.done;
  }),
);
