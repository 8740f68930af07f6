import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { printPlan } from './shell/print-plan.ts';
import { runMain } from './shell/run-main.ts';
import { runPipeline } from './shell/run-pipeline.ts';

await runMain((signal) =>
  withContext(
    'pipeline',
    'All stages in order, in one process.',
    signal,
    (context) => (context.options.dryRun ? printPlan(context) : runPipeline(context)),
    { plans: true, rehearses: true },
  ),
);
