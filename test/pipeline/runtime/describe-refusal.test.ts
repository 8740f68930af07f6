import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openDatabase, readServerVersion } from '../../../db/client.ts';
import { describeRefusal } from '../../../pipeline/runtime/describe-refusal.ts';
import {
  CERTIFICATE,
  type RefusingServer,
  startRefusingServer,
} from '../../support/refusing-server.ts';
import { projectFolder, runCommand } from '../../support/run-command.ts';

/** What is said to somebody whose address of a database does not work. */

let secure: RefusingServer;
let plain: RefusingServer;
beforeAll(async () => {
  secure = await startRefusingServer({ tls: true });
  plain = await startRefusingServer({ tls: false });
});
afterAll(async () => {
  await secure.close();
  await plain.close();
});

const trust = `sslmode=verify-full&sslrootcert=${CERTIFICATE}`;
const wrong = 'correct user and password in the address';

it.each([
  ['a wrong password', 'plain', 'app:secret', '', wrong],
  ['no password', 'plain', 'app', '', 'it wants a password, and the address has none'],
  ['no password, with TLS', 'secure', 'app', `?${trust}`, 'it wants a password'],
  ['the own authority', 'secure', 'app:secret', `?${trust}`, wrong],
  ['no check', 'secure', 'app:secret', '?sslmode=no-verify', wrong],
  ['libpq', 'secure', 'app:secret', '?sslmode=require&uselibpqcompat=true', wrong],
  ...['prefer', 'require', 'verify-ca', 'verify-full'].map(
    (mode) =>
      [
        mode,
        'secure',
        'app:secret',
        `?sslmode=${mode}`,
        'sslmode=verify-full&sslrootcert=',
      ] as const,
  ),
  ['TLS from a server without it', 'plain', 'app:secret', '?sslmode=require', 'it has no TLS'],
  ['a missing file', 'secure', 'app:secret', '?sslrootcert=/none.pem', 'is not there'],
] as const)('%s: says what to do, without a warning', async (_, server, user, query, advice) => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const { host } = server === 'plain' ? plain : secure;
  const url = `postgres://${user}@${host}/x${query}`;
  const db = await openDatabase(url);
  onTestFinished(async () => {
    process.off('warning', note);
    await db.destroy();
  });
  const error = await readServerVersion(db).catch((thrown: unknown) => thrown);
  expect(describeRefusal(error, url)).toContain(advice);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});

// The server would wait for a minute.
it('a command ends at once when the password is missing', { timeout: 45_000 }, async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'leaderboard-refused-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const DATABASE_URL = `postgres://app@${plain.host}/x`;
  const args = ['--config', join(projectFolder, 'config'), '--out', 'out'];
  const { code, output } = await runCommand('report', args, {
    cwd,
    env: { DATABASE_URL },
  });
  // The example of an address is no secret.
  const advice = 'write postgres://user:password@host:port/database';
  expect([code, output]).toEqual([1, expect.stringContaining(advice)]);
});
