import { jsonSchemaOf } from '../../../pipeline/published/json-schema.ts';
import {
  DOCUMENT_PATHS,
  type DocumentKind,
  type DocumentName,
  documentPath,
  type PathParameters,
} from '../../../pipeline/published/paths.ts';
import type { ApiDocument, ApiField } from '../views/api-document.ts';
import { hasDownload, listRuns, readIndex, readRepositories } from './documents.ts';
import { documentHref, downloadHref } from './urls.ts';

/** Every kind of document, from the same schemas that `openapi.json` is made from. */
export function listApiDocuments(): ApiDocument[] {
  const values = exampleValues();
  const kinds = Object.entries(DOCUMENT_PATHS) as [DocumentName, DocumentKind][];
  return kinds.map(([name, { path, summary, schema }]) => {
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
    const own = name === 'contributor_shard' ? { ...values, shard: 0 } : values;
    const isKnown = wanted.every((parameter) => own[parameter] !== undefined);
    const isThere = isKnown && hasDownload(documentPath(name, own));
    const schemaPath = `schemas/${name}.json`;
    return {
      ...{ name, path, summary },
      schema: hasDownload(schemaPath) ? downloadHref(schemaPath) : null,
      fields: fieldsOf(jsonSchemaOf(schema)),
      example: isThere ? documentHref(name, own) : null,
    };
  });
}

/** Values of parameters of which there is a document. */
function exampleValues(): PathParameters {
  const { contributors, periods } = readIndex();
  const [repository, [username], [id]] = [readRepositories()[0], contributors, listRuns()];
  return {
    ...(repository && { owner: repository.owner, name: repository.name }),
    ...(username !== undefined && { username }),
    ...(id !== undefined && { id }),
    period: periods.includes('month') ? 'month' : 'all',
    page: 1,
    shard: 1,
  };
}

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

/** The fields of an object, and of the objects in its fields, with the whole path of each. */
function fieldsOf(schema: Schema, before = ''): ApiField[] {
  const { properties = {}, required = [] } = schema;
  return mergeEqual(Object.entries(properties), required).flatMap(([key, value]) => {
    const name = before + key;
    const isRequired = required.includes(key);
    const inner = value.type === 'array' ? value.items : value;
    const end = value.type === 'array' ? '[].' : '.';
    // The counts and points of a standing are the same wherever they stand.
    const isDeep = before.split('.').length > 2;
    return [
      { name, type: describeType(value), isRequired },
      ...(inner?.properties && !isDeep ? fieldsOf(inner, name + end) : []),
    ];
  });
}

/** Several fields of one form, such as periods, are one row for all. */
function mergeEqual(fields: readonly [string, Schema][], required: readonly string[]) {
  const [first, ...others] = fields;
  const isEqual = ([key, value]: [string, Schema]) =>
    value.properties &&
    JSON.stringify(value) === JSON.stringify(first?.[1]) &&
    !required.includes(key);
  if (!first || others.length < 2 || !fields.every(isEqual)) return fields;
  return [[`(${fields.map(([key]) => key).join(' | ')})`, first[1]]] satisfies [string, Schema][];
}

function describeType(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(describeType).join(' or ');
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  if (schema.type === 'array')
    return schema.items ? `list of ${describeType(schema.items)}` : 'list';
  return schema.format ?? schema.type ?? 'any value';
}
