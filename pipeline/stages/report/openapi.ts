import { z } from 'zod';
import type { Config } from '../../config/schema.ts';
import { DATA_LICENCES } from '../../domain/licences.ts';
import { PERIODS } from '../../domain/time.ts';
import { jsonSchemaOf } from '../../published/json-schema.ts';
import { DOCUMENT_PATHS, type DocumentKind, SAFE_LOGIN } from '../../published/paths.ts';
import type { Report } from './context.ts';
import { withSlash } from './index-document.ts';

/** Any JSON object: `openapi.json` is described by OpenAPI itself. */
const openapiSchema = z.looseObject({ openapi: z.literal('3.1.0') });

/** As `spellName` does it. */
const SPELLING =
  'With a ~ before a name that starts or ends with a dot or that Windows takes for a device ' +
  '(~.github, ~con) or that ends in .json; with another ~ after a dot at the end.';

const PARAMETERS: Readonly<Record<string, { readonly description: string }>> = {
  owner: param('The account that the repository belongs to.', { type: 'string' }, SPELLING),
  name: param('The name of the repository, without its owner.', { type: 'string' }, SPELLING),
  username: param(
    'A login, in the case that index.json and the boards have.',
    { type: 'string', pattern: SAFE_LOGIN.source.replace('^', '^~?') },
    SPELLING,
  ),
  period: param('Counted back from the moment of the run.', { type: 'string', enum: [...PERIODS] }),
  page: param('From 1.', { type: 'integer', minimum: 1 }),
  shard: param('From 1 of boards, from 0 of contributors.', { type: 'integer', minimum: 0 }),
  month: param('Of the calendar, UTC, from months.json.', {
    type: 'string',
    pattern: '^\\d{4}-\\d{2}$',
  }),
  part: param('From 1, the latest contributions first.', { type: 'integer', minimum: 1 }),
  id: param('The number of a run, from stats.json.', { type: 'integer', minimum: 1 }),
};

function param(description: string, schema: object, more = '') {
  return { description: `${description} ${more}`.trim(), schema };
}

type Site = Pick<Config['site'], 'title' | 'url' | 'data_licence'>;

/** Writes the description of the API, and the schema of each document, beside the documents. */
export function writeOpenapi({ config, folder }: Report): void {
  folder.write('openapi.json', openapiSchema, buildOpenapi(config.site));
  for (const [name, schema] of Object.entries(buildSchemas(config.site)))
    folder.write(`schemas/${name}.json`, z.looseObject({}), schema);
}

/** The JSON Schema of each document, by its name, for those who do not use OpenAPI. */
export function buildSchemas({ url }: Site): Record<string, object> {
  return Object.fromEntries(
    listKinds().map(([name, { schema, summary, path }]) => [
      name,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: new URL(`api/v1/schemas/${name}.json`, withSlash(url)).href,
        title: path,
        description: `${summary}.`,
        ...jsonSchemaOf(schema),
      },
    ]),
  );
}

const listKinds = () => Object.entries(DOCUMENT_PATHS) as [string, DocumentKind][];

/** The OpenAPI 3.1 description of the documents, made from the schemas that check them. */
export function buildOpenapi({ title, url, data_licence }: Site) {
  const kinds = listKinds();
  return {
    openapi: '3.1.0' as const,
    info: {
      title,
      version: '1',
      description:
        'Static documents: GET them; there are no other methods and no keys. Fields are added, and never change what they mean within a version.',
      license: { name: DATA_LICENCES[data_licence].title, url: DATA_LICENCES[data_licence].url },
    },
    servers: [{ url: new URL('api/v1', withSlash(url)).href }],
    security: [],
    paths: Object.fromEntries(kinds.map(([name, kind]) => [`/${kind.path}`, describe(name, kind)])),
    components: {
      schemas: Object.fromEntries(
        kinds.map(([name, { schema, summary }]) => [
          name,
          { description: `${summary}.`, ...jsonSchemaOf(schema) },
        ]),
      ),
    },
  };
}

function describe(name: string, kind: DocumentKind) {
  const names = [...kind.path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);
  const schema = { $ref: `#/components/schemas/${name}` };
  return {
    get: {
      operationId: name,
      summary: kind.summary,
      parameters: names.map((parameter) => ({
        name: parameter,
        in: 'path',
        required: true,
        ...PARAMETERS[parameter],
      })),
      responses: {
        200: { description: `${kind.summary}.`, content: { 'application/json': { schema } } },
        404: { description: 'There is no such document.' },
      },
    },
  };
}
