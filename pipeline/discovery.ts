import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';
import { runDiscovery } from './shell/stages.ts';

await runMain((signal) =>
  withContext(
    'discovery',
    'Queues the jobs of all repositories that are stale.',
    signal,
    async (context) => {
      await runDiscovery(context, null);
    },
  ),
);
