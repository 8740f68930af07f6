import { readFileSync, statSync } from 'node:fs';

/** Beyond this it is not a configuration that a person wrote; parsing it would only take long. */
export const MAX_CONFIG_BYTES = 5_000_000;

/** What a file holds, that it is not there, or why it cannot be read. */
export type TextFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly message: string };

const unreadable = (message: string): TextFile => ({ kind: 'unreadable', message });

function decode(bytes: Buffer): TextFile {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return unreadable('expected text in UTF-8; save it in that encoding');
  }
}

/** Reads UTF-8 with or without a byte order mark. Nothing is thrown. */
export function readText(path: string): TextFile {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return { kind: 'absent' };
    if (!stats.isFile()) return unreadable('expected a file');
    if (stats.size > MAX_CONFIG_BYTES) {
      return unreadable(`expected at most ${MAX_CONFIG_BYTES / 1e6} MB; found ${stats.size} bytes`);
    }
    return decode(readFileSync(path));
  } catch (error) {
    return unreadable(`cannot be read: ${(error as Error).message}`);
  }
}
