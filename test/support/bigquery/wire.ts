import type types from '@google-cloud/bigquery/build/src/types.js';
import {
  array,
  elementOf,
  fieldsOf,
  type SqlColumn,
  type SqlType,
  type SqlValue,
  scalar,
  struct,
} from './sql-types.ts';

/** Schemas, rows and parameters in the form of BigQuery's REST API, in the client's own types. */

type Field = types.default.ITableFieldSchema;

/** Names of types that REST still has in their old form. */
const LEGACY_NAMES: Readonly<Record<string, string>> = {
  TYPE_INT64: 'INTEGER',
  TYPE_DOUBLE: 'FLOAT',
  TYPE_BOOL: 'BOOLEAN',
  TYPE_STRUCT: 'RECORD',
};

export function toField({ name, type }: SqlColumn): Field {
  if (type.typeKind === 'TYPE_ARRAY') {
    return { ...toField({ name, type: elementOf(type) }), mode: 'REPEATED' };
  }
  const fields = fieldsOf(type).map((f) => toField({ name: f.fieldName, type: f.fieldType }));
  return {
    name,
    type: LEGACY_NAMES[type.typeKind] ?? type.typeKind.slice('TYPE_'.length),
    mode: 'NULLABLE',
    ...(type.structType ? { fields } : {}),
  };
}

/** One row, `{f: [{v}, …]}`. Timestamps are integer microseconds, as the client requests. */
export function toTableRow(columns: readonly SqlColumn[], row: readonly SqlValue[]) {
  return { f: columns.map(({ type }, index) => ({ v: toCell(type, row[index]) })) };
}

function toCell(type: SqlType, value: SqlValue | undefined): unknown {
  if (type.typeKind === 'TYPE_ARRAY') {
    const items = value?.arrayValue?.element ?? [];
    return items.map((item) => ({ v: toCell(elementOf(type), item) }));
  }
  if (!value || value.value === undefined) return null;
  if (type.typeKind === 'TYPE_STRUCT') {
    const members = value.structValue?.field ?? [];
    return { f: fieldsOf(type).map((f, i) => ({ v: toCell(f.fieldType, members[i]) })) };
  }
  return value.timestampValue ? micros(value.timestampValue) : String(value[value.value]);
}

function micros({ seconds = '0', nanos = 0 }: { seconds?: string; nanos?: number }): string {
  return String(BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanos / 1000)));
}

const PARAMETER_NAMES: Readonly<Record<string, string>> = { FLOAT64: 'DOUBLE', INTEGER: 'INT64' };

export function parameterType(type: types.default.IQueryParameterType | undefined): SqlType {
  if (type?.type === 'ARRAY') return array(parameterType(type.arrayType));
  if (type?.type === 'STRUCT') {
    const members = (type.structTypes ?? []).map((m) => [m.name ?? '', parameterType(m.type)]);
    return struct(Object.fromEntries(members) as Record<string, SqlType>);
  }
  const name = type?.type ?? 'STRING';
  return scalar(PARAMETER_NAMES[name] ?? name);
}

export function parameterValue(
  type: SqlType,
  value: types.default.IQueryParameterValue | undefined,
): unknown {
  if (type.typeKind !== 'TYPE_ARRAY') return value?.value ?? null;
  return (value?.arrayValues ?? []).map((item) => parameterValue(elementOf(type), item));
}
