import { spawnSync } from 'node:child_process';
import { runScript } from './run-script.ts';

const TAKER = new URL('lock-taker.ts', import.meta.url).pathname;

/** Four processes that take the same lock at the same time. */
export const TAKERS = 4;

/** Starts a process that counts its processes from 1, as a container does. */
export const CONTAINER = ['unshare', '--pid', '--fork', '--kill-child'] as const;

const [unshare, ...inContainer] = CONTAINER;

/** False where no namespace may be made: on other systems, or without the right. */
export const mayUnshare = spawnSync(unshare, [...inContainer, 'true']).status === 0;

export interface Takings {
  readonly taken: number;
  /** How often two processes were inside at the same time. */
  readonly overlaps: number;
  /** What takers printed that ended early. */
  readonly errors: readonly string[];
}

/**
 * Lets four processes take the lock of a folder until each has had it `takings` times. In a third
 * of them it is left as a killed process leaves it.
 * @param place `in containers`: each process in a PID namespace of its own
 */
export async function countTakings(
  folder: string,
  takings: number,
  seed: number,
  place: 'on one machine' | 'in containers',
): Promise<Takings> {
  const ends = await Promise.all(
    Array.from({ length: TAKERS }, (_, index) => {
      const words = [folder, String(takings), String(seed + index)];
      if (place === 'on one machine') return runScript(TAKER, words);
      const command = [...inContainer, '--mount-proc', process.execPath, TAKER, ...words];
      return runScript(command, [], { node: unshare });
    }),
  );
  const counts = ends
    .filter(({ stdout }) => stdout !== '')
    .map(({ stdout }) => JSON.parse(stdout) as { taken: number; overlaps: number });
  return {
    taken: counts.reduce((sum, { taken }) => sum + taken, 0),
    overlaps: counts.reduce((sum, { overlaps }) => sum + overlaps, 0),
    errors: ends.map(({ stderr }) => stderr).filter((text) => text !== ''),
  };
}
