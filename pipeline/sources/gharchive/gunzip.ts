import { createGunzip } from 'node:zlib';

/** Large enough that the way to the thread pool and back does not count. */
const CHUNK_BYTES = 1024 * 1024;

/** What is wrong with the compression of a file; what came before it is good. */
export type GzipFault = 'truncated_gzip' | 'corrupt_gzip';

export interface Gunzip {
  /** Takes compressed bytes; resolves once all they hold was handed on. Undefined: go on. */
  write(bytes: Buffer): Promise<GzipFault | undefined>;
  end(): Promise<GzipFault | undefined>;
  /** Raw bytes so far. */
  readonly rawBytes: number;
}

/** Unpacks gzip of one or more members; a piece is handed on before more is taken, and then gone. */
export function openGunzip(onBytes: (bytes: Buffer) => void): Gunzip {
  const stream = createGunzip({ chunkSize: CHUNK_BYTES });
  let rawBytes = 0;
  let fault: GzipFault | undefined;
  stream.on('data', (bytes: Buffer) => {
    rawBytes += bytes.length;
    onBytes(bytes);
    release(bytes);
  });
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.once('error', (error: NodeJS.ErrnoException) => {
    fault = error.code === 'Z_BUF_ERROR' ? 'truncated_gzip' : 'corrupt_gzip';
  });

  return {
    get rawBytes() {
      return rawBytes;
    },
    async write(bytes) {
      if (fault) return fault;
      const written = new Promise<void>((resolve) => stream.write(bytes, () => resolve()));
      await Promise.race([written, closed]);
      return fault;
    },
    async end() {
      stream.end();
      await closed;
      return fault;
    },
  };
}

/**
 * Gives the memory of a piece back at once. Left to the garbage collector, an archive's pieces make
 * it look through the whole heap again and again, which costs as much as reading them does.
 */
function release({ buffer, byteOffset, length }: Buffer): void {
  const isAllOfIt = byteOffset + length === buffer.byteLength;
  if (isAllOfIt) (buffer as ArrayBuffer).transfer(0);
}
