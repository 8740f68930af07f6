import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';
import { calculate } from './stages/calculate.ts';

await runMain((signal) =>
  withContext('calculate', 'Calculates the boards.', signal, async (context) => {
    await calculate(context);
  }),
);
