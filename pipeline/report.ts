import './runtime/node-guard.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { runReport } from './stages/run-stages.ts';

await runMain((signal) =>
  withContext('report', 'Writes the published documents.', signal, async (context) => {
    await runReport(context);
  }),
);
