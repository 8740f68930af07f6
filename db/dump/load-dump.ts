import { sql } from 'kysely';
import { UsageError } from '../../pipeline/util/usage-error.ts';
import type { Db, Trx } from '../client.ts';
import { dropMigrationTables, migrate, migrateTo } from '../migrate.ts';
import { DamagedDumpError, type Manifest } from './format.ts';
import type { OpenDump, RowBatch } from './read-dump.ts';
import { analyzeTables, holdsData, readTables, setSequence, type Table } from './tables.ts';
import { withoutIndexes } from './without-indexes.ts';

export interface LoadSettings {
  /** Replaces what the tables hold; else they must hold nothing. */
  readonly fresh: boolean;
  /** Told of the rows so far, and of all of them. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The database holds data, and `--fresh` was not given. */
export class NotEmptyError extends UsageError {
  override readonly name = 'NotEmptyError';
  constructor() {
    super(
      'the database holds data already: nothing was restored; ' +
        'name an empty one, or replace what it holds by `--fresh`',
    );
  }
}

/**
 * Makes the tables those of a dump, and brings them up to date: in one transaction, so that a
 * failure leaves all as it was. Returns the manifest of the dump.
 * @throws DamagedDumpError, NotEmptyError
 */
export async function loadDump(
  db: Db,
  { manifest, batches }: OpenDump,
  { fresh, onProgress }: LoadSettings,
): Promise<Manifest> {
  await db.transaction().execute(async (trx) => {
    if (!fresh) await refuseData(trx);
    await dropTables(trx);
    await migrateTo(trx, manifest.migration);
    const tables = await requireTables(trx, manifest);
    const total = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
    const report = (done: number) => onProgress?.(done, total);
    await withoutIndexes(trx, () => fillTables(trx, tables, batches, report));
    for (const sequence of manifest.sequences) await setSequence(trx, sequence);
    await migrate(trx);
    await analyzeTables(trx);
  });
  return manifest;
}

/** @throws NotEmptyError */
export async function refuseData(db: Db): Promise<void> {
  if (await holdsData(db)) throw new NotEmptyError();
}

async function dropTables(trx: Trx): Promise<void> {
  const names = (await readTables(trx)).map(({ name }) => sql.table(name));
  if (names.length > 0) await sql`DROP TABLE ${sql.join(names)}`.execute(trx);
  await dropMigrationTables(trx);
}

/** The tables of a dump by name, in which what the migrations wrote is deleted. */
async function requireTables(trx: Trx, { tables }: Manifest): Promise<Map<string, Table>> {
  const there = new Map((await readTables(trx)).map((table) => [table.name, table]));
  if (there.size !== tables.length) throw new DamagedDumpError('it has not all tables');
  for (const { name, columns } of tables) {
    const own = there.get(name)?.columns.map((column) => column.name) ?? [];
    if (new Set([...own, ...columns]).size !== own.length || own.length !== columns.length) {
      throw new DamagedDumpError(`${name} has other columns than this version's`);
    }
    await sql`DELETE FROM ${sql.table(name)}`.execute(trx);
  }
  const inOrder = tables.map(({ name, columns }) => {
    const types = new Map(there.get(name)?.columns.map((column) => [column.name, column.type]));
    const own = columns.map((column) => ({ name: column, type: types.get(column) ?? 'text' }));
    return [name, { name, columns: own }] as const;
  });
  return new Map(inOrder);
}

async function fillTables(
  trx: Trx,
  tables: ReadonlyMap<string, Table>,
  batches: AsyncIterable<RowBatch>,
  onProgress: (done: number) => void,
): Promise<void> {
  let done = 0;
  for await (const { table, rows } of batches) {
    const { columns = [] } = tables.get(table) ?? {};
    await insertRows(trx, { name: table, columns }, rows);
    done += rows.length;
    onProgress(done);
  }
}

/** Every value goes as a text, which PostgreSQL reads as it once wrote it. */
async function insertRows(trx: Trx, table: Table, rows: RowBatch['rows']): Promise<void> {
  const places = [...table.columns.keys()];
  const texts = places.map((place) => sql`${rows.map((row) => row[place] ?? null)}::text[]`);
  const names = sql.join(table.columns.map(({ name }) => sql.ref(name)));
  const values = sql.join(
    table.columns.map(({ type }, place) => sql`${sql.ref(`c${place}`)}::${sql.raw(type)}`),
  );
  const given = sql.join(places.map((place) => sql.ref(`c${place}`)));
  await sql`
    INSERT INTO ${sql.table(table.name)} (${names}) OVERRIDING SYSTEM VALUE
    SELECT ${values} FROM unnest(${sql.join(texts)}) AS given (${given})`.execute(trx);
}
