import './runtime/node-guard.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { calculate } from './stages/calculate/index.ts';

await runMain((signal) =>
  withContext('calculate', 'Calculates the boards.', signal, async (context) => {
    await calculate(context);
  }),
);
