import './shell/node-guard.ts';
import { withContext } from './shell/context.ts';
import { runMain } from './shell/run-main.ts';
import { runScrape } from './shell/stages.ts';
import { EXIT } from './shell/usage-error.ts';

await runMain((signal) =>
  withContext('scrape', 'Works off the queue of jobs.', signal, async (context) => {
    const { failed } = await runScrape(context);
    return failed === 0 ? EXIT.done : EXIT.failed;
  }),
);
