import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import {
  buildJsonSchema,
  findOutdatedSchemas,
  writeSchemaFiles,
} from '../../../pipeline/config/json-schema.ts';
import { CONFIG_NAMES, CONFIG_SCHEMAS } from '../../../pipeline/config/schema.ts';

test('the schemas that are committed are those of the code', () => {
  expect(findOutdatedSchemas('config/schema'), 'run `npm run config:schema`').toEqual([]);
});

test('a schema that is missing or changed is noticed', () => {
  const dir = mkdtempSync(join(tmpdir(), 'schema-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  expect(findOutdatedSchemas(dir)).toHaveLength(CONFIG_NAMES.length + 1);
  writeSchemaFiles(dir);
  expect(findOutdatedSchemas(dir)).toEqual([]);
  writeFileSync(join(dir, 'site.json'), '{}');
  expect(findOutdatedSchemas(dir)).toEqual(['site.json']);
});

/** A schema and all that are in it. */
function within(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inside = Object.values(schema).flatMap(within);
  return 'type' in schema && typeof schema.type === 'string' ? [schema, ...inside] : inside;
}

describe.each(CONFIG_NAMES)('%s', (name) => {
  const schema = buildJsonSchema(name);
  const yaml = readFileSync(`config/${name}.yaml`, 'utf8');
  const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);

  test('names itself in the first line of its file', () => {
    expect(yaml).toMatch(`# yaml-language-server: $schema=schema/${name}.json\n`);
    expect(yaml.startsWith('# yaml-language-server')).toBe(true);
  });

  test('takes the file that is shipped', () => {
    expect(ajv.validate(schema, parse(yaml)), ajv.errorsText()).toBe(true);
  });

  test('has a title, and words for each key', () => {
    expect(schema).toMatchObject({ title: /./, description: /./ });
    const keys = within(schema).flatMap(({ properties }) => Object.entries(properties ?? {}));
    expect(keys.filter(([, key]) => !key.description).map(([key]) => key)).toEqual([]);
  });

  test('lets no unknown key pass, at any depth', () => {
    const open = within(schema).filter(
      ({ type, additionalProperties }) => type === 'object' && additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });

  test('asks for nothing that has a default', () => {
    const needed = name === 'repos' ? ['repositories'] : undefined;
    expect(schema.required).toEqual(needed);
  });
});

test.each([
  ['repos', { repositories: ['a/b', { repo: 'c/d', never_rescrape_before: '2025-01-01' }] }],
  ['repos', { repositories: ['a'] }],
  ['repos', { repositories: [{ never_rescrape_before: '2025-01-01' }] }],
  ['repos', { repositories: [{ repo: 'a/b', never_rescrape_before: '2025-02-30' }] }],
  ['weights', { base_points: { COMMIT: 0 }, lines: { from: 'COMMIT' } }],
  ['weights', { base_points: { COMMITS: 0 } }],
  ['weights', { lines: { from: 'commit' } }],
  ['budget', { warning_threshold: 1.1 }],
  ['pipeline', { sources: ['sample', 'gharchive'] }],
  ['pipeline', { sources: [] }],
  ['pipeline', { github: { points_share: 0 } }],
  ['people', { opt_out: [1, 'a', 'b[bot]'], aliases: [{ id: 1, is: 2 }] }],
  ['people', { opt_out: [0] }],
  ['people', { aliases: [{ id: 1 }] }],
  ['site', { title: '' }],
] as const)('editors and the pipeline agree on %s %j', (name, document) => {
  const ajv = new Ajv();
  addFormats.default(ajv);
  expect(ajv.validate(buildJsonSchema(name), document)).toBe(
    CONFIG_SCHEMAS[name].safeParse(document).success,
  );
});
