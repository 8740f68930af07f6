import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';

/** How large and how slow an hour file may be: no server and no file may hold a run for ever. */

/** A file that exists and can't be read: a fault of the disk, a refusal, a wrong length, a limit. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** The connection is alive and of no use: another one may be faster. */
export class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

export interface HourLimits {
  /** Largest file as it is sent. */
  readonly packedBytes: number;
  /** Largest file when it is unpacked. */
  readonly rawBytes: number;
  /** Longest time that we wait for a file in all: for answers, bytes and the next attempt. */
  readonly waitMs: number;
  /** Least bytes a second while we wait for bytes, as a mean over `speedOverMs`. */
  readonly bytesPerSecond: number;
  readonly speedOverMs: number;
}

/**
 * The largest hours measured have 361 MB: those of gharchive.open-digger.cn, which reads every page
 * of the events since 2026-09-06; GH Archive's own are smaller. Raw, the two real hours of our tests
 * (2015-01-01, 0 and 1 o'clock) have 6.8 and 6.9 times their packed size, so such an hour has 2.5 GB.
 * Both limits leave room for five times that.
 *
 * The largest hour needs 100 kB/s to arrive in an hour. A quarter of that, over a whole minute, is
 * slower than any line that an archive can be read over.
 */
export const HOUR_LIMITS: HourLimits = {
  packedBytes: 1_800_000_000,
  rawBytes: 12_500_000_000,
  waitMs: HOUR_MS,
  bytesPerSecond: 25_000,
  speedOverMs: MINUTE_MS,
};

/** Measures one download. The time in which we work on what has arrived does not count. */
export class DownloadMeter {
  #waitedMs = 0;
  #stretch = { bytes: 0, ms: 0 };
  readonly #name: string;
  readonly #limits: HourLimits;

  constructor(name: string, limits: HourLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  /** @throws UnreadableFileError when the file has taken too long */
  addWait(ms: number): void {
    this.#waitedMs += ms;
    if (this.#waitedMs <= this.#limits.waitMs) return;
    const minutes = Math.round(this.#limits.waitMs / MINUTE_MS);
    throw new UnreadableFileError(`${this.#name} takes more than ${minutes} minutes`);
  }

  /** A connection begins: the speed of the one before it does not count. */
  startConnection(): void {
    this.#stretch = { bytes: 0, ms: 0 };
  }

  /** @throws TooSlowError when too few bytes have come in a while */
  addBytes(bytes: number, ms: number): void {
    this.addWait(ms);
    const { speedOverMs, bytesPerSecond } = this.#limits;
    this.#stretch = { bytes: this.#stretch.bytes + bytes, ms: this.#stretch.ms + ms };
    if (this.#stretch.ms < speedOverMs) return;
    const speed = this.#stretch.bytes / (this.#stretch.ms / SECOND_MS);
    if (speed < bytesPerSecond)
      throw new TooSlowError(`less than ${bytesPerSecond} bytes a second`);
    this.startConnection();
  }
}

/** @throws UnreadableFileError when a file is larger than the limit; `what` says as what. */
export function requireSize(
  name: string,
  what: 'packed' | 'unpacked',
  bytes: number,
  limit: number,
): void {
  if (bytes <= limit) return;
  throw new UnreadableFileError(`${name} has more than ${Math.round(limit / 1e6)} MB ${what}`);
}
