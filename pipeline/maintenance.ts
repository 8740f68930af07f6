import './runtime/node-guard.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { runMaintenance } from './stages/run-stages.ts';

await runMain((signal) =>
  withContext(
    'maintenance',
    'Deletes old records, thins the snapshots and tidies the tables.',
    signal,
    async (context) => {
      await runMaintenance(context);
    },
    { rehearses: true },
  ),
);
