import { isLostConnection } from '../../../db/lost-connection.ts';
import type { Log } from '../../util/log.ts';

/** A check of one thing that the run needs. `run` throws an error that says what to do. */
export interface Check {
  readonly name: string;
  run(): Promise<string>;
}

export interface CheckResult {
  readonly name: string;
  readonly isHealthy: boolean;
  readonly message: string;
}

/** At least one check has failed. */
export class UnhealthyError extends Error {
  override readonly name = 'UnhealthyError';
  readonly results: readonly CheckResult[];
  constructor(results: readonly CheckResult[]) {
    const unhealthy = results.filter((result) => !result.isHealthy);
    super(unhealthy.map(({ name, message }) => `${name}: ${message}`).join('\n'));
    this.results = results;
  }
}

/** Makes every check, so that all failures are reported at once. */
export async function runChecks(checks: readonly Check[], log: Log): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    // Read
    const result = await outcomeOf(check);
    results.push(result);
    // Write
    if (result.isHealthy) log.info({ check: result.name }, result.message);
  }
  return results;
}

/** Throws if any check has failed. */
export function requireHealth(results: readonly CheckResult[]): readonly CheckResult[] {
  if (results.some((result) => !result.isHealthy)) throw new UnhealthyError(results);
  return results;
}

async function outcomeOf(check: Check): Promise<CheckResult> {
  try {
    return { name: check.name, isHealthy: true, message: await check.run() };
  } catch (error) {
    // Nothing that was checked is wrong: the caller may connect again and check.
    if (isLostConnection(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return { name: check.name, isHealthy: false, message };
  }
}
