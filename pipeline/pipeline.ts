import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';
import { runPipeline } from './shell/run-pipeline.ts';

await runMain((signal) =>
  withContext('pipeline', 'All stages in order, in one process.', signal, runPipeline),
);
