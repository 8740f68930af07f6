import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  /** Not compressed. */
  readonly isStored?: boolean;
  /** Sizes and checksum stand behind the file, as a stream writes them. */
  readonly isStreamed?: boolean;
  /** What the directory states in place of the truth. */
  readonly statedBytes?: number;
}

/** A ZIP archive with one file, as `upload-artifact` writes it. */
export function zipArchive(name: string, content: Buffer, options: ZipOptions = {}): Buffer {
  const { isStored = false, isStreamed = true, statedBytes = content.length } = options;
  const packed = isStored ? content : deflateRawSync(content);
  const words = (...values: number[]) => Buffer.from(new Uint16Array(values).buffer);
  const longs = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer);
  const sums = longs(crc32(content), packed.length, statedBytes);
  const common = (theSums: Buffer) =>
    Buffer.concat([
      words(20, isStreamed ? 8 : 0, isStored ? 0 : 8, 0, 0),
      theSums,
      words(Buffer.byteLength(name), 0),
    ]);
  const local = Buffer.concat([
    longs(0x04034b50),
    common(isStreamed ? longs(0, 0, 0) : sums),
    Buffer.from(name),
    packed,
    isStreamed ? Buffer.concat([longs(0x08074b50), sums]) : Buffer.alloc(0),
  ]);
  const entry = Buffer.concat([
    longs(0x02014b50),
    words(20),
    common(sums),
    words(0, 0, 0),
    longs(0, 0),
    Buffer.from(name),
  ]);
  const end = Buffer.concat([
    longs(0x06054b50),
    words(0, 0, 1, 1),
    longs(entry.length, local.length),
    words(0),
  ]);
  return Buffer.concat([local, entry, end]);
}
