import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import { projectFolder, withFileLimit } from '../support/run-command.ts';

const run = promisify(execFile);

/** A segment of the log has 16 MB: this file ends within it, as on a full disk. */
const MOST_KB = 9_000;

describe.skipIf(process.platform === 'win32')('an embedded database on a full disk', () => {
  it('answers with an error from then on, and keeps what was committed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
    const url = join(folder, 'data');
    const script = join(projectFolder, 'test/support/fill-disk.ts');
    const words = [process.execPath, '--liftoff-only', script, url];
    const [shell = '', ...limited] = withFileLimit(words, MOST_KB);
    const { stdout } = await run(shell, limited, { timeout: 60_000 });
    const { rows, problem, next } = JSON.parse(stdout);
    expect(rows).toBeGreaterThan(0);
    expect(problem).toMatch(
      /^the embedded database had to stop: make room .*could not write to log/,
    );
    expect(next).toBe(problem);
    const db = await openDatabase(url);
    const count = await sql<{ count: number }>`SELECT count(*) FROM notes`.execute(db);
    await db.destroy();
    expect(count.rows).toEqual([{ count: rows }]);
    rmSync(folder, { recursive: true });
  });
});
