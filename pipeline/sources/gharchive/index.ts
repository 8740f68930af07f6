import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ARCHIVE_BEGINS } from '../../domain/archive-eras.ts';
import { UsageError } from '../../util/usage-error.ts';
import type { Source, SourceContext } from '../source.ts';
import { fetchArchive } from './source.ts';

/** The hour files of GH Archive, by HTTP or from a folder. */
export const gharchive: Source = {
  open:
    ({ environment }) =>
    (request) =>
      fetchArchive(environment.gharchiveUrl, request),
  check: checkFolder,
  refuseStart: refuseOldFormat,
};

/** A folder must hold hour files; an address over HTTP shows at the first file. */
async function checkFolder({ environment }: SourceContext): Promise<string> {
  const url = new URL(environment.gharchiveUrl);
  if (url.protocol !== 'file:') return `hour files from ${url.host}`;
  const names = await readdir(fileURLToPath(url)).catch(() => null);
  if (names === null) {
    throw new Error('there is no such folder: set GHARCHIVE_URL to one of hour files');
  }
  const files = names.filter((name) => /^\d{4}-\d\d-\d\d-\d{1,2}\.json\.gz$/.test(name)).length;
  if (files === 0) {
    throw new Error('the folder of GHARCHIVE_URL holds no hour file (YYYY-MM-DD-H.json.gz)');
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
