import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { crc32 } from 'node:zlib';

/** A ZIP file without compression, as GitHub's API hands artifacts out. */

interface Entry {
  readonly name: Buffer;
  readonly content: Buffer;
  readonly offset: number;
}

/** Signatures of the parts of a ZIP file (APPNOTE.TXT 4.3). */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;

/** What both headers of an entry share, from the version on. */
function commonHeader({ name, content }: Pick<Entry, 'name' | 'content'>): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt16LE(FLAGS, 2);
  header.writeUInt32LE(crc32(content), 10);
  header.writeUInt32LE(content.length, 14);
  header.writeUInt32LE(content.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const localHeader = (entry: Entry) =>
  Buffer.concat([signature(LOCAL), commonHeader(entry), entry.name, entry.content]);

function centralHeader(entry: Entry): Buffer {
  const start = Buffer.alloc(6);
  start.writeUInt32LE(CENTRAL, 0);
  start.writeUInt16LE(VERSION, 4);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(entry.offset, 10);
  return Buffer.concat([start, commonHeader(entry), rest, entry.name]);
}

/** The names and contents of files as one ZIP file. */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const entries: Entry[] = [];
  let offset = 0;
  for (const [path, content] of files) {
    const entry = { name: Buffer.from(path), content, offset };
    entries.push(entry);
    offset += localHeader(entry).length;
  }
  const central = Buffer.concat(entries.map(centralHeader));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...entries.map(localHeader), central, end]);
}

/** All files of a folder. */
export function zipFolder(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return zip(new Map(files.map((file) => [relative(folder, file), readFileSync(file)])));
}
