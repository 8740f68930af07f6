import './runtime/node-guard.ts';
import { runPipeline } from './run-pipeline.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { printPlan } from './stages/discovery/print-plan.ts';

await runMain((signal) =>
  withContext(
    'pipeline',
    'All stages in order, in one process.',
    signal,
    (context) => (context.options.dryRun ? printPlan(context) : runPipeline(context)),
    { plans: true, rehearses: true },
  ),
);
