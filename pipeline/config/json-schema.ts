import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { dispatchSchema } from './schema/dispatch.ts';
import { CONFIG_NAMES, CONFIG_SCHEMAS, type ConfigName } from './schema.ts';

/** JSON Schemas of the configuration files, with which editors complete, explain and check them. */

type JsonSchema = z.core.JSONSchema.BaseSchema;

const isEmptyObject = (value: unknown) => JSON.stringify(value) === '{}';

/** Leaves out what says nothing to a person: `default: {}`, and the range of exact integers. */
function tidy({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (isEmptyObject(jsonSchema.default)) delete jsonSchema.default;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** The YAML extensions of editors support draft 7 best. */
export function buildJsonSchema(name: ConfigName | 'dispatch'): JsonSchema {
  const schema = name === 'dispatch' ? dispatchSchema : CONFIG_SCHEMAS[name];
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'input', override: tidy });
}

interface SchemaFile {
  /** `repos.json`. */
  readonly name: string;
  readonly text: string;
}

/** One file for each configuration file, in their order, and one for a request for a run. */
function buildSchemaFiles(): SchemaFile[] {
  return [...CONFIG_NAMES, 'dispatch' as const].map((name) => ({
    name: `${name}.json`,
    text: `${JSON.stringify(buildJsonSchema(name), null, 2)}\n`,
  }));
}

/** Writes the JSON Schemas into a folder and returns their file names. */
export function writeSchemaFiles(dir: string): string[] {
  mkdirSync(dir, { recursive: true });
  return buildSchemaFiles().map(({ name, text }) => {
    writeFileSync(join(dir, name), text);
    return name;
  });
}

/** The names of the JSON Schemas that are missing from a folder or out of date. */
export function findOutdatedSchemas(dir: string): string[] {
  return buildSchemaFiles()
    .filter(({ name, text }) => {
      const path = join(dir, name);
      return !existsSync(path) || readFileSync(path, 'utf8') !== text;
    })
    .map(({ name }) => name);
}
