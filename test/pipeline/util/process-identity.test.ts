import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  identifySelf,
  type ProcessIdentity,
  SYSTEM,
  type System,
  stateOf,
} from '../../../pipeline/util/process-identity.ts';

/** What a system answers, by file, link or command; empty for anything else. */
type Answers = Readonly<Record<string, string>>;

function createSystem(
  fixed: Pick<System, 'platform' | 'pid' | 'host'>,
  answers: Answers,
  running: readonly number[],
): System {
  const answer = (question: string) => answers[question] ?? '';
  return {
    ...fixed,
    isRunning: (pid) => running.includes(pid),
    readFile: answer,
    readLink: answer,
    run: (command, args) => answer([command, ...args].join(' ')),
  };
}

const stat = (pid: number, started: number, letter = 'S') =>
  `${pid} (node (x) y) ${letter} ${Array(18).fill('0').join(' ')} ${started} 0 0\n`;

const LINUX: Answers = {
  '/etc/machine-id': 'b08dfa6083e7567a1921a715000001fb\n',
  '/proc/sys/kernel/random/boot_id': '995c6c59-939e-4936-bf80-c239757f2a12\n',
  '/proc/self/ns/pid': 'pid:[4026531836]',
  '/proc/self': '4711',
  '/proc/4711/stat': stat(4711, 93021),
  '/proc/4712/stat': stat(4712, 5),
};

const linux = (answers: Answers = {}, running = [4711, 4712]) =>
  createSystem({ platform: 'linux', pid: 4711, host: 'one' }, { ...LINUX, ...answers }, running);

describe('on Linux', () => {
  const self = identifySelf(linux());

  it('a process is known by its start and by where its id is counted', () => {
    expect(self).toEqual({
      pid: 4711,
      started: '93021',
      host: 'one',
      machine: 'b08dfa6083e7567a1921a715000001fb',
      boot: '995c6c59-939e-4936-bf80-c239757f2a12',
      namespace: 'pid:[4026531836]',
    });
  });

  const CONTAINER = 'pid:[4026532178]';
  const cases: [what: string, other: Partial<ProcessIdentity>, answers: Answers, state: string][] =
    [
      ['itself', {}, {}, 'running'],
      ['one whose id is not in use', { pid: 4713 }, {}, 'ended'],
      ['one whose id another process has', { pid: 4712, started: '4' }, {}, 'ended'],
      ['one whose start was not known', { pid: 4712, started: '' }, {}, 'running'],
      [
        'one that nobody has asked how it ended',
        { pid: 4712, started: '5' },
        { '/proc/4712/stat': stat(4712, 5, 'Z') },
        'ended',
      ],
      [
        'one that only its user may look at',
        { pid: 4712, started: '5' },
        { '/proc/4712/stat': '' },
        'running',
      ],
      ['one of another machine', { host: 'two', pid: 4713 }, {}, 'unknown'],
      ['one of another container', { namespace: CONTAINER, pid: 4713 }, {}, 'unknown'],
      ['one of this machine before it was started again', { boot: 'b' }, {}, 'ended'],
      ['one of a machine of the same name', { boot: 'b', machine: 'm' }, {}, 'unknown'],
      ['one of a container before', { boot: 'b', namespace: CONTAINER }, {}, 'unknown'],
      [
        'one of a container of the same name, seen from a container',
        { boot: 'b', namespace: CONTAINER },
        { '/proc/self/ns/pid': CONTAINER },
        'unknown',
      ],
      [
        'one of a machine without a name of its own',
        { boot: 'b', machine: '' },
        { '/etc/machine-id': '' },
        'unknown',
      ],
      [
        'any, where the container is not known',
        { namespace: '', pid: 4713 },
        { '/proc/self/ns/pid': '' },
        'unknown',
      ],
      [
        'one whose start another container would answer for',
        { pid: 4712, started: '4' },
        { '/proc/self': '99' },
        'running',
      ],
    ];

  it.each(cases)('%s', (_, other, answers, state) => {
    expect(stateOf({ ...self, ...other }, linux(answers))).toBe(state);
  });
});

/** Recorded: `LC_ALL=C TZ=UTC ps -o lstart= -p 501` of macOS, and its answer where none is running. */
describe('on macOS', () => {
  const macos = (lstart: string, running = [501]) =>
    createSystem(
      { platform: 'darwin', pid: 501, host: 'mac.local' },
      { 'ps -o lstart= -p 501': lstart },
      running,
    );
  const self = identifySelf(macos('Thu Nov  6 22:17:15 2025    \n'));

  it('a process is known by the second of its start', () => {
    expect(self).toEqual({
      pid: 501,
      started: String(Date.UTC(2025, 10, 6, 22, 17, 15)),
      host: 'mac.local',
      machine: '',
      boot: '',
      namespace: '',
    });
  });

  it.each([
    ['runs', 'Thu Nov  6 22:17:15 2025    \n', [501], 'running'],
    ['has ended', '', [], 'ended'],
    ['has ended, and another has its id', 'Fri Nov  7 01:00:00 2025    \n', [501], 'ended'],
    ['cannot be listed', '', [501], 'running'],
  ])('one that %s', (_, lstart, running, state) => {
    expect(stateOf(self, macos(lstart, running))).toBe(state);
  });

  it('one of a Linux container on the same disk', () => {
    const container = { ...identifySelf(linux()), host: 'mac.local' };
    expect(stateOf(container, macos(''))).toBe('unknown');
  });
});

/** Recorded: the answer of PowerShell 5.1, and none where the process is gone or of another user. */
describe('on Windows', () => {
  const COMMAND =
    'powershell.exe -NoProfile -NonInteractive -Command (Get-Process -Id 8120).StartTime.ToFileTimeUtc()';
  const windows = (fileTime: string, running = [8120]) =>
    createSystem(
      { platform: 'win32', pid: 8120, host: 'DESKTOP-7F3K' },
      { [COMMAND]: fileTime },
      running,
    );
  const self = identifySelf(windows('134069374358765432\r\n'));

  it('a process is known by its start', () => {
    expect(self).toMatchObject({ pid: 8120, started: '134069374358765432', host: 'DESKTOP-7F3K' });
  });

  it.each([
    ['runs', '134069374358765432\r\n', [8120], 'running'],
    ['has ended', '', [], 'ended'],
    ['has ended, and another has its id', '134069374999999999\r\n', [8120], 'ended'],
    ['is of another user', '', [8120], 'running'],
  ])('one that %s', (_, fileTime, running, state) => {
    expect(stateOf(self, windows(fileTime, running))).toBe(state);
  });
});

describe('on this machine', () => {
  it('this process is running, and knows its start', () => {
    expect(identifySelf().started).toMatch(/^\d+$/);
    expect(stateOf(identifySelf())).toBe('running');
  });

  it('a process has ended after its end', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const other = { ...identifySelf(), pid: child.pid ?? 0, started: '' };
    expect(stateOf(other)).toBe('running');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(stateOf(other)).toBe('ended');
  });

  it('the answer of a command that is not there is empty', () => {
    expect(SYSTEM.run('no-such-command', [])).toBe('');
  });
});
