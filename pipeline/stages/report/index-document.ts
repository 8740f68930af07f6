import { z } from 'zod';
import { PERIOD_DAYS, PERIODS } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import { type Index, indexSchema, type Scoring, scoringSchema } from '../../published/documents.ts';
import {
  DOCUMENT_PATHS,
  type DocumentKind,
  documentPath,
  SAFE_LOGIN,
} from '../../published/paths.ts';
import type { Report } from './context.ts';
import type { Plan } from './plan.ts';

/** Writes the index of the documents, the settings of the site and what the budget of sizes chose. */
export function writeIndex(
  { head, config, folder }: Report,
  { people, withPage, shards, published }: Plan,
): void {
  const { title, url, page_size, avatars, default_period } = config.site;
  const { board_pages, board_document_pages } = config.site;
  const document: Index = {
    ...head,
    title,
    url: withSlash(url),
    page_size,
    avatars,
    periods: [...PERIODS],
    default_period,
    contributors: people
      .filter(({ github_id }) => withPage.has(github_id))
      .map(({ login }) => login),
    people: people.length,
    contributor_shards: shards,
    board_pages,
    board_document_pages,
    plan: published,
    documents: Object.fromEntries(
      Object.entries(DOCUMENT_PATHS).map(([name, { path }]) => [name, path]),
    ),
  };
  folder.write(documentPath('index'), indexSchema, document);
}

/** Writes the weights in force and the lengths of the periods. */
export function writeScoring({ head, folder }: Report, weights: Weights): void {
  const { base_points, lines } = weights;
  const document: Scoring = { ...head, base_points, lines, periods: PERIOD_DAYS };
  folder.write(documentPath('scoring'), scoringSchema, document);
}

/** Any JSON object: `openapi.json` is described by OpenAPI itself. */
const openapiSchema = z.looseObject({ openapi: z.literal('3.1.0') });

/** As `spellName` does it. */
const SPELLING =
  'With a ~ before a name that starts or ends with a dot or that Windows takes for a device ' +
  '(~.github, ~con); with another ~ after a dot at the end.';

const PARAMETERS: Readonly<Record<string, object>> = {
  owner: { type: 'string', description: SPELLING },
  name: { type: 'string', description: SPELLING },
  username: {
    type: 'string',
    pattern: SAFE_LOGIN.source.replace('^', '^~?'),
    description: SPELLING,
  },
  period: { type: 'string', enum: [...PERIODS] },
  page: { type: 'integer', minimum: 1 },
  shard: { type: 'integer', minimum: 0, description: 'From 1 of boards, from 0 of contributors.' },
  part: { type: 'integer', minimum: 1 },
  id: { type: 'integer', minimum: 1 },
};

/** Writes the description of the API, beside the documents that it describes. */
export function writeOpenapi({ config, folder }: Report): void {
  folder.write('openapi.json', openapiSchema, buildOpenapi(config.site));
}

/** The OpenAPI 3.1 description of the documents, made from the schemas that check them. */
export function buildOpenapi(site: { readonly title: string; readonly url: string }) {
  const kinds: [string, DocumentKind][] = Object.entries(DOCUMENT_PATHS);
  return {
    openapi: '3.1.0' as const,
    info: {
      title: site.title,
      version: '1',
      description: 'Static documents: GET them; there are no other methods and no keys.',
    },
    servers: [{ url: new URL('api/v1', withSlash(site.url)).href }],
    paths: Object.fromEntries(kinds.map(([name, kind]) => [`/${kind.path}`, describe(name, kind)])),
    components: {
      schemas: Object.fromEntries(kinds.map(([name, { schema }]) => [name, jsonSchema(schema)])),
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
        schema: PARAMETERS[parameter],
      })),
      responses: {
        200: { description: kind.summary, content: { 'application/json': { schema } } },
        404: { description: 'There is no such document' },
      },
    },
  };
}

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...described } = z.toJSONSchema(schema);
  return described;
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
