import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createDocumentFolder } from '../../../../pipeline/stages/report/document-folder.ts';
import { readTexts } from '../../../support/read-documents.ts';

const schema = z.strictObject({ n: z.int() });

describe('a folder of documents', () => {
  let parent: string;
  let target: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'documents-'));
    target = join(parent, 'v1');
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it('appears as a whole when it is published', () => {
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

  it('takes over after a run that was killed at any point', () => {
    for (const left of ['v1.new', 'v1.old']) {
      mkdirSync(join(parent, left));
      writeFileSync(join(parent, left, 'half.json'), '{');
    }
    const folder = createDocumentFolder(target);
    folder.write('a.json', schema, { n: 2 });
    folder.publish();
    expect([...readTexts(parent).keys()]).toEqual(['v1/a.json']);
  });

  it('refuses what does not fit its schema, and names the document', () => {
    const folder = createDocumentFolder(target);
    const write = () => folder.write('a.json', schema, { n: 1, login: 'too much' });
    expect(write).toThrow('a.json does not fit its schema');
  });

  it.each(['../a.json', 'a/../../b.json', '/a.json', 'a//b.json', './a.json', 'a\\b.json', ''])(
    'refuses the path %j',
    (path) => {
      const folder = createDocumentFolder(target);
      expect(() => folder.write(path, schema, { n: 1 })).toThrow('not a path of a document');
    },
  );

  it('leaves nothing behind when it is thrown away', () => {
    const folder = createDocumentFolder(target);
    folder.write('.github/a..b.json', schema, { n: 1 });
    folder.discard();
    expect(readTexts(parent).size).toBe(0);
  });
});
