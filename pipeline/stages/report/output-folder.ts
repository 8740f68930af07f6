import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ZodError, ZodType } from 'zod';
import { createFolderDraft } from '../../util/atomic-folder.ts';
import { UsageError } from '../../util/usage-error.ts';

/**
 * Checks that the documents may be written to `out`. Publishing deletes former documents, and
 * must never delete other files.
 * @throws UsageError if `--out` is a file, or a folder with other files where the documents go
 */
export async function requireOurFolder(out: string): Promise<void> {
  const found = await stat(out).catch(() => null);
  if (found && !found.isDirectory())
    throw new UsageError(`--out ${out}: it is a file; name a folder`);
  const folder = join(out, 'api/v1');
  const names: string[] = await readdir(folder).catch(() => []);
  if (names.length === 0 || names.includes('index.json')) return;
  throw new UsageError(`${folder} holds files that are not ours; name another folder by --out`);
}

/** A document that does not fit its schema. */
export class UnfitDocumentError extends Error {
  override readonly name = 'UnfitDocumentError';
}

export interface FileFacts {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The folder in which documents are written before all of them are published at once. */
export interface DocumentFolder {
  /**
   * Checks a document by its schema and writes it.
   * @throws UnfitDocumentError if it does not fit, and another error for a path of another kind
   */
  readonly write: (path: string, schema: ZodType, document: object) => void;
  /** Writes a text, or bytes, that is no document and has no schema. */
  readonly writeText: (path: string, text: string | Uint8Array) => void;
  /** Every file that was written or kept so far, by its path. */
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Takes a document over as it was published last. Returns false if it never was. */
  readonly keepFormer: (path: string) => boolean;
  /** Replaces the former folder by this one, and returns the number of documents. */
  readonly publish: () => number;
  /** Deletes the written documents. */
  readonly discard: () => void;
}

/** Characters that GitHub allows in names, and `~` of a spelling; no part may be `.`, `..` or empty. */
const SAFE_PATH = /^(?:(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+(?:\/|$))+$/;

/** Starts a folder of documents that becomes `target` when it is published. */
export function createDocumentFolder(target: string): DocumentFolder {
  const draft = createFolderDraft(target);
  const files = new Map<string, FileFacts>();
  let count = 0;
  const made = new Set<string>();
  const writeText = (path: string, text: string | Uint8Array) => {
    requirePath(path);
    const file = join(draft.path, path);
    if (!made.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    made.add(dirname(file));
    writeFileSync(file, text);
    files.set(path, factsOf(text));
    count += 1;
  };
  return {
    write: (path, schema, document) => writeText(path, checkedText(path, schema, document)),
    writeText,
    files,
    keepFormer: (path) => {
      const isKept = keepFormer(target, draft.path, path);
      if (isKept) files.set(path, factsOf(readFileSync(join(draft.path, path))));
      return isKept;
    },
    publish: () => {
      draft.publish();
      return count;
    },
    discard: draft.discard,
  };
}

function factsOf(content: string | Uint8Array): FileFacts {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { bytes: Buffer.byteLength(content), sha256 };
}

function checkedText(path: string, schema: ZodType, document: object): string {
  requirePath(path);
  const checked = schema.safeParse(document);
  if (!checked.success) {
    const message = `${path} does not fit its schema: ${describeFirst(checked.error)}`;
    throw new UnfitDocumentError(message, { cause: checked.error });
  }
  return `${JSON.stringify(checked.data)}\n`;
}

function requirePath(path: string): void {
  if (!SAFE_PATH.test(path)) throw new Error(`not a path of a document: ${path}`);
}

function describeFirst({ issues: [first, ...others] }: ZodError): string {
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `${first?.path.join('.')}: ${first?.message}${more}`;
}

function keepFormer(former: string, folder: string, path: string): boolean {
  if (!existsSync(join(former, path))) return false;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  copyFileSync(join(former, path), join(folder, path));
  return true;
}
