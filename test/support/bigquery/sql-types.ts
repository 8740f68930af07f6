/** Types and values in the gRPC form of Google's SQL engine. */

export interface SqlType {
  readonly typeKind: string;
  readonly arrayType?: { readonly elementType: SqlType };
  readonly structType?: {
    readonly field: readonly { readonly fieldName: string; readonly fieldType: SqlType }[];
  };
}

export const scalar = (kind: string): SqlType => ({ typeKind: `TYPE_${kind}` });

export const array = (elementType: SqlType): SqlType => ({
  typeKind: 'TYPE_ARRAY',
  arrayType: { elementType },
});

export const struct = (fields: Readonly<Record<string, SqlType>>): SqlType => ({
  typeKind: 'TYPE_STRUCT',
  structType: {
    field: Object.entries(fields).map(([fieldName, fieldType]) => ({ fieldName, fieldType })),
  },
});

/** A value of the engine: `value` names the member that holds it; absent is NULL. */
export interface SqlValue {
  readonly value?: string;
  readonly arrayValue?: { readonly element?: readonly SqlValue[] };
  readonly structValue?: { readonly field?: readonly SqlValue[] };
  readonly timestampValue?: { readonly seconds?: string; readonly nanos?: number };
  readonly [member: string]: unknown;
}

export interface SqlColumn {
  readonly name: string;
  readonly type: SqlType;
}

/** A JavaScript value as the engine's value of that type. */
export function toSqlValue(type: SqlType, value: unknown): SqlValue {
  if (value === null || value === undefined) return {};
  const encode = ENCODERS[type.typeKind];
  if (!encode) throw new TypeError(`a ${type.typeKind} cannot be encoded`);
  return encode(value, type);
}

const ENCODERS: Readonly<Record<string, (value: unknown, type: SqlType) => SqlValue>> = {
  TYPE_INT64: (value) => ({ int64Value: String(value) }),
  TYPE_DOUBLE: (value) => ({ doubleValue: Number(value) }),
  TYPE_BOOL: (value) => ({ boolValue: value === true || value === 'true' }),
  TYPE_STRING: (value) => ({ stringValue: String(value) }),
  TYPE_TIMESTAMP: (value) => ({ timestampValue: toTimestamp(String(value)) }),
  TYPE_ARRAY: (value, type) => ({
    arrayValue: { element: (value as unknown[]).map((item) => toSqlValue(elementOf(type), item)) },
  }),
  TYPE_STRUCT: (value, type) => ({
    structValue: {
      field: fieldsOf(type).map((field) =>
        toSqlValue(field.fieldType, (value as Record<string, unknown>)[field.fieldName]),
      ),
    },
  }),
};

export function elementOf(type: SqlType): SqlType {
  if (!type.arrayType) throw new TypeError(`${type.typeKind} is no array`);
  return type.arrayType.elementType;
}

export function fieldsOf(type: SqlType) {
  return type.structType?.field ?? [];
}

function toTimestamp(text: string): { seconds: string; nanos: number } {
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) throw new TypeError(`${text} is no timestamp`);
  const seconds = Math.floor(millis / 1000);
  return { seconds: String(seconds), nanos: (millis - seconds * 1000) * 1_000_000 };
}
