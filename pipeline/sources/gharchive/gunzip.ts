import { createGunzip } from 'node:zlib';

/** Large enough that the cost of the thread pool does not matter. */
const CHUNK_BYTES = 1024 * 1024;

/** What is wrong with the compression of a file; the bytes before the fault are good. */
export type GzipFault = 'truncated_gzip' | 'corrupt_gzip';

/**
 * Unpacks one file of one or more gzip members. While the caller works on the bytes of one chunk,
 * the next chunk is unpacked in another thread; more than that is never held.
 */
export class Gunzip {
  /** Raw bytes so far. */
  rawBytes = 0;
  fault: GzipFault | undefined;
  readonly #stream = createGunzip({ chunkSize: CHUNK_BYTES });
  readonly #closed = new Promise<void>((resolve) => this.#stream.once('close', resolve));
  #unpacked: Buffer[] = [];
  #trailer: Buffer = Buffer.alloc(0);

  constructor() {
    this.#stream.on('data', (bytes: Buffer) => {
      this.rawBytes += bytes.length;
      this.#unpacked.push(bytes);
    });
    this.#stream.once('error', (error: NodeJS.ErrnoException) => {
      this.fault = error.code === 'Z_BUF_ERROR' ? 'truncated_gzip' : 'corrupt_gzip';
    });
  }

  /**
   * Raw bytes; they are released when the next ones are requested. If the file breaks off or can't
   * be read on, all bytes up to there come first, and then its error if it had one.
   */
  async *unpack(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let failure: { readonly error: unknown } | undefined;
    try {
      for await (const chunk of file) {
        const before = this.#take();
        const written = this.#write(chunk);
        yield* handOn(before, isUsedUp);
        await written;
        if (this.fault) break;
      }
    } catch (error) {
      failure = { error };
    } finally {
      this.#stream.end();
      await this.#closed;
    }
    yield* handOn(this.#take(), () => true);
    if (failure) throw failure.error;
  }

  /** A gzip member ends with its raw size modulo 2^32; with one member, that is the file's size. */
  get hasSeveralMembers(): boolean {
    const isWhole = this.#trailer.length === 4;
    return isWhole && this.#trailer.readUInt32LE(0) !== this.rawBytes % 2 ** 32;
  }

  #write(chunk: Buffer): Promise<void> {
    this.#trailer = Buffer.concat([this.#trailer, chunk.subarray(-4)]).subarray(-4);
    const written = new Promise<void>((resolve) => this.#stream.write(chunk, () => resolve()));
    return Promise.race([written, this.#closed]);
  }

  #take(): Buffer[] {
    const taken = this.#unpacked;
    this.#unpacked = [];
    return taken;
  }
}

function* handOn(chunks: readonly Buffer[], isFree: (chunk: Buffer) => boolean): Generator<Buffer> {
  for (const bytes of chunks) {
    yield bytes;
    if (isFree(bytes)) release(bytes);
  }
}

/** While a file is unpacked, the next bytes go to the rest of a buffer that has room. */
const isUsedUp = ({ buffer, byteOffset, length }: Buffer) =>
  byteOffset + length === buffer.byteLength;

/**
 * Frees the memory of a chunk at once. Left to the garbage collector, the chunks make it scan the
 * whole heap again and again: reading two real hours, repeated to 528 MB, then falls from 408 to
 * 314 MB/s on one core (medians of six rounds in turns), and thousands of small files take a third
 * more time.
 */
function release({ buffer }: Buffer): void {
  (buffer as ArrayBuffer).transfer(0);
}
