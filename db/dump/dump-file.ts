import { createReadStream, createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { DamagedDumpError, type Manifest } from './format.ts';
import { type OpenDump, openDump } from './read-dump.ts';

/** Level 1 takes a third of the time of level 6 for a file that is 15 % larger. */
const COMPRESSION = { level: 1, chunkSize: 256 * 1024 };

/** Writes a dump to a file. It appears when it is complete, and only its owner may read it. */
export async function writeDumpFile(path: string, text: AsyncIterable<string>): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.partial`;
  try {
    const file = createWriteStream(draft, { mode: 0o600, flush: true });
    await pipeline(Readable.from(text), createGzip(COMPRESSION), file);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Opens a file to read it once. @throws DamagedDumpError, NewerDumpError */
export function openDumpFile(path: string): Promise<OpenDump> {
  return openDump(unpack(path));
}

/** Reads a file to its end, and so finds every damage before a database is touched. */
export async function checkDumpFile(path: string): Promise<Manifest> {
  const { manifest, batches } = await openDumpFile(path);
  for await (const _ of batches);
  return manifest;
}

async function* unpack(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const unzipped = createGunzip({ chunkSize: 256 * 1024 });
  file.once('error', (error) => unzipped.destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of file.pipe(unzipped)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new DamagedDumpError((error as Error).message, error);
  } finally {
    file.destroy();
  }
}

/** An error of zlib or of the decoder, and not of the disk. */
function isDamage(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return /^Z_|^ERR_ENCODING_INVALID_ENCODED_DATA$/.test(code);
}
