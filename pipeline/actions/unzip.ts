import { createWriteStream, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/**
 * Reads a file out of a ZIP archive, as the artifacts of workflows are. The format is that of
 * APPNOTE.TXT 6.3.10: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

/** The archive is no such archive, or is not what was written. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

const END = 0x06054b50;
const END_BYTES = 22;
const END_64_LOCATOR = 0x07064b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** In an extra field: the sizes and offsets that don't fit into 32 bits. */
const EXTRA_64 = 1;
const IN_EXTRA = 0xffffffff;
const LONGEST_COMMENT = 65_535;
/** An artifact of ours has one file. */
const LARGEST_DIRECTORY = 1_000_000;

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

/**
 * Writes one file of an archive to `to`, and leaves nothing there if that fails.
 * @param mostBytes that the file may have: a small archive can hold a huge one
 * @throws ZipError
 */
export async function unzipFile(
  path: string,
  name: string,
  to: string,
  mostBytes: number,
): Promise<void> {
  const file = await open(path);
  try {
    const entry = (await readEntries(file)).find((one) => one.name === name);
    if (!entry) throw new ZipError(`it holds no file ${name}`);
    if (entry.bytes > mostBytes) throw new ZipError(`${name} has more than ${mostBytes} bytes`);
    await writeEntry(file, entry, to);
  } catch (error) {
    rmSync(to, { force: true });
    throw isZlibError(error) ? new ZipError((error as Error).message, { cause: error }) : error;
  } finally {
    await file.close();
  }
}

const isZlibError = (error: unknown) =>
  String((error as { code?: unknown } | null)?.code ?? '').startsWith('Z_');

async function readEntries(file: FileHandle): Promise<Entry[]> {
  const { offset, bytes } = await findDirectory(file);
  if (bytes > LARGEST_DIRECTORY) throw new ZipError('its directory is too large');
  const directory = await readBytes(file, offset, bytes);
  const entries: Entry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= bytes; ) {
    if (directory.readUInt32LE(at) !== ENTRY) throw new ZipError('its directory is damaged');
    const [name, extra, comment] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place));
    const end = at + ENTRY_BYTES + (name ?? 0) + (extra ?? 0);
    if (end > bytes) throw new ZipError('its directory is damaged');
    entries.push(parseEntry(directory.subarray(at, end), name ?? 0));
    at = end + (comment ?? 0);
  }
  return entries;
}

function parseEntry(entry: Buffer, nameBytes: number): Entry {
  const fields = [20, 24, 42].map((place) => entry.readUInt32LE(place));
  const large = readLarge(entry.subarray(ENTRY_BYTES + nameBytes));
  // In this order, and only those that do not fit.
  const inOrder = [fields[1], fields[0], fields[2]].map((value) =>
    value === IN_EXTRA ? (large.shift() ?? Number.NaN) : (value ?? 0),
  );
  const [bytes = 0, packedBytes = 0, offset = 0] = inOrder;
  if (!inOrder.every(Number.isSafeInteger)) throw new ZipError('its directory is damaged');
  return {
    name: entry.toString('utf8', ENTRY_BYTES, ENTRY_BYTES + nameBytes),
    method: entry.readUInt16LE(10),
    crc: entry.readUInt32LE(16),
    packedBytes,
    bytes,
    offset,
  };
}

function readLarge(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== EXTRA_64) continue;
    const values = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    const count = Math.floor(values.length / 8);
    return Array.from({ length: count }, (_, index) => Number(values.readBigUInt64LE(index * 8)));
  }
  return [];
}

/** Where the directory of an archive is: its end says so, and is found from the end of the file. */
async function findDirectory(file: FileHandle): Promise<{ offset: number; bytes: number }> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await readBytes(file, size - tailBytes, tailBytes);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END) continue;
    const found = { bytes: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
    if (found.offset !== IN_EXTRA) return found;
    return findLargeDirectory(file, tail, at);
  }
  throw new ZipError('it is no ZIP archive, or is cut short');
}

async function findLargeDirectory(file: FileHandle, tail: Buffer, end: number) {
  const at = end - 20;
  if (at < 0 || tail.readUInt32LE(at) !== END_64_LOCATOR) throw new ZipError('its end is damaged');
  const record = await readBytes(file, Number(tail.readBigUInt64LE(at + 8)), 56);
  if (record.readUInt32LE(0) !== END_64) throw new ZipError('its end is damaged');
  return {
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

async function readBytes(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const isPlace = Number.isSafeInteger(offset) && offset >= 0;
  const { bytesRead } = isPlace ? await file.read(buffer, 0, length, offset) : { bytesRead: -1 };
  if (bytesRead !== length) throw new ZipError('it is cut short');
  return buffer;
}

async function writeEntry(file: FileHandle, entry: Entry, to: string): Promise<void> {
  const local = await readBytes(file, entry.offset, LOCAL_BYTES);
  if (local.readUInt32LE(0) !== LOCAL) throw new ZipError('a file of it is damaged');
  const start = entry.offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  const end = start + entry.packedBytes - 1;
  const source = file.createReadStream({ start, end: Math.max(start, end), autoClose: false });
  const { check, verify } = checking(entry);
  const target = createWriteStream(to, { mode: 0o600 });
  if (entry.method === 8) await pipeline(source, createInflateRaw(), check, target);
  else if (entry.method === 0) await pipeline(source, check, target);
  else throw new ZipError(`it is packed by the unknown method ${entry.method}`);
  verify();
}

/** Stops at the first byte that is too many, and compares size and checksum at the end. */
function checking({ name, bytes, crc }: Entry) {
  let count = 0;
  let sum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      count += chunk.length;
      sum = crc32(chunk, sum);
      if (count > bytes) done(new ZipError(`${name} is larger than stated`));
      else done(null, chunk);
    },
  });
  const verify = () => {
    if (count !== bytes || sum !== crc) throw new ZipError(`${name} is damaged`);
  };
  return { check, verify };
}
