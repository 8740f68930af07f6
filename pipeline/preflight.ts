import './runtime/node-guard.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { runPreflight } from './stages/preflight/index.ts';

await runMain((signal) =>
  withContext('preflight', 'Checks all that a run depends on.', signal, async (context) => {
    await runPreflight(context);
  }),
);
