import { afterEach, expect, it, vi } from 'vitest';
import { readConfig } from '../../../pipeline/config/load.ts';
import { SAMPLE_OPTED_OUT } from '../../../pipeline/domain/people.ts';
import { withContext } from '../../../pipeline/runtime/context.ts';
import { createCommand, parseOptions } from '../../../pipeline/runtime/options.ts';

afterEach(() => vi.unstubAllEnvs());

it('has somebody who opted out in the sample, beyond those of the configuration', async () => {
  // Nobody listens there: a dry run goes on without a database.
  vi.stubEnv('DATABASE_URL', 'postgres://nobody@127.0.0.1:1/none');
  vi.stubEnv('LOG_LEVEL', 'silent');
  const command = createCommand('pipeline', 'Runs.', { supportsDryRun: true });
  const options = parseOptions(command, ['--source', 'sample', '--dry-run']);
  const { signal } = new AbortController();
  const goesOn = { goesOn: true };
  const rules = await withContext(options, signal, async ({ config }) => config.people, goesOn);
  const configured = readConfig('config').people;
  expect(rules).toEqual({ ...configured, opt_out: [...configured.opt_out, SAMPLE_OPTED_OUT] });
});
