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

function create(folder?: string): Promise<PGlite> {
  const options = { parsers: { ...TYPE_PARSERS } };
  return folder ? PGlite.create(folder, options) : PGlite.create(options);
}
