import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TrackedRepository } from '../../pipeline/domain/source.ts';
import { DAY_MS, HOUR_MS } from '../../pipeline/domain/time.ts';
import { hourFileName } from '../../pipeline/sources/gharchive/hours.ts';
import { fetchArchive } from '../../pipeline/sources/gharchive/index.ts';
import { sharedPath } from '../support/shared-data.ts';

/** The real hours, repeated, and the reading of them by the source. */

const START = Date.UTC(2015, 0, 1);
export interface Corpus {
  readonly folder: string;
  readonly files: readonly string[];
}

export function repeatHours(folder: string, repeats: number): Corpus {
  mkdirSync(folder);
  const files = Array.from({ length: repeats * 2 }, (_, index) => {
    const file = join(folder, hourFileName(new Date(START + index * HOUR_MS)));
    copyFileSync(sharedPath(`gharchive/2015-01-01-${index % 2}.json.gz`), file);
    return file;
  });
  return { folder, files };
}

export async function readSource({ folder, files }: Corpus, repositories: TrackedRepository[]) {
  let bytes = 0;
  let kept = 0;
  const batches = fetchArchive(pathToFileURL(`${folder}/`).href, {
    repositories,
    // The copies say that they are of the first two hours: all of them are in the window.
    window: { from: new Date(START), to: new Date(START + files.length * HOUR_MS) },
    signal: new AbortController().signal,
    now: new Date(START + 365 * DAY_MS),
    batchSize: 100,
    onProgress: (progress) => {
      bytes = progress.bytes ?? 0;
    },
  });
  for await (const batch of batches) kept += batch.kept;
  return { bytes, kept };
}
