import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchemaFiles } from './json-schema.ts';

/** Writes the JSON Schemas into a folder; tells the names written. */
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
