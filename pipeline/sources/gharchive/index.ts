import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ARCHIVE_BEGINS } from '../../domain/archive-event.ts';
import { UsageError } from '../../util/usage-error.ts';
import type { Source } from '../source.ts';
import { fetchArchive } from './source.ts';

/** The hour files of GH Archive, by HTTP or from a folder. */
export const gharchive: Source = {
  open:
    ({ environment }) =>
    (request) =>
      fetchArchive(environment.gharchiveUrl, request),
  check: ({ environment }) => checkArchive(environment.gharchiveUrl, 'GHARCHIVE_URL'),
  refuseStart: refuseOldFormat,
};

/**
 * Checks an address of hour files: a folder must hold some; an address over HTTP shows at the first
 * file. `variable` names the environment variable that a maintainer is to correct.
 */
export async function checkArchive(address: string, variable: string): Promise<string> {
  const url = new URL(address);
  if (url.protocol !== 'file:') return `hour files from ${url.host}`;
  const names = await readdir(fileURLToPath(url)).catch(() => null);
  if (names === null) {
    throw new Error(`there is no such folder: set ${variable} to one of hour files`);
  }
  const files = names.filter((name) => /^\d{4}-\d\d-\d\d-\d{1,2}\.json\.gz$/.test(name)).length;
  if (files === 0) {
    throw new Error(`the folder of ${variable} holds no hour file (YYYY-MM-DD-H.json.gz)`);
  }
  return `${files} hour files`;
}

/** A start that was asked for by hand is a mistake before 2015; a planned one is 2015 at the least. */
function refuseOldFormat(from: Date): void {
  if (from >= ARCHIVE_BEGINS) return;
  throw new UsageError(
    `--from ${from.toISOString()}: before 2015-01-01 GH Archive has another format, ` +
      'which is not read; give --from 2015-01-01 or later',
  );
}
