import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { printPlan } from './shell/print-plan.ts';
import { runMain } from './shell/run-main.ts';
import { runDiscovery } from './shell/stages.ts';

await runMain((signal) =>
  withContext(
    'discovery',
    'Queues the jobs of all repositories that are stale.',
    signal,
    async (context) => {
      if (context.options.dryRun) await printPlan(context);
      else await runDiscovery(context, null);
    },
    { plans: true, rehearses: true },
  ),
);
