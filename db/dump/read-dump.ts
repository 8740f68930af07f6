import { createHash } from 'node:crypto';
import { MIGRATIONS } from '../migrate.ts';
import {
  DamagedDumpError,
  endSchema,
  type Manifest,
  NewerDumpError,
  parseLine,
  parseManifest,
  tableSchema,
} from './format.ts';

/** Some rows of one table, each the texts of its columns. */
export interface RowBatch {
  readonly table: string;
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface OpenDump {
  readonly manifest: Manifest;
  /** Throws `DamagedDumpError` at the first fault; rows before it may have been given out. */
  readonly batches: AsyncGenerator<RowBatch>;
}

/** Rows of one INSERT, or fewer if they are long. */
const MOST_ROWS = 2_000;
const MOST_CHARACTERS = 4_000_000;
/** A longer line is no row of ours: PostgreSQL's longest text has 2^30 bytes, ours some thousand. */
const LONGEST_LINE = 64_000_000;

/** Reads a dump from its text. @throws DamagedDumpError, NewerDumpError */
export async function openDump(text: AsyncIterable<string>): Promise<OpenDump> {
  const lines = linesOf(text);
  const first = await lines.next();
  if (first.done) throw new DamagedDumpError('it is empty');
  const manifest = parseManifest(first.value);
  const { migration } = manifest;
  if (!Object.hasOwn(MIGRATIONS, migration)) throw new NewerDumpError(`migration ${migration}`);
  return { manifest, batches: readBatches(lines, manifest, first.value) };
}

async function* readBatches(
  lines: AsyncGenerator<string>,
  manifest: Manifest,
  first: string,
): AsyncGenerator<RowBatch> {
  const hash = createHash('sha256').update(`${first}\n`);
  const progress = followTables(manifest);
  let rows: (string | null)[][] = [];
  let characters = 0;
  for await (const line of lines) {
    const isRow = line.startsWith('[');
    if (rows.length > 0 && (!isRow || rows.length === MOST_ROWS || characters > MOST_CHARACTERS)) {
      yield { table: progress.table(), rows };
      [rows, characters] = [[], 0];
    }
    if (isRow) {
      rows.push(progress.takeRow(parseLine(line)));
      characters += line.length;
    } else if (line.startsWith('{"table"')) {
      progress.takeTable(parseLine(line));
    } else {
      progress.takeEnd(parseLine(line), hash.digest('hex'));
      if (!(await lines.next()).done) throw new DamagedDumpError('it goes on after its end');
      return;
    }
    hash.update(`${line}\n`);
  }
  throw new DamagedDumpError('it is cut short');
}

/** Checks that the tables come in the order of the manifest, each with its number of rows. */
function followTables({ tables }: Manifest) {
  let place = -1;
  let count = 0;
  let all = 0;
  const endTable = () => {
    const table = tables[place];
    if (table && table.rows !== count) {
      throw new DamagedDumpError(`${table.name} has ${count} rows instead of ${table.rows}`);
    }
    count = 0;
  };
  return {
    table: () => tables[place]?.name ?? '',
    takeTable(line: unknown) {
      endTable();
      place += 1;
      const name = tableSchema.safeParse(line).data?.table;
      if (name !== tables[place]?.name) throw new DamagedDumpError('its tables are out of order');
    },
    takeRow(row: unknown): (string | null)[] {
      count += 1;
      all += 1;
      if (isRow(row, tables[place]?.columns.length)) return row;
      throw new DamagedDumpError(`a row of ${tables[place]?.name} has other columns`);
    },
    takeEnd(line: unknown, sha256: string) {
      endTable();
      const end = endSchema.safeParse(line).data;
      if (!end) throw new DamagedDumpError('its last line is not that of a dump');
      if (place !== tables.length - 1 || end.rows !== all) {
        throw new DamagedDumpError('rows are missing');
      }
      if (end.sha256 !== sha256) throw new DamagedDumpError('its SHA-256 is another one');
    },
  };
}

function isRow(row: unknown, length: number | undefined): row is (string | null)[] {
  return (
    Array.isArray(row) &&
    row.length === length &&
    row.every((value) => value === null || typeof value === 'string')
  );
}

/** The lines of a text; a last line without its end is given out, too. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of text) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new DamagedDumpError('a line is too long');
    yield* lines;
  }
  if (rest !== '') yield rest;
}
