import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../util/usage-error.ts';

/**
 * Documents that are not published any more are deleted: never somebody else's files.
 * @throws UsageError if `--out` is a file, or a folder with other files where the documents go
 */
export async function requireOurFolder(out: string): Promise<void> {
  const found = await stat(out).catch(() => null);
  if (found && !found.isDirectory())
    throw new UsageError(`--out ${out}: it is a file; name a folder`);
  const folder = join(out, 'api/v1');
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.length === 0 || names.includes('index.json')) return;
  throw new UsageError(`${folder} holds files that are not ours; name another folder by --out`);
}
