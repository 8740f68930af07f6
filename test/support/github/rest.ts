import addFormats from 'ajv-formats';
import { type Context, OpenAPIBackend } from 'openapi-backend';
import { COPY_OPERATIONS, type Copy, isCopy } from './copy.ts';
import { PULL_OPERATIONS } from './copy-pulls.ts';
import { describeOperations, exampleOf } from './openapi.ts';
import {
  commentBody,
  comparisonBody,
  issueBody,
  releaseBody,
  repositoryBody,
  reviewCommentBody,
} from './rest-bodies.ts';
import type { Snapshot } from './snapshot.ts';
import { loginAt, type Person, type RepositoryData, type World } from './world.ts';

export interface RestAnswer {
  readonly code: number;
  readonly body: unknown;
  /** Whether a next page exists (for the Link header). */
  readonly hasNext?: boolean;
  /** The path on this server that a redirect leads to. */
  readonly location?: string;
}

export interface RestCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The parsed body of a request that changes something. */
  readonly body?: unknown;
}

/** The data from which operations are answered. */
export interface RestWorld {
  readonly world: World;
  readonly now: () => string;
  readonly find: (owner: string, name: string) => Snapshot | undefined;
  /** The repository whose workflows run, if there is one. */
  readonly copy?: Copy;
}

export interface RestApi {
  /** Answers a call; a call that is not in GitHub's description is a violation. */
  handle(call: RestCall): Promise<RestAnswer>;
  /** Requests and answers that violate GitHub's description. */
  readonly violations: readonly string[];
}

type View = (context: Context, view: Snapshot) => RestAnswer;

/** GitHub's answer to a page with an item that it can't show. */
const BAD_GATEWAY: RestAnswer = { code: 502, body: undefined };

const OPERATIONS: Readonly<Record<string, View>> = {
  'issues/list-comments-for-repo': (context, view) =>
    areOff(view, ['issues', 'pull requests'])
      ? NOT_FOUND
      : page(
          context,
          since(
            context,
            view.data.comments.map((comment) => commentBody(view, comment)),
          ),
          unshownOf(view, 'comment'),
        ),
  'issues/get': (context, view) => {
    const number = Number(context.request.params.issue_number);
    const isIt = (item: { number: number }) => item.number === number;
    const found = view.issues.find(isIt) ?? view.pullRequests.find(isIt);
    if (found) return { code: 200, body: issueBody(view, found) };
    const former = view.data.issues.find(isIt);
    if (!former?.goneAt || former.goneAt > view.now) return NOT_FOUND;
    const { movedTo } = former;
    if (!movedTo) return { code: 410, body: { message: 'This issue was deleted' } };
    const location = `/repositories/${movedTo.repositoryId}/issues/${movedTo.number}`;
    return { code: 301, body: { message: 'Moved Permanently', url: location }, location };
  },
  // The former number leads nowhere: only the issue itself is redirected.
  'issues/list-comments': (context, view) => {
    const number = Number(context.request.params.issue_number);
    if (!view.issues.some((issue) => issue.number === number)) return NOT_FOUND;
    const comments = view.data.comments.filter((comment) => comment.number === number);
    return page(
      context,
      comments.map((comment) => commentBody(view, comment)),
      unshownOf(view, 'comment'),
    );
  },
  'pulls/list-review-comments-for-repo': (context, view) =>
    areOff(view, ['pull requests'])
      ? NOT_FOUND
      : page(
          context,
          since(
            context,
            view.data.reviewComments.map((c) => reviewCommentBody(view, c)),
          ),
          unshownOf(view, 'comment'),
        ),
  'repos/list-releases': (context, view) =>
    page(
      context,
      view.data.releases.map((release) => releaseBody(view, release)).reverse(),
      unshownOf(view, 'release'),
    ),
  'repos/compare-commits-with-basehead': (context, view) => {
    const { page: number, perPage } = paging(context);
    const body = comparisonBody(view, String(context.request.params.basehead), number, perPage);
    const hasNext = body !== null && body.total_commits > number * perPage;
    return body ? { code: 200, body, hasNext } : NOT_FOUND;
  },
};

const NOT_FOUND: RestAnswer = { code: 404, body: { message: 'Not Found' } };

/** Creates the REST side; it takes a second, because GitHub's description is long. */
export async function createRestApi(rest: RestWorld): Promise<RestApi> {
  const violations: string[] = [];
  const operationIds = [
    ...Object.keys(OPERATIONS),
    ...Object.keys({ ...COPY_OPERATIONS, ...PULL_OPERATIONS }),
    'repos/get',
    'users/get-by-id',
    'users/get-by-username',
  ];
  const api = new OpenAPIBackend({
    definition: describeOperations(operationIds),
    quick: true,
    strict: false,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: (ajv) => {
      addFormats.default(ajv as never);
      for (const format of ['repo.nwo', 'timestamp']) ajv.addFormat(format, true);
      return ajv;
    },
  });
  for (const [operationId, view] of Object.entries(OPERATIONS)) {
    api.register(operationId, (context: Context) => withRepository(rest, context, view));
  }
  for (const [operationId, answer] of Object.entries({ ...COPY_OPERATIONS, ...PULL_OPERATIONS })) {
    api.register(operationId, (context: Context) =>
      answerOfCopy(rest, context, answer, OPERATIONS[operationId]),
    );
  }
  api.register('repos/get', (context: Context) => repository(rest, context));
  api.register('users/get-by-id', (context: Context) => user(rest, context, personOfId));
  api.register('users/get-by-username', (context: Context) => user(rest, context, personOfLogin));
  api.register('notFound', (context: Context) => {
    violations.push(`not an operation in use: ${context.request.path}`);
    return NOT_FOUND;
  });
  api.register('validationFail', (context: Context) => {
    violations.push(
      `${context.operation?.operationId} refused: ${textOf(context.validation.errors)}`,
    );
    return { code: 422, body: { message: 'Validation Failed' } };
  });
  api.register('postResponseHandler', (context: Context) => {
    const answer = context.response as RestAnswer;
    if (answer.body === undefined) return answer;
    const { errors } = context.api.validateResponse(answer.body, context.operation, answer.code);
    if (errors) violations.push(`${context.operation.operationId} answered: ${textOf(errors)}`);
    return answer;
  });
  await api.init();
  api.validator = sharedValidator(operationIds, api.validator);
  return {
    violations,
    handle: ({ method, path, query, body }) =>
      api.handleRequest({
        method,
        path,
        query: { ...query },
        body,
        headers: { 'content-type': 'application/json' },
      }),
  };
}

