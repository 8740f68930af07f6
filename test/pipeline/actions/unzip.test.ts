import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unzipFile, ZipError } from '../../../pipeline/actions/unzip.ts';
import { zip } from '../../support/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'zip-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const archive = join(folder, 'a.zip');
const to = join(folder, 'a');
const content = Buffer.from('one line of text\n'.repeat(10_000));

const unzip = async (bytes: Buffer, name = 'a', most = 1e6) => {
  writeFileSync(archive, bytes);
  await unzipFile(archive, name, to, most);
  return readFileSync(to);
};

describe('a file of an archive', () => {
  it.each([
    ['packed', {}],
    ['packed, with its sizes before it', { isStreamed: false }],
    ['stored', { isStored: true }],
  ])('is read: %s', async (_, options) => {
    expect(await unzip(zip({ a: content }, options))).toEqual(content);
  });

  it('may be empty', async () => {
    expect(await unzip(zip({ a: Buffer.alloc(0) }))).toEqual(Buffer.alloc(0));
  });

  it('is read from an archive of Python, with 64-bit sizes, too', async () => {
    const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    with z.open('a', 'w', force_zip64=True) as f: f.write(b'hello')
    z.writestr('b', 'other')`;
    try {
      execFileSync('python3', ['-c', script, archive]);
    } catch {
      return; // no Python here
    }
    expect(await unzip(readFileSync(archive))).toEqual(Buffer.from('hello'));
  });

  const good = zip({ a: content });
  const flip = (at: number) => good.map((byte, place) => (place === at ? byte ^ 1 : byte));
  it.each([
    ['no archive', Buffer.from('no archive'.repeat(10))],
    ['an empty file', Buffer.alloc(0)],
    ['cut short', good.subarray(0, -30)],
    ['without its beginning', good.subarray(200)],
    ['changed inside', Buffer.from(flip(100))],
    ['of another name', zip({ b: content })],
    ['larger than stated', zip({ a: content }, { statedBytes: 10 })],
    ['smaller than stated', zip({ a: content }, { statedBytes: 900_000 })],
    ['too large', zip({ a: Buffer.alloc(2_000_000) })],
  ])('is refused, and leaves nothing: %s', async (_, bytes) => {
    await expect(unzip(bytes)).rejects.toThrow(ZipError);
    expect(existsSync(to)).toBe(false);
  });

  it('ends or is refused for every changed byte', { timeout: 60_000 }, async () => {
    const small = zip({ a: Buffer.from('some text') });
    for (let at = 0; at < small.length; at++) {
      const changed = Buffer.from(small.map((byte, place) => (place === at ? 255 - byte : byte)));
      const result = await unzip(changed).catch((error) => error);
      expect(result instanceof ZipError || result.equals(Buffer.from('some text'))).toBe(true);
    }
  });
});
