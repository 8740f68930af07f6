import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Document, OpenAPIBackend } from 'openapi-backend';
import { describe, expect, it } from 'vitest';
import { DOCUMENT_PATHS } from '../../../../pipeline/published/paths.ts';
import { buildOpenapi } from '../../../../pipeline/stages/report/index-document.ts';
import { readTexts } from '../../../support/read-documents.ts';

const openapi = buildOpenapi({ title: 'Board', url: 'https://example.org/board' });
const golden = readTexts(join(import.meta.dirname, '../../../golden/documents'));

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
      if (path === 'openapi.json' || path === 'metrics.prom') continue;
      const operation = openapi.paths[describedPath(path) as string]?.get.operationId;
      const validate = ajv.getSchema(`openapi#/components/schemas/${operation}`);
      validate?.(JSON.parse(text));
      expect(validate?.errors, `${path} as ${operation}`).toBeNull();
    }
  });

  it('describes every kind of document that is written', () => {
    const written = [...golden.keys()].map(describedPath).filter((path) => path !== undefined);
    expect(new Set(written)).toEqual(new Set(Object.keys(openapi.paths)));
  });
});
