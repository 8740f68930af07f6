import type { SqlTable } from './sql-engine.ts';
import { elementOf, fieldsOf, type SqlType } from './sql-types.ts';

/**
 * The bytes that a query processes and is billed for. Sizes of types:
 * https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes
 */

const MIB = 2 ** 20;
/** Minimum bytes billed for each table that a query references. */
const LEAST_PER_TABLE = 10 * MIB;

/** Bytes of the columns of a table. */
export function bytesOf(table: SqlTable, columns: readonly string[]): number {
  let bytes = 0;
  for (const column of columns) {
    const type = table.columns[column];
    if (!type || column.startsWith('_')) continue;
    for (const row of table.rows) bytes += sizeOf(type, row[column]);
  }
  return bytes;
}

function sizeOf(type: SqlType, value: unknown): number {
  if (value === null || value === undefined) return 0;
  switch (type.typeKind) {
    case 'TYPE_STRING':
      return 2 + Buffer.byteLength(String(value));
    case 'TYPE_BOOL':
      return 1;
    case 'TYPE_ARRAY':
      return sum((value as unknown[]).map((item) => sizeOf(elementOf(type), item)));
    case 'TYPE_STRUCT':
      return sum(
        fieldsOf(type).map((field) =>
          sizeOf(field.fieldType, (value as Record<string, unknown>)[field.fieldName]),
        ),
      );
    default:
      return 8;
  }
}

/** Each table is rounded up to a full MiB, at least 10. */
export function billedBytes(bytesByTable: readonly number[]): number {
  return sum(bytesByTable.map((bytes) => Math.max(LEAST_PER_TABLE, Math.ceil(bytes / MIB) * MIB)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
