import './runtime/node-guard.ts';
import { withContext } from './runtime/context.ts';
import { runMain } from './runtime/main.ts';
import { runScrape } from './stages/run-stages.ts';
import { EXIT } from './util/usage-error.ts';

await runMain((signal) =>
  withContext('scrape', 'Works off the queue of jobs.', signal, async (context) => {
    const { failed } = await runScrape(context);
    return failed === 0 ? EXIT.done : EXIT.failed;
  }),
);
