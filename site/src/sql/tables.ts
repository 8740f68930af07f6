import { parquetReadObjects } from 'hyparquet';
import {
  BOARD_COLUMNS,
  DAY_COLUMNS,
  DOWNLOADS,
  type DownloadColumn,
} from '../../../pipeline/published/downloads.ts';

/** The tables that queries find: the published ones. */
export const TABLES = {
  boards: { columns: BOARD_COLUMNS, path: DOWNLOADS.boards },
  days: { columns: DAY_COLUMNS, path: DOWNLOADS.daysParquet },
} as const;

export type TableName = keyof typeof TABLES;

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

const TYPES: Readonly<Record<DownloadColumn['type'], string>> = {
  string: 'text',
  integer: 'bigint',
  number: 'numeric',
  date: 'date',
};

/** The tables that a query names, as far as it can be seen: each is fetched when it is first named. */
export const namedTables = (query: string): TableName[] =>
  TABLE_NAMES.filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(query));

export const createStatement = (name: TableName): string =>
  `CREATE TABLE ${name} (${TABLES[name].columns.map((one) => `${one.name} ${TYPES[one.type]}`).join(', ')})`;

/** The rows of a Parquet file as CSV, with the columns of the table in their order. */
export async function toCsv(name: TableName, file: ArrayBuffer): Promise<string> {
  const names = TABLES[name].columns.map((column) => column.name);
  const rows = await parquetReadObjects({ file, columns: names });
  return rows.map((row) => names.map((one) => field(row[one])).join(',')).join('\n');
}

/** An empty field is NULL, a quoted one a text. */
function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value);
}
