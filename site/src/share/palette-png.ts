import { crc32, deflateSync } from 'node:zlib';

/** A picture as RGBA, a byte each, row by row from the top; nothing of it is transparent. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The colours that a palette holds: a byte names one. */
const MOST_COLOURS = 256;

/**
 * A PNG whose pixels are places in a palette, without loss: a third of the bytes of one with whole
 * colours (PNG, third edition, 11.2). Null: it has more than 256 colours.
 */
export function toPalettePng({ width, height, data }: Pixels): Uint8Array | null {
  const colours = new Map<number, number>();
  const pixels = new DataView(data.buffer, data.byteOffset, data.byteLength);
  // Each row begins with its filter: none.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = pixels.getUint32(4 * (y * width + x));
      let place = colours.get(colour);
      if (place === undefined) {
        place = colours.size;
        if (place === MOST_COLOURS) return null;
        colours.set(colour, place);
      }
      rows[y * (width + 1) + 1 + x] = place;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, of the kind "palette".
  header.set([8, 3], 8);
  const palette = [...colours.keys()].flatMap((colour) => [
    colour >>> 24,
    (colour >>> 16) & 255,
    (colour >>> 8) & 255,
  ]);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
