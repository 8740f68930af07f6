import { readFileSync } from 'node:fs';

/**
 * A running process by its id and, if the system provides it, its start time, because ids are
 * reused: `4711 93021`. Empty if no process with this id is running.
 */
export function processName(pid: number): string {
  if (!isRunning(pid)) return '';
  // Field 22 is the start time; the name before it may hold spaces, but ends with the last `)`.
  const stat = readStat(pid);
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${pid} ${started}`;
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Empty on a system without `/proc`. */
function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
