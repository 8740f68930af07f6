import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPalettePng } from '../../../site/src/share/palette-png.ts';

/** The chunks of a PNG by name, after their sums were checked. */
function readChunks(png: Buffer): Map<string, Buffer> {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)));
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, end));
    at = end + 4;
  }
  expect([...chunks.keys()].at(-1)).toBe('IEND');
  return chunks;
}

/** The pixels of a PNG with a palette and without filters, as RGBA. */
function decode(png: Buffer) {
  const chunks = readChunks(png);
  const header = chunks.get('IHDR') as Buffer;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  expect([...header.subarray(8)]).toEqual([8, 3, 0, 0, 0]);
  const palette = chunks.get('PLTE') as Buffer;
  const rows = inflateSync(chunks.get('IDAT') as Buffer);
  const data: number[] = [];
  for (let y = 0; y < height; y++) {
    expect(rows[y * (width + 1)]).toBe(0);
    for (let x = 0; x < width; x++) {
      const place = 3 * (rows[y * (width + 1) + 1 + x] ?? 0);
      data.push(...palette.subarray(place, place + 3), 255);
    }
  }
  return { width, height, data: Uint8Array.from(data) };
}

/** At most 256 pixels, and so at most 256 colours. */
const picture = fc
  .record({ width: fc.integer({ min: 1, max: 16 }), height: fc.integer({ min: 1, max: 16 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 0xff_ff_ff }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((colours) => ({
        ...{ width, height },
        data: Uint8Array.from(
          colours.flatMap((one) => [one >>> 16, (one >>> 8) & 255, one & 255, 255]),
        ),
      })),
  );

describe('a picture with a palette', () => {
  it('has every pixel as it was drawn', () => {
    fc.assert(
      fc.property(picture, (drawn) => {
        expect(decode(Buffer.from(toPalettePng(drawn) as Uint8Array))).toEqual(drawn);
      }),
    );
  });

  it.each([
    [256, true],
    [257, false],
  ])('of %i colours can be made: %s', (colours, can) => {
    const data = new Uint8Array(4 * colours);
    for (let place = 0; place < colours; place++)
      data.set([place >>> 8, place & 255, 0, 255], 4 * place);
    expect(toPalettePng({ width: colours, height: 1, data }) !== null).toBe(can);
  });
});
