import { isLostConnection } from '../../../db/lost-connection.ts';
import type { Log } from '../../util/log.ts';

/** One thing that a run depends on. `run` throws an error that says what to do. */
export interface Check {
  readonly name: string;
  run(): Promise<string>;
}

export interface CheckResult {
  readonly name: string;
  readonly isHealthy: boolean;
  readonly message: string;
}

/** Some of what the run depends on is not as it must be. */
export class UnhealthyError extends Error {
  override readonly name = 'UnhealthyError';
  readonly results: readonly CheckResult[];
  constructor(results: readonly CheckResult[]) {
    const unhealthy = results.filter((result) => !result.isHealthy);
    super(unhealthy.map(({ name, message }) => `${name}: ${message}`).join('\n'));
    this.results = results;
  }
}

/** Makes every check, so that all that is wrong is told at once; throws if anything is. */
export async function runChecks(checks: readonly Check[], log: Log): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    // Read
    const result = await outcomeOf(check);
    results.push(result);
    // Write
    if (result.isHealthy) log.info({ check: result.name }, result.message);
  }
  // Decide
  if (results.some((result) => !result.isHealthy)) throw new UnhealthyError(results);
  return results;
}

async function outcomeOf(check: Check): Promise<CheckResult> {
  try {
    return { name: check.name, isHealthy: true, message: await check.run() };
  } catch (error) {
    // Nothing that was checked is wrong: whoever checks may connect again.
    if (isLostConnection(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { name: check.name, isHealthy: false, message };
  }
}
