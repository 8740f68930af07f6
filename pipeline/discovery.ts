import './runtime/node-guard.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { printPlan } from './stages/discovery/print-plan.ts';
import { runDiscovery } from './stages/run-stages.ts';

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
