import type types from '@google-cloud/bigquery/build/src/types.js';
import { apiErrors } from './api-error.ts';
import { billedBytes, bytesOf } from './prices.ts';
import type { SqlAnalysis } from './sql-analysis.ts';
import type { SqlEngine, SqlParameter, SqlTable } from './sql-engine.ts';
import { GoogleSqlError } from './sql-service.ts';
import { scalar } from './sql-types.ts';
import { parameterType, parameterValue } from './wire.ts';

/** The tables that a statement reads, and its price: the answer of a dry run. */
export interface QueryPlan {
  readonly analysis: SqlAnalysis;
  readonly parameters: readonly SqlParameter[];
  readonly tables: ReadonlyMap<string, SqlTable>;
  readonly referenced: readonly types.default.ITableReference[];
  readonly bytesProcessed: number;
  readonly bytesBilled: number;
}

export interface Warehouse {
  /** By `project.dataset.table`. */
  readonly tables: ReadonlyMap<string, SqlTable>;
  /** Factor on the bytes of a table, so that a small table can be expensive. */
  readonly bytesScale: number;
}

/** Plans a query. Throws an `ApiError` for a missing table and for a wrong statement. */
export async function planQuery(
  engine: SqlEngine,
  warehouse: Warehouse,
  query: types.default.IJobConfigurationQuery,
): Promise<QueryPlan> {
  const sql = query.query ?? '';
  const parameters = (query.queryParameters ?? []).map(toParameter);
  return await asApiErrors(async () => {
    const names = await engine.tableNames(sql);
    const all = new Map(names.map((name) => [name, matching(warehouse, name)]));
    const probes = new Map([...all].map(([name, parts]) => [name, union(name, parts)]));
    const analysis = await engine.analyze(sql, probes, parameters);
    return price(warehouse, analysis, parameters, pruned(all, analysis.suffixes));
  });
}

/** Errors of the engine become BigQuery's `invalidQuery`. */
export async function asApiErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof GoogleSqlError ? apiErrors.invalidQuery(error.message) : error;
  }
}

/** Tables of one name in a statement, by the part that the wildcard matches. */
type Parts = ReadonlyMap<string, { readonly name: string; readonly table: SqlTable }>;

function matching({ tables }: Warehouse, name: string): Parts {
  const prefix = name.endsWith('*') ? name.slice(0, -1) : name;
  const hits = [...tables].filter(([key]) =>
    name.endsWith('*') ? key.startsWith(prefix) : key === name,
  );
  if (hits.length === 0) throw apiErrors.notFound(`${name} does not match any table.`);
  return new Map(hits.map(([key, table]) => [key.slice(prefix.length), { name: key, table }]));
}

/** Only literal bounds of `_TABLE_SUFFIX` keep tables from being read, as in BigQuery. */
function pruned(
  tables: ReadonlyMap<string, Parts>,
  suffixes: readonly [string, string] | null,
): ReadonlyMap<string, Parts> {
  if (!suffixes) return tables;
  const isRead = (suffix: string) => suffix >= suffixes[0] && suffix <= suffixes[1];
  return new Map(
    [...tables].map(([name, parts]) => [
      name,
      name.endsWith('*') ? new Map([...parts].filter(([suffix]) => isRead(suffix))) : parts,
    ]),
  );
}

function union(name: string, parts: Parts): SqlTable {
  const columns = Object.assign({}, ...[...parts.values()].map((part) => part.table.columns));
  if (!name.endsWith('*'))
    return { columns, rows: [...parts.values()].flatMap((p) => p.table.rows) };
  const rows = [...parts].flatMap(([suffix, { table }]) =>
    table.rows.map((row) => ({ ...row, _TABLE_SUFFIX: suffix })),
  );
  return { columns: { ...columns, _TABLE_SUFFIX: scalar('STRING') }, rows };
}

function price(
  warehouse: Warehouse,
  analysis: SqlAnalysis,
  parameters: readonly SqlParameter[],
  read: ReadonlyMap<string, Parts>,
): QueryPlan {
  const bytes = analysis.scans.flatMap((scan) =>
    [...(read.get(scan.table) ?? new Map()).values()].map(
      (part) => bytesOf(part.table, scan.columns) * warehouse.bytesScale,
    ),
  );
  // The columns that are read, of all tables: a pruned union may have no table left.
  const columns = (name: string) => {
    const read = new Set(analysis.scans.flatMap((s) => (s.table === name ? s.columns : [])));
    const all = Object.entries(union(name, matching(warehouse, name)).columns);
    return Object.fromEntries(all.filter(([column]) => read.has(column)));
  };
  return {
    analysis,
    parameters,
    tables: new Map(
      [...read].map(([name, parts]) => [
        name,
        { columns: columns(name), rows: union(name, parts).rows },
      ]),
    ),
    referenced: [...read.values()].flatMap((parts) => [...parts.values()].map(toReference)),
    bytesProcessed: bytes.reduce((total, number) => total + number, 0),
    bytesBilled: billedBytes(bytes),
  };
}

function toReference({ name }: { name: string }): types.default.ITableReference {
  const [projectId = '', datasetId = '', tableId = ''] = name.split('.');
  return { projectId, datasetId, tableId };
}

function toParameter(parameter: types.default.IQueryParameter): SqlParameter {
  const type = parameterType(parameter.parameterType);
  const value = parameterValue(type, parameter.parameterValue);
  return { name: (parameter.name ?? '').toLowerCase(), type, value };
}
