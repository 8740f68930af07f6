import { parquetWriteBuffer } from 'hyparquet-writer';
import { csvField } from '../../../published/csv.ts';
import type { DownloadColumn } from '../../../published/downloads.ts';

/** A cell as all formats take it: days are `YYYY-MM-DD`; null is empty. */
export type Cell = string | number | null;

/** A table with its head, in lines that end as RFC 4180 has it. */
export function toCsv(columns: readonly DownloadColumn[], rows: readonly (readonly Cell[])[]) {
  const head = columns.map(({ name }) => name).join(',');
  return `${[head, ...rows.map((row) => row.map(csvField).join(','))].join('\r\n')}\r\n`;
}

/** An object on each line; empty cells are left out. */
export function toNdjson(columns: readonly DownloadColumn[], rows: readonly (readonly Cell[])[]) {
  const lines = rows.map((row) => {
    const cells = columns.map(({ name }, place) => [name, row[place]] as const);
    return JSON.stringify(Object.fromEntries(cells.filter(([, cell]) => cell !== null)));
  });
  return lines.map((line) => `${line}\n`).join('');
}

const TYPES = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  number: { type: 'DOUBLE' },
  date: { type: 'INT32', converted_type: 'DATE' },
} as const;

/** Rows in a part of a file: a reader of one board skips the others. */
const ROWS = 20_000;

/** @param data the cells by column */
export function toParquet(
  columns: readonly DownloadColumn[],
  data: readonly (readonly Cell[])[],
): Uint8Array {
  const schema = columns.map(({ name, type }) => ({
    name,
    ...TYPES[type],
    repetition_type: 'OPTIONAL' as const,
  }));
  const file = parquetWriteBuffer({
    schema: [{ name: 'root', num_children: columns.length }, ...schema],
    columnData: columns.map(({ name, type }, place) => ({
      name,
      data: (data[place] ?? []).map((cell) => toParquetValue(cell, type)),
    })),
    rowGroupSize: ROWS,
    createdBy: 'contributor-leaderboard',
  });
  return new Uint8Array(file);
}

function toParquetValue(cell: Cell, type: DownloadColumn['type']) {
  if (cell === null) return undefined;
  if (type === 'integer') return BigInt(cell);
  return type === 'date' ? new Date(cell) : cell;
}
