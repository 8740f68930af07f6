import type { PGlite } from '@electric-sql/pglite';
import {
  MOST_ROWS,
  type SqlAnswer,
  type SqlFiles,
  type SqlRequest,
  type SqlResult,
} from './messages.ts';
import { createStatement, namedTables, type TableName, toCsv } from './tables.ts';

/** Runs queries in a thread of its own: the page can end it, and never waits for it. */

const say = (answer: SqlAnswer) => postMessage(answer);
const doing = (step: string, isRunning = false) => say({ step, isRunning });

let opened: Promise<PGlite> | undefined;
const filled = new Set<TableName>();

addEventListener('message', ({ data }: MessageEvent<SqlRequest>) => {
  answer(data).catch((error) => say(describeError(error)));
});

/** The first word of a query that reads, after comments. */
const READS = /^(?:\s|\(|--.*\n|\/\*[\s\S]*?\*\/)*(?:select|with|values|table)\b/i;

async function answer({ files, query }: SqlRequest): Promise<void> {
  if (!READS.test(query)) throw new Error('Only what reads can run: SELECT, WITH, VALUES or TABLE');
  opened ??= open(files);
  const postgres = await opened;
  for (const name of namedTables(query)) {
    if (filled.has(name)) continue;
    doing(`Fetching the table ${name} …`);
    await fill(postgres, name, files.tables[name]);
    filled.add(name);
  }
  doing('Running …', true);
  say({ result: await run(postgres, query) });
}

async function open({ postgres }: SqlFiles): Promise<PGlite> {
  doing('Fetching PostgreSQL, 5 MB, once …');
  const [{ PGlite }, pgliteWasmModule, initdbWasmModule, bundle] = await Promise.all([
    import(/* @vite-ignore */ `${postgres}index.js`),
    compile(`${postgres}pglite.wasm.packed`),
    compile(`${postgres}initdb.wasm.packed`),
    unpack(`${postgres}pglite.data.packed`),
  ]);
  doing('Starting PostgreSQL …');
  const fsBundle = await bundle.blob();
  return PGlite.create({ pgliteWasmModule, initdbWasmModule, fsBundle });
}

const compile = async (url: string): Promise<WebAssembly.Module> =>
  WebAssembly.compile(await (await unpack(url)).arrayBuffer());

async function unpack(url: string): Promise<Response> {
  const { body } = await get(url);
  return new Response(body?.pipeThrough(new DecompressionStream('gzip')));
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

async function fill(postgres: PGlite, name: TableName, url: string): Promise<void> {
  const csv = await toCsv(name, await (await get(url)).arrayBuffer());
  await postgres.exec(createStatement(name));
  const blob = new Blob([csv]);
  await postgres.query(`COPY ${name} FROM '/dev/blob' WITH (FORMAT csv)`, [], { blob });
  await postgres.exec(`ANALYZE ${name}`);
}

/** What stands before the query; places in error messages count from its beginning. */
const CURSOR = 'DECLARE asked NO SCROLL CURSOR FOR ';

/** The first rows of one query that reads: a cursor takes no other. */
async function run(postgres: PGlite, query: string): Promise<SqlResult> {
  const started = performance.now();
  await postgres.exec('BEGIN READ ONLY');
  try {
    await postgres.query(CURSOR + query.trim().replace(/(?:;\s*)+$/, ''));
    const { fields, rows } = await postgres.query<unknown[]>(
      `FETCH ${MOST_ROWS + 1} FROM asked`,
      [],
      { rowMode: 'array', parsers: asText(postgres) },
    );
    return {
      columns: fields.map(({ name, dataTypeID }) => ({ name, isNumber: NUMBERS.has(dataTypeID) })),
      rows: rows.slice(0, MOST_ROWS).map((row) => row.map((cell) => cell as string | null)),
      hasMore: rows.length > MOST_ROWS,
      milliseconds: Math.round(performance.now() - started),
    };
  } finally {
    await postgres.exec('ROLLBACK');
  }
}

/** PostgreSQL's numbers of its types: int8, int2, int4, oid, float4, float8, numeric. */
const NUMBERS = new Set([20, 21, 23, 26, 700, 701, 1700]);

/** Whatever the type, the text that PostgreSQL has for it. */
const asText = ({ parsers }: PGlite) =>
  Object.fromEntries(Object.keys(parsers).map((type) => [type, (text: string) => text]));

const MANY = 'One query at a time, without a semicolon within it';

function describeError(error: unknown): SqlAnswer {
  const { message = String(error), position } = error as { message?: string; position?: string };
  const at = position === undefined ? null : Math.max(0, Number(position) - 1 - CURSOR.length);
  if (message.startsWith('cannot insert multiple commands')) return { error: MANY, at };
  return { error: message, at };
}
