import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';
import { runMaintenance } from './shell/stages.ts';

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
