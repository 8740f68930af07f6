import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvField } from '../../../../../pipeline/published/csv.ts';
import type { DownloadColumn } from '../../../../../pipeline/published/downloads.ts';
import {
  toCsv,
  toNdjson,
  toParquet,
} from '../../../../../pipeline/stages/report/downloads/formats.ts';

const COLUMNS: readonly DownloadColumn[] = [
  { name: 'name', type: 'string', description: '' },
  { name: 'count', type: 'integer', description: '' },
  { name: 'score', type: 'number', description: '' },
  { name: 'day', type: 'date', description: '' },
];
const ROWS = [
  ['=HYPERLINK("http://evil.example")', 3, 0.125, '2026-01-31'],
  ['a "quoted", name\r\nin two lines', 0, 1e9, '1969-12-31'],
  ['مرحبا 你好 🎉', null, null, null],
  [null, 9_007_199_254_740_991, -1.5, '2026-02-28'],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'formats-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The rows as another reader sees them. */
async function read(name: string, content: string | Uint8Array, from: string) {
  const file = join(folder, name);
  writeFileSync(file, content);
  const connection = await (await DuckDBInstance.create()).connect();
  const query = `SELECT name, count::BIGINT, score::DOUBLE, day::DATE::VARCHAR FROM ${from.replace('FILE', `'${file}'`)}`;
  const reader = await connection.runAndReadAll(query);
  return reader
    .getRows()
    .map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
}

describe('a table', () => {
  it('is read back from Parquet as it was', async () => {
    const data = COLUMNS.map((_, place) => ROWS.map((row) => row[place] ?? null));
    expect(await read('x.parquet', toParquet(COLUMNS, data), 'FILE')).toEqual(ROWS);
  });

  it('without rows is Parquet, too', async () => {
    expect(
      await read(
        'none.parquet',
        toParquet(
          COLUMNS,
          COLUMNS.map(() => []),
        ),
        'FILE',
      ),
    ).toEqual([]);
  });

  it('is read back from NDJSON as it was', async () => {
    expect(await read('x.ndjson', toNdjson(COLUMNS, ROWS), 'read_json(FILE)')).toEqual(ROWS);
  });

  it('is read back from CSV, with formulas that do not run', async () => {
    const [formula, ...others] = ROWS;
    const guarded = [`'${formula?.[0]}`, ...(formula?.slice(1) ?? [])];
    const from = "read_csv(FILE, header = true, quote = '\"', escape = '\"', new_line = '\\r\\n')";
    expect(await read('x.csv', toCsv(COLUMNS, ROWS), from)).toEqual([guarded, ...others]);
  });

  it('has no text in CSV that a spreadsheet would run', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('=', '+', '-', '@', '\t', '\r', ''),
        fc.string(),
        (first, rest) => {
          const field = csvField(first + rest);
          expect(field.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
        },
      ),
    );
    expect(csvField(-5)).toBe('-5');
  });
});
