import { vi } from 'vitest';
import { formatFailure } from '../../pipeline/runtime/main.ts';
import { EXIT } from '../../pipeline/util/usage-error.ts';
import './embedded-cluster.ts';
import type { CommandEnd, startCommand } from './run-command.ts';

/**
 * Does the work of a command in this process, in the folder and with the variables of `runCommand`,
 * and gives the same end. A process of its own takes three seconds of CPU to load its embedded
 * database. For what is not about options, signals or the end of a process.
 */
export async function runHere(
  work: () => Promise<unknown>,
  { cwd, env }: Parameters<typeof startCommand>[2],
): Promise<CommandEnd> {
  const before = process.cwd();
  let output = '';
  const printed = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
  const variables = { DATABASE_URL: '', GITHUB_TOKEN: '', GITHUB_RUN_ID: '', ...env };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  process.chdir(cwd);
  try {
    const code = await work();
    return { code: typeof code === 'number' ? code : EXIT.done, output };
  } catch (error) {
    const code = Number((error as { exitCode?: number }).exitCode ?? EXIT.failed);
    return { code, output: `${output}${formatFailure(error, false)}` };
  } finally {
    process.chdir(before);
    vi.unstubAllEnvs();
    printed.mockRestore();
  }
}
