import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requireOurFolder } from '../../../../pipeline/stages/report/output-folder.ts';
import { UsageError } from '../../../../pipeline/util/usage-error.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'leaderboard-out-'));
});
afterAll(() => rmSync(root, { recursive: true }));

function folderWith(name: string, files: readonly string[]): string {
  const out = join(root, name);
  mkdirSync(join(out, 'api/v1'), { recursive: true });
  for (const file of files) writeFileSync(join(out, file), 'mine');
  return out;
}

it.each([
  ['one that is not there', () => join(root, 'none')],
  ['an empty one', () => folderWith('empty', [])],
  ['one with other files beside the documents', () => folderWith('beside', ['notes.txt'])],
  ['one with documents of ours', () => folderWith('ours', ['api/v1/index.json', 'api/v1/x.json'])],
])('%s is taken', async (_, make) => {
  await expect(requireOurFolder(make())).resolves.toBeUndefined();
});

it('a file is refused', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  await expect(requireOurFolder(file)).rejects.toThrow(UsageError);
});

it('one with files of others where the documents would go is refused', async () => {
  const out = folderWith('theirs', ['api/v1/mine.txt']);
  await expect(requireOurFolder(out)).rejects.toThrow(/holds files that are not ours/);
});
