import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createFolderDraft } from '../pipeline/util/atomic-folder.ts';
import { holdFolder } from './folder-lock.ts';
import { TYPE_PARSERS } from './parsers.ts';

export interface Embedded {
  readonly pglite: PGlite;
  /** Releases the folder; call it after the database is closed. */
  readonly release: () => void;
}

/**
 * Opens an embedded PostgreSQL in a folder, for one process at a time.
 * A new one appears when it is complete, so that a killed process leaves no half of it.
 */
export async function openEmbedded(folder: string): Promise<Embedded> {
  if (folder === 'memory:') return { pglite: await create(), release: () => {} };
  mkdirSync(dirname(folder), { recursive: true });
  const release = holdFolder(folder);
  try {
    if (!existsSync(folder)) await initialise(folder);
    return { pglite: await create(folder), release };
  } catch (error) {
    release();
    throw error;
  }
}

async function initialise(folder: string): Promise<void> {
  const draft = createFolderDraft(folder);
  const pglite = await create(draft.path);
  await pglite.close();
  draft.publish();
}

async function create(folder?: string): Promise<PGlite> {
  const options = { parsers: { ...TYPE_PARSERS } };
  return endAfterPanic(await (folder ? PGlite.create(folder, options) : PGlite.create(options)));
}

const STOPPED =
  'the embedded database had to stop: make room on its disk if that is full, and run this again; ' +
  'it goes on from its last commit';

/**
 * When it can't write its log, as on a full disk, PostgreSQL panics: it ends, and its next start
 * brings the tables back to the last commit. The embedded one can't end, and would never return from
 * its next statement. So it is asked nothing more, and every statement fails as that one did.
 */
function endAfterPanic(pglite: PGlite): PGlite {
  const ask = pglite.execProtocolStream.bind(pglite);
  const close = pglite.close.bind(pglite);
  let panic: Error | null = null;
  pglite.execProtocolStream = async (...message) => {
    if (panic !== null) throw panic;
    try {
      return await ask(...message);
    } catch (error) {
      if ((error as { severity?: string }).severity !== 'PANIC') throw error;
      panic = new Error(STOPPED, { cause: error });
      throw panic;
    }
  };
  pglite.close = async () => {
    if (panic === null) await close();
  };
  return pglite;
}
