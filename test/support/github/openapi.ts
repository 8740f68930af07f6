import { readFileSync } from 'node:fs';

/**
 * GitHub's own description of its REST API, cut to the operations in use and adapted for ajv:
 * OpenAPI's `nullable` is not JSON Schema, so it becomes a union with null.
 */

const DESCRIPTION_FILE = new URL(
  '../../../node_modules/@octokit/openapi/generated/api.github.com.json',
  import.meta.url,
);

// biome-ignore lint/suspicious/noExplicitAny: a foreign document, walked without its types.
type Json = any;

let description: Json;

/** The description with these operations alone, by their `operationId`. */
export function describeOperations(operationIds: readonly string[]): Json {
  const whole = readDescription();
  const paths: Json = {};
  for (const [path, item] of Object.entries<Json>(whole.paths)) {
    for (const [method, operation] of Object.entries<Json>(item)) {
      if (!operationIds.includes(operation?.operationId)) continue;
      paths[path] ??= {};
      paths[path][method] = operation;
    }
  }
  const cut = { openapi: whole.openapi, info: whole.info, servers: [{ url: '/' }], paths };
  return rewriteNullable({ ...cut, components: loosened(referenced(whole, paths)) });
}

/**
 * Parameters as GitHub takes them: a part of a path is a text, and one that may also be a number
 * would be both, where one is wanted; `created` is a range, and not the date that its format says.
 */
function loosened(components: Json): Json {
  const parameters = Object.entries<Json>(components.parameters ?? {}).map(([name, parameter]) => {
    const { oneOf, format, ...schema } = parameter.schema ?? {};
    const rest = { ...schema, ...(format && parameter.name !== 'created' && { format }) };
    return [name, { ...parameter, schema: oneOf ? { ...rest, anyOf: oneOf } : rest }];
  });
  return { ...components, parameters: Object.fromEntries(parameters) };
}

/** GitHub's own example of an answer; our data replace its values. */
export function exampleOf(path: string, method = 'get', code = '200'): Json {
  const content = readDescription().paths[path][method].responses[code].content['application/json'];
  const example = Object.values<Json>(content.examples)[0];
  const { value } = withoutReference(example);
  return structuredClone(value.$ref ? withoutReference(value).value : value);
}

const withoutReference = (node: Json): Json =>
  node.$ref ? resolve(readDescription(), node.$ref) : node;

function readDescription(): Json {
  description ??= JSON.parse(readFileSync(DESCRIPTION_FILE, 'utf8'));
  return description;
}

/** Everything that a part of the document refers to, in its place under `components`. */
function referenced(whole: Json, part: Json): Json {
  const components: Json = {};
  const seen = new Set<string>();
  const visit = (node: Json): void => {
    if (typeof node !== 'object' || node === null) return;
    if (typeof node.$ref === 'string' && !seen.has(node.$ref)) {
      seen.add(node.$ref);
      const [, , group, name] = node.$ref.split('/');
      const target = resolve(whole, node.$ref);
      components[group] ??= {};
      components[group][name] = target;
      visit(target);
    }
    for (const value of Object.values(node)) visit(value);
  };
  visit(part);
  delete components.examples;
  return components;
}

function resolve(whole: Json, reference: string): Json {
  return reference
    .slice(2)
    .split('/')
    .reduce((node, key) => node[key.replaceAll('~1', '/').replaceAll('~0', '~')], whole);
}

function rewriteNullable(node: Json, isProperties = false): Json {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((value) => rewriteNullable(value));
  const copy: Json = {};
  for (const [key, value] of Object.entries<Json>(node)) {
    if (!isProperties && (key === 'example' || key === 'examples')) continue;
    copy[key] = rewriteNullable(value, key === 'properties' && !isProperties);
  }
  return isProperties ? copy : withNull(copy);
}

function withNull(schema: Json): Json {
  const { nullable, ...rest } = schema;
  if (nullable !== true) return rest;
  const isPlain = typeof rest.type === 'string' && !rest.enum && !rest.allOf && !rest.anyOf;
  if (isPlain && !rest.oneOf) return { ...rest, type: [rest.type, 'null'] };
  return { anyOf: [{ type: 'null' }, rest] };
}