const validators = new Map<string, OpenAPIBackend['validator']>();

/** Compiling the schemas of GitHub's description takes tenths of a second: once for all servers. */
function sharedValidator(operationIds: readonly string[], own: OpenAPIBackend['validator']) {
  const key = operationIds.join();
  const shared = validators.get(key) ?? own;
  validators.set(key, shared);
  return shared;
}

/** Of the copy, or of another repository where there is such an operation on those, too. */
function answerOfCopy(
  rest: RestWorld,
  context: Context,
  answer: (context: Context, copy: Copy) => RestAnswer,
  view: View | undefined,
): RestAnswer {
  if (isCopy(rest.copy, context)) return answer(context, rest.copy);
  return view ? withRepository(rest, context, view) : NOT_FOUND;
}

function withRepository(rest: RestWorld, context: Context, view: View): RestAnswer {
  const { owner, repo } = context.request.params;
  const snapshot = rest.find(String(owner), String(repo));
  return snapshot ? view(context, snapshot) : NOT_FOUND;
}

function repository(rest: RestWorld, context: Context): RestAnswer {
  const { copy } = rest;
  if (!isCopy(copy, context)) {
    return withRepository(rest, context, (_context, view) => ({
      code: 200,
      body: repositoryBody(view),
    }));
  }
  const { organization, parent, source, template_repository, ...example } =
    exampleOf('/repos/{owner}/{repo}');
  const body = {
    ...example,
    language: null,
    name: copy.repo,
    has_issues: copy.hasIssues,
    default_branch: 'main',
  };
  return { code: 200, body };
}

type FindPerson = (rest: RestWorld, context: Context) => Person | undefined;

const personOfId: FindPerson = ({ world }, { request }) =>
  world.people.find(({ id }) => id === Number(request.params.account_id));

const personOfLogin: FindPerson = ({ world, now }, { request }) =>
  world.people.find(
    (one) => loginAt(one, now()).toLowerCase() === String(request.params.username).toLowerCase(),
  );

function user(rest: RestWorld, context: Context, find: FindPerson): RestAnswer {
  const person = find(rest, context);
  if (!person) return NOT_FOUND;
  const body = {
    ...exampleOf('/user/{account_id}'),
    id: person.id,
    login: loginAt(person, rest.now()),
    type: person.type,
    name: person.name ?? null,
    company: person.company ?? null,
    location: person.location ?? null,
    email: person.email ?? null,
    twitter_username: person.twitter ?? null,
    blog: person.website ?? '',
  };
  return { code: 200, body };
}

/** The items that were updated since, in the requested order. */
function since<T extends { id: number; created_at: string; updated_at: string }>(
  context: Context,
  items: readonly T[],
): T[] {
  const { since: from, sort = 'created', direction = 'desc' } = context.request.query;
  const key = sort === 'updated' ? 'updated_at' : 'created_at';
  const sign = direction === 'asc' ? 1 : -1;
  return items
    .filter((item) => !from || Date.parse(item.updated_at) >= Date.parse(String(from)))
    .sort((a, b) => sign * (a[key].localeCompare(b[key]) || a.id - b.id));
}

function areOff({ data }: Snapshot, lists: NonNullable<RepositoryData['off']>): boolean {
  return lists.every((list) => data.off?.includes(list));
}

/** The ids of a list that GitHub can't show. */
function unshownOf({ data }: Snapshot, list: string): readonly number[] {
  const own = (data.unshown ?? []).filter((key) => key.startsWith(`${list}:`));
  return own.map((key) => Number(key.slice(list.length + 1)));
}

function page(
  context: Context,
  items: readonly { readonly id: number }[],
  unshown: readonly number[],
): RestAnswer {
  const { page: number, perPage } = paging(context);
  const body = items.slice((number - 1) * perPage, number * perPage);
  if (body.some(({ id }) => unshown.includes(id))) return BAD_GATEWAY;
  return { code: 200, body, hasNext: items.length > number * perPage };
}

function paging(context: Context): { page: number; perPage: number } {
  const { page: number = 1, per_page: perPage = 30 } = context.request.query;
  return { page: Number(number), perPage: Math.min(100, Number(perPage)) };
}

function textOf(errors: readonly { instancePath: string; message?: string }[] | null | undefined) {
  return (errors ?? [])
    .slice(0, 3)
    .map((error) => `${error.instancePath} ${error.message}`)
    .join('; ');
}
