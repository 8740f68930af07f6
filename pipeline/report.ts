import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';
import { runReport } from './shell/stages.ts';

await runMain((signal) =>
  withContext('report', 'Writes the published documents.', signal, async (context) => {
    await runReport(context);
  }),
);
