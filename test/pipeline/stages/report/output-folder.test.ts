import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createDocumentFolder,
  requireOurFolder,
} from '../../../../pipeline/stages/report/output-folder.ts';
import { UsageError } from '../../../../pipeline/util/usage-error.ts';
import { readTexts } from '../../../support/read-documents.ts';

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

it('a file is rejected', async () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  await expect(requireOurFolder(file)).rejects.toThrow(UsageError);
});

it('one with other files in the place of the documents is rejected', async () => {
  const out = folderWith('theirs', ['api/v1/mine.txt']);
  await expect(requireOurFolder(out)).rejects.toThrow(/holds files that are not ours/);
});

const schema = z.strictObject({ n: z.int() });

describe('a folder of documents', () => {
  let parent: string;
  let target: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'documents-'));
    target = join(parent, 'v1');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('appears complete when it is published', () => {
    const folder = createDocumentFolder(target);
    folder.write('a/b.json', schema, { n: 1 });
    folder.write('a.json', schema, { n: 2 });
    expect(existsSync(target)).toBe(false);
    expect(folder.publish()).toBe(2);
    expect([...readTexts(parent)]).toEqual([
      ['v1/a.json', '{"n":2}\n'],
      ['v1/a/b.json', '{"n":1}\n'],
    ]);
  });

  it('replaces the folder of a run that was killed at any point', () => {
    for (const left of ['v1.partial-99999999-1', 'v1.former-99999999-1']) {
      mkdirSync(join(parent, left));
      writeFileSync(join(parent, left, 'half.json'), '{');
    }
    const folder = createDocumentFolder(target);
    folder.write('a.json', schema, { n: 2 });
    folder.publish();
    expect([...readTexts(parent).keys()]).toEqual(['v1/a.json']);
  });

  it('rejects a document that does not fit its schema, and names it', () => {
    const folder = createDocumentFolder(target);
    const write = () => folder.write('a.json', schema, { n: 1, login: 'too much' });
    expect(write).toThrow('a.json does not fit its schema');
  });

  it.each(['../a.json', 'a/../../b.json', '/a.json', 'a//b.json', './a.json', 'a\\b.json', ''])(
    'rejects the path %j',
    (path) => {
      const folder = createDocumentFolder(target);
      expect(() => folder.write(path, schema, { n: 1 })).toThrow('not a path of a document');
    },
  );

  it('leaves nothing behind when it is discarded', () => {
    const folder = createDocumentFolder(target);
    folder.write('.github/a..b.json', schema, { n: 1 });
    folder.discard();
    expect(readTexts(parent).size).toBe(0);
  });
});
