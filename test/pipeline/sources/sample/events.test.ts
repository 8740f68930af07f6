import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, expect, test } from 'vitest';
import { generateSample } from '../../../../pipeline/sources/sample/index.ts';
import { sharedPath } from '../../../support/shared-data.ts';
import { isTrimmed, newFolder, type ReadEvent, readEvents, SMALL } from './support.ts';

/** GitHub's own description of its events, where it is at hand. */
const SCHEMAS = sharedPath('schemas/github-openapi-events-subset.json');
const isMissing = !existsSync(SCHEMAS);
const maySkip = isMissing && process.env.LEADERBOARD_REQUIRE_ALL !== '1';

let events: readonly ReadEvent[] = [];

beforeAll(async () => {
  const folder = newFolder();
  await generateSample({ ...SMALL, folder });
  events = readEvents(folder);
});

type Schema = { required?: string[]; properties: Record<string, unknown> };

/** OpenAPI 3.0 says `nullable` beside anything; in JSON Schema null is one choice of several. */
function toJsonSchema(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable, ...rest } = value;
  return nullable === true ? { anyOf: [{ type: 'null' }, rest] } : rest;
}

/** The schemas by name; of a repository's addresses only `url` and `html_url` are asked for. */
function readSchemas(): Record<string, Schema> {
  const { components } = JSON.parse(readFileSync(SCHEMAS, 'utf8'), toJsonSchema);
  const repository: Schema = components.schemas.repository;
  repository.required = (repository.required ?? []).filter(
    (name) => !name.endsWith('_url') || name === 'html_url',
  );
  // One payload may match several of the types; each is checked against its own.
  delete components.schemas.event.properties.payload;
  return components.schemas;
}

function createValidator(): (name: string) => ValidateFunction {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'github', components: { schemas: readSchemas() } });
  return (name) => ajv.compile({ $ref: `github#/components/schemas/${name}` });
}

/** `PullRequestEvent` → `pull-request-event`. */
function toSchemaName(type: string): string {
  return type.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
}

function expectValid(validate: ValidateFunction, value: unknown): void {
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
}

test.skipIf(maySkip)('every event has the envelope that GitHub describes', () => {
  const validate = createValidator()('event');
  for (const event of events) expectValid(validate, event);
});

test.skipIf(maySkip)('payloads of the trimmed era are as GitHub describes them', () => {
  const schema = createValidator();
  const validators = new Map<string, ValidateFunction>();
  for (const event of events.filter((one) => isTrimmed(one))) {
    const validate = validators.get(event.type) ?? schema(toSchemaName(event.type));
    validators.set(event.type, validate);
    expectValid(validate, event.payload);
  }
  expect(validators.size).toBe(12);
});

test.skipIf(maySkip)('pull requests, issues and comments of the full era are whole', () => {
  const schema = createValidator();
  const [pull, simple] = [schema('pull-request'), schema('pull-request-simple')];
  const [issue, comment, release] = [schema('issue'), schema('issue-comment'), schema('release')];
  for (const { type, payload } of events.filter((one) => !isTrimmed(one))) {
    if (type === 'PullRequestEvent') expectValid(pull, payload.pull_request);
    if (type.startsWith('PullRequestReview')) expectValid(simple, payload.pull_request);
    if (payload.issue) expectValid(issue, payload.issue);
    if (type === 'IssueCommentEvent') expectValid(comment, payload.comment);
    if (type === 'ReleaseEvent') expectValid(release, payload.release);
  }
});

test('the keys of an event stand in the order of GH Archive', () => {
  const keys = ['id', 'type', 'actor', 'repo', 'payload', 'public', 'created_at'];
  for (const event of events) {
    expect(Object.keys(event)).toEqual(event.org ? [...keys, 'org'] : keys);
  }
  expect(events.some(({ org }) => org === undefined)).toBe(true);
});

test('the eras differ as the real ones do', () => {
  const of = (type: string, trimmed: boolean) =>
    events.filter((event) => event.type === type && isTrimmed(event) === trimmed);
  for (const { payload } of of('PushEvent', true)) {
    expect(Object.keys(payload)).toEqual(['repository_id', 'push_id', 'ref', 'head', 'before']);
  }
  for (const { payload } of of('PushEvent', false)) {
    expect(payload.size).toBe(payload.commits.length);
    expect(payload.commits.length).toBeLessThanOrEqual(20);
    expect(payload.commits.at(-1).sha).toBe(payload.head);
  }
  for (const { payload } of of('PullRequestEvent', true)) {
    expect(Object.keys(payload.pull_request)).toEqual(['url', 'id', 'number', 'head', 'base']);
  }
  const actions = (trimmed: boolean) =>
    new Set(of('PullRequestEvent', trimmed).map(({ payload }) => payload.action));
  expect(actions(false)).toEqual(new Set(['opened', 'closed']));
  expect(actions(true)).toEqual(new Set(['opened', 'closed', 'merged']));
  const comment = (trimmed: boolean) => of('IssueCommentEvent', trimmed)[0]?.payload.comment;
  expect(comment(false)).toHaveProperty('author_association');
  expect(comment(true)).not.toHaveProperty('author_association');
});

test('a pull request that was merged says so, by whom, and only then', () => {
  const pulls = events.filter(
    ({ type, payload }) => type === 'PullRequestEvent' && payload.pull_request.user,
  );
  for (const { actor, created_at, payload } of pulls) {
    const { merged, merged_at, merged_by, closed_at } = payload.pull_request;
    expect(merged_at).toBe(merged ? created_at : null);
    expect(merged_by?.id ?? null).toBe(merged ? actor.id : null);
    expect(closed_at).toBe(payload.action === 'closed' ? created_at : null);
  }
  expect(
    pulls.some(
      ({ actor, payload }) =>
        payload.pull_request.merged && actor.id !== payload.pull_request.user.id,
    ),
  ).toBe(true);
});
