import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT_PATHS } from '../../../../pipeline/published/paths.ts';
import { buildOpenapi, buildSchemas } from '../../../../pipeline/stages/report/openapi.ts';
import { readTexts } from '../../../support/read-documents.ts';
import { projectFolder } from '../../../support/run-command.ts';

const site = {
  title: 'Board',
  url: 'https://example.org/board',
  data_licence: 'CC-BY-4.0',
} as const;
const openapi = buildOpenapi(site);
const run = promisify(execFile);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(openapi));
});
afterAll(() => rmSync(folder, { recursive: true }));

const command = (name: string) => join(projectFolder, 'node_modules/.bin', name);

const golden = readTexts(join(import.meta.dirname, '../../../golden/documents'));

/** Files beside the documents. */
const NO_DOCUMENT = /^(?:openapi\.json|metrics\.prom|downloads\/.*)$/;

/** The described path of a document; of several, the one with the fewest parameters. */
function describedPath(path: string): string | undefined {
  return Object.keys(openapi.paths)
    .filter((template) =>
      new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(`/${path}`),
    )
    .sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

describe('the description of the documents', () => {
  it('can be read by a tool, which finds the operations', async () => {
    const backend = new OpenAPIBackend({ definition: openapi as unknown as Document, quick: true });
    await backend.init();
    const found = backend.router.getOperations().map((operation) => operation.operationId);
    expect(found).toEqual(Object.keys(DOCUMENT_PATHS));
    expect(openapi.servers).toEqual([{ url: 'https://example.org/board/api/v1' }]);
  });

  it('is valid for every golden document, by another validator than the one of the pipeline', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addSchema(openapi, 'openapi');
    for (const [path, text] of golden) {
      if (NO_DOCUMENT.test(path)) continue;
      const operation = openapi.paths[describedPath(path) as string]?.get.operationId;
      const validate = ajv.getSchema(`openapi#/components/schemas/${operation}`);
      validate?.(JSON.parse(text));
      expect(validate?.errors, `${path} as ${operation}`).toBeNull();
    }
  });

  it('describes every kind of document that is written', () => {
    const written = [...golden.keys()].map(describedPath).filter((path) => path !== undefined);
    // The manifest is not among the golden documents, and nobody in them did that much.
    const others = ['/manifest.json', '/contributors/{username}/events/{part}.json'];
    const all = Object.keys(openapi.paths).filter((path) => !others.includes(path));
    expect(new Set(written)).toEqual(new Set(all));
  });

  it('has no finding of a linter', async () => {
    const env = {
      ...process.env,
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    };
    const { stdout } = await run(
      command('redocly'),
      ['lint', join(folder, 'openapi.json'), '--extends', 'recommended', '--format', 'json'],
      { env, cwd: folder },
    );
    const { totals, problems } = JSON.parse(stdout);
    expect(problems).toEqual([]);
    expect(totals).toEqual({ errors: 0, warnings: 0, ignored: 0 });
  }, 60_000);

  it('gives types that know the periods and kinds by name', async () => {
    await run(command('openapi-typescript'), [
      join(folder, 'openapi.json'),
      ...['--output', join(folder, 'api.ts')],
    ]);
    const compile = async (period: string) => {
      writeFileSync(join(folder, 'client.ts'), clientOf(period));
      const flags = ['--noEmit', '--strict', '--target', 'esnext', '--moduleResolution', 'bundler'];
      return run(command('tsc'), [...flags, '--types', '', join(folder, 'client.ts')], {
        cwd: folder,
      }).then(
        () => '',
        (error: { stdout: string }) => error.stdout,
      );
    };
    expect(await compile('month')).toBe('');
    expect(await compile('fortnight')).toContain("Property 'fortnight' does not exist");
  }, 60_000);
});

const clientOf = (period: string) => `
  import type { components } from './api';
  type Schemas = components['schemas'];
  export const rankOf = (one: Schemas['contributor']): number | undefined => one.periods.${period}?.rank;
  export const merged = (one: Schemas['repository']): number => one.totals.PR_MERGED;
`;

describe('the schema of each document', () => {
  it('stands by itself, and accepts the golden documents', () => {
    const schemas = buildSchemas(site);
    expect(Object.keys(schemas)).toEqual(Object.keys(DOCUMENT_PATHS));
    for (const [path, text] of golden) {
      if (NO_DOCUMENT.test(path)) continue;
      const name = openapi.paths[describedPath(path) as string]?.get.operationId ?? '';
      const ajv = new Ajv2020({ strict: false });
      formats.default(ajv);
      const validate = ajv.compile(schemas[name] as object);
      validate(JSON.parse(text));
      expect(validate.errors, `${path} as ${name}`).toBeNull();
      expect(validate({ ...JSON.parse(text), generated_at: 'now' }), path).toBe(false);
    }
  });
});
