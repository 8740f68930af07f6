import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gunzip } from '../../../../pipeline/sources/gharchive/gunzip.ts';

const TEXT = Buffer.from(Array.from({ length: 200_000 }, (_, n) => `line ${n}\n`).join(''));

const MOST_MEMBERS = 2_000;

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The whole text that comes out, and the error that ends it. */
async function unpackAll(gunzip: Gunzip, file: AsyncIterable<Buffer>) {
  const copies: Buffer[] = [];
  try {
    for await (const bytes of gunzip.unpack(file)) copies.push(Buffer.from(bytes));
  } catch (error) {
    return { text: Buffer.concat(copies), error };
  }
  return { text: Buffer.concat(copies), error: null };
}

describe('unpacking', () => {
  it('gives the raw bytes, however the file is cut into chunks and members', async () => {
    const sizes = fc.integer({ min: 1, max: 300_000 });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (chunkBytes, memberBytes) => {
        // As many members as take no longer than a second.
        const whole = TEXT.subarray(0, memberBytes * 10 * MOST_MEMBERS);
        const members: Buffer[] = [];
        for await (const part of inChunks(whole, memberBytes * 10)) members.push(gzipSync(part));
        const gunzip = new Gunzip();
        const { text } = await unpackAll(
          gunzip,
          inChunks(Buffer.concat(members), 100 + chunkBytes),
        );
        expect(text.equals(whole)).toBe(true);
        expect(gunzip.rawBytes).toBe(whole.length);
        expect(gunzip.fault).toBeUndefined();
        expect(gunzip.hasSeveralMembers).toBe(members.length > 1);
      }),
      { numRuns: 10 },
    );
  });

  it('gives all there is of a file that ends too early', async () => {
    const half = gzipSync(TEXT).subarray(0, 200_000);
    const gunzip = new Gunzip();
    const { text, error } = await unpackAll(gunzip, inChunks(half, 50_000));
    expect(error).toBeNull();
    expect(gunzip.fault).toBe('truncated_gzip');
    expect(text.equals(TEXT.subarray(0, text.length))).toBe(true);
    expect(text.length).toBeGreaterThan(TEXT.length * (200_000 / gzipSync(TEXT).length) * 0.9);
  });

  it('gives all that came before reading fails, and then that error', async () => {
    const failing = async function* () {
      yield* inChunks(gzipSync(TEXT).subarray(0, 200_000), 50_000);
      throw new Error('the disk is gone');
    };
    const { text, error } = await unpackAll(new Gunzip(), failing());
    const { text: truncated } = await unpackAll(
      new Gunzip(),
      inChunks(gzipSync(TEXT).subarray(0, 200_000), 50_000),
    );
    expect(error).toEqual(new Error('the disk is gone'));
    expect(text.equals(truncated)).toBe(true);
  });

  it('takes no more than one chunk ahead of what the caller has read', async () => {
    let taken = 0;
    const counting = async function* () {
      for await (const chunk of inChunks(gzipSync(TEXT), 50_000)) {
        taken++;
        yield chunk;
      }
    };
    for await (const bytes of new Gunzip().unpack(counting())) {
      expect(bytes.length).toBeGreaterThan(0);
      expect(taken).toBe(2);
      break;
    }
  });

  it('can be left before its end', async () => {
    for await (const bytes of new Gunzip().unpack(inChunks(gzipSync(TEXT), 10_000))) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
  });
});
