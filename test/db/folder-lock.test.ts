import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DatabaseInUseError, holdFolder, LockError } from '../../db/folder-lock.ts';
import { CONTAINER, countTakings, mayUnshare, TAKERS } from '../support/lock-takings.ts';

let parent: string;
let folder: string;
let lock: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lock-'));
  folder = join(parent, 'db');
  lock = `${folder}.lock`;
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const readLock = () => JSON.parse(readFileSync(lock, 'utf8'));

/** A lock as this process would write it, but for these fields. */
function leaveLock(fields: object, path = lock): void {
  holdFolder(folder);
  const content = { ...readLock(), ...fields };
  rmSync(lock);
  writeFileSync(path, JSON.stringify(content));
}

/** Above the highest id that Linux gives to a process. */
const ENDED = { pid: 99_999_999 };

describe('the lock of a folder', () => {
  it('names its owner, and goes with it', () => {
    const release = holdFolder(folder);
    expect(readLock()).toMatchObject({ pid: process.pid });
    expect(Date.now() - Date.parse(readLock().since)).toBeLessThan(60_000);
    expect(readdirSync(parent)).toEqual(['db.lock']);
    release();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is held by one at a time', () => {
    const release = holdFolder(folder);
    expect(() => holdFolder(folder)).toThrow(DatabaseInUseError);
    expect(() => holdFolder(folder)).toThrow(
      `the embedded database ${folder} is in use by process ${process.pid} of `,
    );
    release();
    holdFolder(folder)();
  });

  it('is not released by who lost it', () => {
    const release = holdFolder(folder);
    rmSync(lock);
    const second = holdFolder(folder);
    release();
    expect(() => holdFolder(folder)).toThrow(DatabaseInUseError);
    second();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('of an ended process is taken over, with all that it left', () => {
    leaveLock(ENDED);
    const content = readLock();
    const guard = JSON.stringify({ ...content, id: '00000000-0000-4000-8000-000000000001' });
    writeFileSync(`${lock}.${content.id}.takeover`, guard);
    writeFileSync(`${lock}.00000000-0000-4000-8000-000000000000.draft`, readFileSync(lock));
    const release = holdFolder(folder);
    expect(readLock()).toMatchObject({ pid: process.pid });
    expect(readdirSync(parent)).toEqual(['db.lock']);
    release();
  });

  it.each([
    ['machine', { host: 'elsewhere' }],
    ['container', { namespace: 'pid:[1]' }],
  ])('of another %s is never taken over', (_, place) => {
    leaveLock({ ...ENDED, ...place, since: '2026-01-02T03:04:05.678Z' });
    const { host } = readLock();
    const before = readFileSync(lock, 'utf8');
    expect(() => holdFolder(folder)).toThrow(
      `the embedded database ${folder} is in use by process 99999999 of ${host}, ` +
        'since 2026-01-02T03:04:05.678Z. That is another machine or container, so it is not known ' +
        `here whether the process is running. If it has ended, delete ${lock}`,
    );
    expect(readFileSync(lock, 'utf8')).toBe(before);
  });

  it('leaves the files of who may be running, for a day', () => {
    const draft = `${lock}.00000000-0000-4000-8000-000000000000.draft`;
    leaveLock({ ...ENDED, host: 'elsewhere' }, draft);
    holdFolder(folder)();
    expect(readdirSync(parent)).toHaveLength(1);
    utimesSync(draft, 0, 0);
    holdFolder(folder)();
    expect(readdirSync(parent)).toEqual([]);
  });
});

it('a lock that needs itself to be taken over ends with an error', () => {
  leaveLock(ENDED);
  writeFileSync(`${lock}.${readLock().id}.takeover`, readFileSync(lock));
  expect(() => holdFolder(folder)).toThrow(LockError);
});

describe('what is no lock', () => {
  it.each([
    ['an empty file', ''],
    ['that of an earlier version', '4711 93021'],
    ['JSON of another kind', '{"pid":1}'],
    ['a long file', 'x'.repeat(1_000_000)],
  ])('%s: ends soon, saying what to do', (_, content) => {
    writeFileSync(lock, content);
    expect(() => holdFolder(folder)).toThrow(LockError);
    expect(() => holdFolder(folder)).toThrow(`If no process uses ${folder}, delete ${lock}`);
    expect(readFileSync(lock, 'utf8')).toBe(content);
  });

  it.each([
    ['a folder', () => mkdirSync(lock)],
    ['a circle of links', () => symlinkSync('db.lock', lock)],
    ['a link to nothing', () => symlinkSync('nothing', lock)],
    ['a pipe', () => spawnSync('mkfifo', [lock])],
  ])('%s: ends at once', (_, make) => {
    make();
    expect(() => holdFolder(folder)).toThrow(`${lock} is no file. Move it elsewhere or delete it`);
    expect(readdirSync(parent)).toEqual(['db.lock']);
  });

  it('in a folder that is no folder: ends at once', () => {
    writeFileSync(folder, '');
    expect(() => holdFolder(join(folder, 'x'))).toThrow('ENOTDIR');
  });
});

/** `npm run soak` takes it 500,000 times. */
for (const { place, takings } of [
  { place: 'on one machine', takings: 300 },
  { place: 'in containers', takings: 50 },
] as const) {
  const isTried = place === 'on one machine' || mayUnshare;
  it.runIf(isTried)(
    `four processes ${place}, killed now and then, are never inside together`,
    async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const expected = { seed, taken: TAKERS * takings, overlaps: 0, errors: [] };
      expect({ seed, ...(await countTakings(folder, takings, seed, place)) }).toEqual(expected);
    },
  );
}

/** Takes the lock, says so and waits; or says why not. */
const HOLDER = `
  import { holdFolder } from ${JSON.stringify(new URL('../../db/folder-lock.ts', import.meta.url).href)};
  try {
    holdFolder(process.argv[1]);
    console.log('inside');
    setInterval(() => {}, 1000);
  } catch (error) {
    console.log(error.message);
  }`;
const HOLD = ['--input-type=module', '-e', HOLDER];

const [unshare, ...inContainer] = CONTAINER;

/** Each counts its processes from 1, as containers do. */
describe.runIf(mayUnshare)('two PID namespaces on one disk', () => {
  function startHolder(options: readonly string[]) {
    const args = [...inContainer, ...options, process.execPath, ...HOLD, folder];
    const child = spawn(unshare, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  }

  it.each([
    ['their own /proc', ['--mount-proc']],
    ['the /proc of the machine', []],
  ])('with %s are not both inside, not even after a kill', async (_, options) => {
    const first = startHolder(options);
    expect(String(await once(first.stdout, 'data'))).toBe('inside\n');
    const refusal = /in use by process 1 of .* since .* another machine or container.* delete /;
    expect(String(await once(startHolder(options).stdout, 'data'))).toMatch(refusal);
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(String(await once(startHolder(options).stdout, 'data'))).toMatch(refusal);
    expect(() => holdFolder(folder)).toThrow(refusal);
    rmSync(lock);
    expect(String(await once(startHolder(options).stdout, 'data'))).toBe('inside\n');
  });
});

it('a process that is killed inside blocks no other one', async () => {
  const child = spawn(process.execPath, [...HOLD, folder]);
  await once(child.stdout, 'data');
  expect(() => holdFolder(folder)).toThrow(`in use by process ${child.pid} of `);
  child.kill('SIGKILL');
  await once(child, 'exit');
  holdFolder(folder)();
  expect(readdirSync(parent)).toEqual([]);
});
