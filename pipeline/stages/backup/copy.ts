import { isServerUrl } from '../../../db/client.ts';
import { type LoadSettings, loadDump } from '../../../db/dump/load-dump.ts';
import { openDump } from '../../../db/dump/read-dump.ts';
import { dumpDatabase } from '../../../db/dump/write-dump.ts';
import { readEnvironment } from '../../config/environment.ts';
import { checkDatabaseUrl } from '../../config/variable-checks.ts';
import { print } from '../../util/printable.ts';
import { UsageError } from '../../util/usage-error.ts';
import { embeddedIn, nameOf, withAny, withExisting } from './open-database.ts';
import { agreeToReplace, type Replacement } from './restore.ts';
import { withRowProgress } from './row-progress.ts';

interface CopyOptions extends Replacement {
  readonly from: string;
  readonly to: string;
}

/** Copies all that one database holds to another one, which is then up to date. */
export async function copyDatabase({ from, to, ...replacement }: CopyOptions): Promise<void> {
  const [source, target] = [parsePlace('--from', from), parsePlace('--to', to)];
  if (source === target) throw new UsageError('--from and --to are the same database');
  await withExisting(source, (reading) =>
    withAny(target, async (writing) => {
      await agreeToReplace(writing, target, replacement);
      const settings = { withEmails: true, now: new Date() };
      const { manifest, batches } = await openDump(dumpDatabase(reading, settings));
      await withRowProgress((onProgress) => {
        const load: LoadSettings = { fresh: replacement.fresh ?? false, onProgress };
        return loadDump(writing, { manifest, batches }, load);
      });
      const filled = manifest.tables.filter(({ rows }) => rows > 0);
      const counts = filled.map(({ name, rows }) => `${rows.toLocaleString('en-US')} ${name}`);
      print(
        `Copied from ${nameOf(source)} to ${nameOf(target)}: ${counts.join(', ') || 'no rows'}.`,
      );
    }),
  );
}

/** `embedded`, `embedded:FOLDER`, `server` (DATABASE_URL) or `postgres://…`. */
function parsePlace(option: string, place: string): string {
  const embedded = /^embedded(?::(?<folder>.+))?$/.exec(place);
  if (embedded) return embeddedIn(embedded.groups?.folder);
  if (place === 'server') return requireServer(option);
  const checked = isServerUrl(place) ? checkDatabaseUrl(place) : null;
  if (checked && 'value' in checked) return checked.value;
  const problem = checked?.problem ?? 'expected embedded, embedded:FOLDER, server or postgres://…';
  // Without the text: it may hold a password.
  throw new UsageError(`${option}: ${problem}`);
}

function requireServer(option: string): string {
  const { databaseUrl } = readEnvironment();
  if (databaseUrl) return databaseUrl;
  throw new UsageError(`${option} server: set DATABASE_URL to the address of the server`);
}
