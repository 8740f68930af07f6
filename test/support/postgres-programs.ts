import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './postgres-server.ts';

const run = promisify(execFile);

/** Where Debian has the programs of each version. */
const VERSIONS = '/usr/lib/postgresql';

/** The folder of the programs of the newest PostgreSQL of this machine; null if there is none. */
export function findPrograms(): string | null {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const folders = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

/** A server of that version, with a password that has to be encoded in an address. */
export async function startOwnServer(
  programs: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'leaderboard-own-'));
  const password = 'p@ss/w0rd:#?%';
  writeFileSync(join(folder, 'password'), password);
  const asUser = process.getuid?.() === 0 ? { uid: await idOf('-u'), gid: await idOf('-g') } : {};
  if (asUser.uid !== undefined) {
    await chown(folder, asUser.uid, asUser.gid ?? 0);
    await chown(join(folder, 'password'), asUser.uid, asUser.gid ?? 0);
  }
  const data = join(folder, 'data');
  const port = await freePort();
  const start = (program: string, args: string[]) =>
    run(join(programs, program), args, { ...asUser, cwd: folder });
  const access = ['--auth=scram-sha-256', `--pwfile=${join(folder, 'password')}`];
  await start('initdb', ['-D', data, '-U', 'postgres', '--encoding=UTF8', ...access]);
  const settings = `-p ${port} -k ${folder} -c fsync=off`;
  await start('pg_ctl', ['-D', data, '-o', settings, '-l', join(folder, 'log'), '-w', 'start']);
  return {
    url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await start('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
async function idOf(option: string): Promise<number> {
  return Number((await run('id', [option, 'postgres'])).stdout);
}
