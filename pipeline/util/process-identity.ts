import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * What identifies a process on all machines and containers that share a disk. An id alone does not:
 * ids are reused, and each container counts its own.
 */
export interface ProcessIdentity extends Place {
  readonly pid: number;
  /** When it started, as digits in a unit of its system; empty if the system does not say. */
  readonly started: string;
}

/** Within one place no two running processes have the same id. */
interface Place {
  readonly host: string;
  /** On Linux the installation, its current boot and the PID namespace; empty elsewhere. */
  readonly machine: string;
  readonly boot: string;
  readonly namespace: string;
}

/** `unknown`: of another machine or container, or of one that cannot be compared with this one. */
export type ProcessState = 'running' | 'ended' | 'unknown';

/** What the operating system answers. Tests give the recorded answers of others. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly host: string;
  readonly isRunning: (pid: number) => boolean;
  /** Empty for a file that cannot be read. */
  readonly readFile: (path: string) => string;
  readonly readLink: (path: string) => string;
  /** The output of a command; empty if it fails. */
  readonly run: (command: string, args: readonly string[]) => string;
}

const orEmpty = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};

export const SYSTEM: System = {
  platform: process.platform,
  pid: process.pid,
  host: hostname(),
  isRunning,
  readFile: (path) => orEmpty(() => readFileSync(path, 'utf8')),
  readLink: (path) => orEmpty(() => readlinkSync(path)),
  run: (command, args) =>
    orEmpty(() =>
      execFileSync(command, args, {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 10_000,
        windowsHide: true,
      }),
    ),
};

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process that runs this. */
export function identifySelf(system: System = SYSTEM): ProcessIdentity {
  return { pid: system.pid, started: readStart(system.pid, system), ...readPlace(system) };
}

function readPlace(system: System): Place {
  const isLinux = system.platform === 'linux';
  return {
    host: system.host,
    machine: isLinux ? system.readFile('/etc/machine-id').trim() : '',
    boot: isLinux ? system.readFile('/proc/sys/kernel/random/boot_id').trim() : '',
    namespace: isLinux ? system.readLink('/proc/self/ns/pid') : '',
  };
}

/** Whether a process is running, as far as it can be known from here. */
export function stateOf(other: ProcessIdentity, system: System = SYSTEM): ProcessState {
  const self = readPlace(system);
  if (other.host !== self.host) return 'unknown';
  if (other.boot !== self.boot) return isOfEarlierBoot(other, self) ? 'ended' : 'unknown';
  if (other.namespace !== self.namespace) return 'unknown';
  // A Linux that does not name the namespace: the id may be that of another container.
  if (system.platform === 'linux' && self.namespace === '') return 'unknown';
  if (!system.isRunning(other.pid) || isZombie(other.pid, system)) return 'ended';
  const started = readStart(other.pid, system);
  const isReused = started !== '' && other.started !== '' && started !== other.started;
  return isReused ? 'ended' : 'running';
}

/** Outside of containers: `PROC_PID_INIT_INO` in Linux's include/linux/proc_ns.h. */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/** All processes of a machine end with its boot. Containers may share the ids of a machine. */
const isOfEarlierBoot = (other: ProcessIdentity, self: Place) =>
  self.machine !== '' &&
  other.machine === self.machine &&
  [self, other].every(({ boot, namespace }) => boot !== '' && namespace === FIRST_NAMESPACE);

/**
 * The fields of `/proc/<pid>/stat` from the third on: the second, the name, may hold spaces, but
 * ends with the last `)`. Empty if `/proc` is that of another PID namespace.
 */
function readStat(pid: number, system: System): string[] {
  if (system.readLink('/proc/self') !== String(system.pid)) return [];
  const stat = system.readFile(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** A process that has ended keeps its id until its parent has asked how; some parents never do. */
const isZombie = (pid: number, system: System) =>
  system.platform === 'linux' && ['Z', 'X'].includes(readStat(pid, system)[0] ?? '');

function readStart(pid: number, system: System): string {
  if (system.platform === 'linux') return readStat(pid, system)[19] ?? '';
  if (system.platform === 'win32') return readStartOnWindows(pid, system);
  // `Thu Nov 26 22:17:15 2026`, in UTC by the environment of the command.
  const started = Date.parse(`${system.run('ps', ['-o', 'lstart=', '-p', `${pid}`]).trim()} UTC`);
  return Number.isNaN(started) ? '' : String(started);
}

/** In units of 100 ns since 1601. */
function readStartOnWindows(pid: number, system: System): string {
  const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const output = system.run('powershell.exe', [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    script,
  ]);
  return /^\d+$/.exec(output.trim())?.[0] ?? '';
}

/** What a process that cannot be asked has not touched for this long is taken as left behind: a day. */
const ABANDONED_AFTER_MS = 86_400_000;

/** Whether a file or folder of a process in another place, which cannot be asked, was left behind. */
export function isAbandoned(path: string): boolean {
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - touched > ABANDONED_AFTER_MS;
}
