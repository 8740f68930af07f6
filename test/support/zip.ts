import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  /** Not compressed. */
  readonly isStored?: boolean;
  /** Sizes and checksum stand behind each file, as a stream writes them. */
  readonly isStreamed?: boolean;
  /** What the directory states in place of the truth. */
  readonly statedBytes?: number;
}

/** Signatures of the parts of a ZIP archive (APPNOTE.TXT 4.3). */
const LOCAL = 0x04034b50;
const SUMS = 0x08074b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;

const words = (...values: number[]) => Buffer.from(new Uint16Array(values).buffer);
const longs = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer);

/** A ZIP archive of files by their names, as GitHub hands artifacts out. */
export function zip(files: Readonly<Record<string, Buffer>>, options: ZipOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  for (const [name, content] of Object.entries(files)) {
    const offset = Buffer.concat(locals).length;
    const { local, entry } = zipFile(Buffer.from(name), content, offset, options);
    locals.push(local);
    entries.push(entry);
  }
  const directory = Buffer.concat(entries);
  const content = Buffer.concat(locals);
  const count = entries.length;
  const sizes = longs(directory.length, content.length);
  const end = Buffer.concat([longs(END), words(0, 0, count, count), sizes, words(0)]);
  return Buffer.concat([content, directory, end]);
}

/** A file of an archive, and its entry in the directory. */
function zipFile(name: Buffer, content: Buffer, offset: number, options: ZipOptions) {
  const { isStored = false, isStreamed = true, statedBytes = content.length } = options;
  const packed = isStored ? content : deflateRawSync(content);
  const sums = longs(crc32(content), packed.length, statedBytes);
  const common = (theSums: Buffer) => [
    words(20, isStreamed ? 8 : 0, isStored ? 0 : 8, 0, 0),
    theSums,
    words(name.length, 0),
  ];
  const behind = isStreamed ? [longs(SUMS), sums] : [];
  const before = isStreamed ? longs(0, 0, 0) : sums;
  const place = [words(0, 0, 0), longs(0, offset)];
  return {
    local: Buffer.concat([longs(LOCAL), ...common(before), name, packed, ...behind]),
    entry: Buffer.concat([longs(ENTRY), words(20), ...common(sums), ...place, name]),
  };
}

/** All files of a folder. */
export function zipFolder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return zip(
    Object.fromEntries(files.map((file) => [relative(folder, file), readFileSync(file)])),
    { isStored: true },
  );
}
