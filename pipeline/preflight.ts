import './shell/node-guard.ts';
import { runPreflight } from './shell/checks.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';

await runMain((signal) =>
  withContext('preflight', 'Checks all that a run depends on.', signal, async (context) => {
    await runPreflight(context);
  }),
);
