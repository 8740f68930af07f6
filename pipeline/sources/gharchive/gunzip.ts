import { createGunzip } from 'node:zlib';

/** Large enough that the way to the thread pool and back does not count. */
const CHUNK_BYTES = 1024 * 1024;

/** What is wrong with the compression of a file; what came before it is good. */
export type GzipFault = 'truncated_gzip' | 'corrupt_gzip';

/**
 * Unpacks one file of one or more gzip members. While the caller works on what came of one piece,
 * the next one is unpacked in another thread; more than that is never held.
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
   * Raw bytes, which are gone once the next ones are asked for. Of a file that breaks off or
   * can't be read on, all there is; then its error, if it had one.
   */
  async *unpack(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let failure: { readonly error: unknown } | undefined;
    try {
      for await (const piece of file) {
        const before = this.#take();
        const written = this.#write(piece);
        yield* handOn(before);
        await written;
        if (this.fault) break;
      }
    } catch (error) {
      failure = { error };
    } finally {
      this.#stream.end();
      await this.#closed;
    }
    yield* handOn(this.#take());
    if (failure) throw failure.error;
  }

  /** A gzip member ends with its raw size modulo 2^32: of one member, that of the file. */
  get hasSeveralMembers(): boolean {
    const isWhole = this.#trailer.length === 4;
    return isWhole && this.#trailer.readUInt32LE(0) !== this.rawBytes % 2 ** 32;
  }

  #write(piece: Buffer): Promise<void> {
    this.#trailer = Buffer.concat([this.#trailer, piece.subarray(-4)]).subarray(-4);
    const written = new Promise<void>((resolve) => this.#stream.write(piece, () => resolve()));
    return Promise.race([written, this.#closed]);
  }

  #take(): Buffer[] {
    const taken = this.#unpacked;
    this.#unpacked = [];
    return taken;
  }
}

function* handOn(chunks: readonly Buffer[]): Generator<Buffer> {
  for (const bytes of chunks) {
    yield bytes;
    release(bytes);
  }
}

/**
 * Gives the memory of a piece back at once. Left to the garbage collector, an archive's pieces make
 * it look through the whole heap again and again, which costs as much as reading them does.
 */
function release({ buffer, byteOffset, length }: Buffer): void {
  const isAllOfIt = byteOffset + length === buffer.byteLength;
  if (isAllOfIt) (buffer as ArrayBuffer).transfer(0);
}
