import { readTree, type SqlAnalysis } from './sql-analysis.ts';
import { type SqlService, startSqlService } from './sql-service.ts';
import { type SqlColumn, type SqlType, type SqlValue, toSqlValue } from './sql-types.ts';

/** Google's SQL engine over tables in memory: analyses a statement and evaluates it. */

export interface SqlTable {
  readonly columns: Readonly<Record<string, SqlType>>;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface SqlParameter {
  readonly name: string;
  readonly type: SqlType;
  readonly value: unknown;
}

export interface SqlResult {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Rows of one request: the engine takes at most 4 MB at a time. */
const CHUNK_BYTES = 3_000_000;

export class SqlEngine {
  readonly #service: SqlService;
  readonly #language: unknown;

  private constructor(service: SqlService, language: unknown) {
    this.#service = service;
    this.#language = language;
  }

  static async start(): Promise<SqlEngine> {
    const service = await startSqlService();
    const options = await service.call('getLanguageOptions', { maximumFeatures: true });
    const names = {
      productMode: 'PRODUCT_EXTERNAL',
      nameResolutionMode: 'NAME_RESOLUTION_DEFAULT',
    };
    return new SqlEngine(service, { ...options, ...names });
  }

  stop(): void {
    this.#service.stop();
  }

  async tableNames(sql: string): Promise<string[]> {
    const request = { sqlStatement: sql, options: this.#language };
    const answer = await this.#service.call('extractTableNamesFromStatement', request);
    const names = (answer.tableName ?? []) as { tableNameSegment: string[] }[];
    return names.map((name) => name.tableNameSegment.join('.'));
  }

  async analyze(
    sql: string,
    tables: ReadonlyMap<string, SqlTable>,
    parameters: readonly SqlParameter[],
  ): Promise<SqlAnalysis> {
    const tree = await this.#service.call('analyze', {
      sqlStatement: sql,
      options: this.#options(parameters),
      simpleCatalog: this.#catalog(tables),
    });
    return readTree(tree);
  }

  /** Evaluates a statement; one that is row-wise is evaluated in parts of bounded size. */
  async evaluate(
    sql: string,
    tables: ReadonlyMap<string, SqlTable>,
    parameters: readonly SqlParameter[],
    isRowWise: boolean,
  ): Promise<SqlResult> {
    const [only] = tables;
    if (!isRowWise || tables.size !== 1 || !only) return this.#evaluate(sql, tables, parameters);
    const [name, table] = only;
    const rows: (readonly SqlValue[])[] = [];
    let columns: readonly SqlColumn[] = [];
    for (const part of chunks(table)) {
      const tablePart = new Map([[name, { columns: table.columns, rows: part }]]);
      const result = await this.#evaluate(sql, tablePart, parameters);
      rows.push(...result.rows);
      columns = result.columns;
    }
    return { columns, rows };
  }

  async #evaluate(
    sql: string,
    tables: ReadonlyMap<string, SqlTable>,
    parameters: readonly SqlParameter[],
  ): Promise<SqlResult> {
    const answer = (await this.#service.call('evaluateQuery', {
      sql,
      options: this.#options(parameters),
      simpleCatalog: this.#catalog(tables),
      tableContent: Object.fromEntries([...tables].map(([name, table]) => [name, content(table)])),
      params: parameters.map((p) => ({ name: p.name, value: toSqlValue(p.type, p.value) })),
    })) as unknown as {
      prepared: { columns?: SqlColumn[] };
      content?: { tableData?: { row?: { cell?: SqlValue[] }[] } };
    };
    const rows = (answer.content?.tableData?.row ?? []).map((row) => row.cell ?? []);
    return { columns: answer.prepared.columns ?? [], rows };
  }

  #options(parameters: readonly SqlParameter[]): unknown {
    return {
      languageOptions: this.#language,
      parameterMode: 'PARAMETER_NAMED',
      queryParameters: parameters.map(({ name, type }) => ({ name, type })),
      defaultTimezone: 'UTC',
      errorMessageMode: 'ERROR_MESSAGE_ONE_LINE',
      pruneUnusedColumns: true,
    };
  }

  /** A name in backquotes is one identifier to the engine: tables have their full name as key. */
  #catalog(tables: ReadonlyMap<string, SqlTable>): unknown {
    return {
      name: 'root',
      builtinFunctionOptions: { languageOptions: this.#language },
      table: [...tables].map(([name, table], index) => ({
        name,
        fullName: name,
        serializationId: String(index + 1),
        column: Object.entries(table.columns).map(([column, type]) => ({
          name: column,
          type,
          isPseudoColumn: column.startsWith('_'),
        })),
      })),
    };
  }
}

function content(table: SqlTable): unknown {
  const columns = Object.entries(table.columns);
  const row = table.rows.map((values) => ({
    cell: columns.map(([name, type]) => toSqlValue(type, values[name])),
  }));
  return { tableData: { row } };
}

function* chunks({ columns, rows }: SqlTable): Generator<SqlTable['rows']> {
  let start = 0;
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    const size = sum(Object.keys(columns).map((name) => JSON.stringify(row[name] ?? null).length));
    if (bytes + size > CHUNK_BYTES && index > start) {
      yield rows.slice(start, index);
      start = index;
      bytes = 0;
    }
    bytes += size;
  }
  yield rows.slice(start);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
