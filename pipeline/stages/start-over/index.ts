import { join } from 'node:path';
import { writeDumpFile } from '../../../db/dump/dump-file.ts';
import { holdsData } from '../../../db/dump/tables.ts';
import { dumpDatabase } from '../../../db/dump/write-dump.ts';
import { emptyOurTables } from '../../../db/queries/maintenance.ts';
import { readDatabaseName } from '../../../db/queries/server.ts';
import { ask } from '../../runtime/ask.ts';
import { type Context, DATA_FOLDER } from '../../runtime/context.ts';
import { UsageError } from '../../util/usage-error.ts';

type StartOverContext = Pick<Context, 'db' | 'log' | 'isEmbedded' | 'options'>;

/**
 * `--fresh`: lets a person agree, by the name of the database on a server, before anything is lost.
 * @throws UsageError if nobody has agreed
 */
export async function agreeToStartOver(context: StartOverContext, question = ask): Promise<void> {
  const { db, isEmbedded, options } = context;
  const { fresh = false, yes = null } = options;
  if (!fresh || !(await holdsData(db))) return;
  const name = isEmbedded ? 'yes' : await readDatabaseName(db);
  if (yes === name || (isEmbedded && yes !== null)) return;
  const what = isEmbedded ? 'the embedded database' : `the database ${name} on the server`;
  const answer = yes ?? (await question(`--fresh empties ${what}. Type ${name} to go on: `));
  if (answer === name) return;
  const how = isEmbedded ? '--yes' : `--yes ${name}`;
  throw new UsageError(
    `--fresh empties ${what}, and nothing was changed: add \`${how}\` if you mean it`,
  );
}

/** Empties the tables. What the embedded database held is put aside as a dump. */
export async function startOver(context: StartOverContext, folder = DATA_FOLDER): Promise<void> {
  const { db, log, isEmbedded, options } = context;
  if (!options.fresh || !(await holdsData(db))) return;
  if (isEmbedded) {
    const now = new Date();
    const file = join(folder, `before-fresh-${now.toISOString().replaceAll(':', '-')}.dump`);
    await writeDumpFile(file, dumpDatabase(db, { withEmails: true, now }));
    log.info({ file }, 'what the database held is put aside: `npm run restore` takes it back');
  }
  await emptyOurTables(db);
  log.warn({}, 'the database was emptied: this run starts over');
}
