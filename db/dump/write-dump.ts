import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../client.ts';
import { readLastMigration } from '../migrate.ts';
import { readByCursor } from '../transactions.ts';
import { createManifest, type Manifest } from './format.ts';
import { countRows, readSequences, readTables, type Table } from './tables.ts';
import { withoutEmails } from './without-emails.ts';

export interface DumpSettings {
  /** False leaves e-mail addresses out: for a dump that others may read. */
  readonly withEmails: boolean;
  readonly now: Date;
  /** Told of the rows so far, and of all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

const ROWS_PER_REPORT = 2_000;

/** Characters that are handed on at once. */
const CHUNK = 500_000;

/**
 * The portable dump of all our tables as text, from one consistent view of them. Rows come in the
 * order in which they are stored: a restored table has its rows in the same order.
 */
export async function* dumpDatabase(db: Db, settings: DumpSettings): AsyncGenerator<string> {
  const transaction = await db
    .startTransaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute();
  try {
    yield* inChunks(dumpLines(transaction, settings));
  } finally {
    await transaction.rollback().execute();
  }
}

async function* dumpLines(db: Db, settings: DumpSettings): AsyncGenerator<string> {
  const tables = await readTables(db);
  const manifest = await readManifest(db, tables, settings);
  const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  const hash = createHash('sha256');
  let done = 0;
  for await (const line of contentLines(db, manifest, tables, settings)) {
    const text = `${line}\n`;
    hash.update(text);
    if (line.startsWith('[')) done += 1;
    if (done % ROWS_PER_REPORT === 0) settings.onProgress?.(done, total);
    yield text;
  }
  settings.onProgress?.(done, total);
  yield `${JSON.stringify({ rows: done, sha256: hash.digest('hex') })}\n`;
}

async function readManifest(
  db: Db,
  tables: readonly Table[],
  { now, withEmails }: DumpSettings,
): Promise<Manifest> {
  const migration = await readLastMigration(db);
  if (migration === null) throw new Error('none of our tables is in this database');
  const counted: Manifest['tables'] = [];
  for (const { name, columns } of tables) {
    const names = columns.map((column) => column.name);
    counted.push({ name, columns: names, rows: await countRows(db, name) });
  }
  // After the first read of a table: a value is not below an id that this transaction sees.
  const sequences = await readSequences(db, tables);
  const created_at = now.toISOString();
  return createManifest({
    migration,
    created_at,
    has_emails: withEmails,
    tables: counted,
    sequences,
  });
}

async function* contentLines(
  db: Db,
  manifest: Manifest,
  tables: readonly Table[],
  { withEmails }: DumpSettings,
): AsyncGenerator<string> {
  yield JSON.stringify(manifest);
  for (const { name, columns } of tables) {
    yield JSON.stringify({ table: name });
    const texts = sql.join(columns.map((column) => sql`${sql.ref(column.name)}::text`));
    const rows = readByCursor<{ row: string }>(
      db,
      sql`SELECT to_json(ARRAY[${texts}])::text AS row FROM ${sql.table(name)}`,
    );
    for await (const { row } of rows) yield withEmails ? row : withoutEmails(row, columns);
  }
}

async function* inChunks(texts: AsyncGenerator<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
