import { sql } from 'kysely';
import type { Db } from '../client.ts';
import { readMigrationTables } from '../migrate.ts';
import { TABLE_NAMES } from '../queries/sample-rows.ts';
import type { Sequence } from './format.ts';
import type { Column } from './without-emails.ts';

/** Our tables as the database describes them. Another project's may stand beside them. */

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** Those of our tables that are there, in a fixed order, with their columns in that of the table. */
export async function readTables(db: Db): Promise<Table[]> {
  const { rows } = await sql<Table>`
    SELECT relname AS name, json_agg(json_build_object(
      'name', attname, 'type', format_type(atttypid, atttypmod)) ORDER BY attnum) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    WHERE nspname = current_schema() AND relkind IN ('r', 'p')
      AND relname::text = ANY(${TABLE_NAMES}::text[])
    GROUP BY relname`.execute(db);
  const place = (table: Table) => (TABLE_NAMES as readonly string[]).indexOf(table.name);
  return rows.toSorted((a, b) => place(a) - place(b));
}

export async function countRows(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM ${sql.table(table)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Where the ids of each table go on: of all that have a sequence. */
export async function readSequences(db: Db, tables: readonly Table[]): Promise<Sequence[]> {
  const { rows } = await sql<{ table: string; column: string; sequence: string }>`
    SELECT relname AS table, attname AS column,
      pg_get_serial_sequence(quote_ident(nspname) || '.' || quote_ident(relname), attname)
        AS sequence
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      JOIN pg_attribute a ON attrelid = c.oid AND attidentity <> ''
    WHERE nspname = current_schema() AND relname::text = ANY(${tables.map(({ name }) => name)}::text[])
    ORDER BY relname COLLATE "C", attname COLLATE "C"`.execute(db);
  const sequences: Sequence[] = [];
  for (const { table, column, sequence } of rows) {
    const state = await sql<{ last: string; is_called: boolean }>`
      SELECT last_value::text AS last, is_called FROM ${sql.raw(sequence)}`.execute(db);
    sequences.push({ table, column, last: '1', is_called: false, ...state.rows[0] });
  }
  return sequences;
}

export async function setSequence(db: Db, sequence: Sequence): Promise<void> {
  const { table, column, last, is_called } = sequence;
  await sql`
    SELECT setval(pg_get_serial_sequence(quote_ident(current_schema()) || '.' || quote_ident(${table}),
      ${column}), ${last}::bigint, ${is_called})`.execute(db);
}

/** Rows of them come from the configuration or from a migration: they say nothing of the past. */
const MADE_ANEW: readonly string[] = [
  'repository_counter',
  'budget_config',
  'scoring_weights',
  'contribution_changes',
  'calculations',
];

/** Whether any of our tables holds something that a restore would replace. */
export async function holdsData(db: Db): Promise<boolean> {
  for (const { name } of await readTables(db)) {
    if (MADE_ANEW.includes(name)) continue;
    const { rows } = await sql<{ holds: boolean }>`
      SELECT EXISTS (SELECT FROM ${sql.table(name)}) AS holds`.execute(db);
    if (rows[0]?.holds) return true;
  }
  return false;
}

/** The names of our tables that are there, with those that list the migrations, and their schema. */
export async function readTableRegister(
  db: Db,
): Promise<{ readonly schema: string; readonly tables: readonly string[] }> {
  const tables = (await readTables(db)).map(({ name }) => name as string);
  const { schema, names } = await readMigrationTables(db);
  return { schema: schema ?? '', tables: tables.length === 0 ? [] : [...tables, ...names] };
}

/** The embedded database never does it by itself, and without it plans for large tables are bad. */
export async function analyzeTables(db: Db): Promise<void> {
  for (const { name } of await readTables(db)) await sql`ANALYZE ${sql.table(name)}`.execute(db);
}
