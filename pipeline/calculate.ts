import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';
import { runCalculate } from './shell/stages.ts';

await runMain((signal) =>
  withContext('calculate', 'Calculates the boards.', signal, async (context) => {
    await runCalculate(context);
  }),
);
