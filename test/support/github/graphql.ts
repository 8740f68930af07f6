import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { type Cost, costOf } from './cost.ts';
import {
  type Forbidden,
  NotFound,
  nodeById,
  personNode,
  repositoryNode,
} from './graphql-resolvers.ts';
import { connection, type PageArguments, padded } from './pages.ts';
import type { Snapshot } from './snapshot.ts';
import { loginAt, type World } from './world.ts';

const SCHEMA_FILE = new URL(
  '../../../node_modules/@octokit/graphql-schema/schema.graphql',
  import.meta.url,
);

let schema: GraphQLSchema | undefined;

/** GitHub's own schema; read once, because it is long. */
export function githubSchema(): GraphQLSchema {
  schema ??= buildSchema(readFileSync(SCHEMA_FILE, 'utf8'), { assumeValid: true });
  return schema;
}

export interface GraphqlCall {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { type?: string; message: string; path?: readonly unknown[] }[];
}

/** The present repository with this name or former name, or undefined. */
export type FindRepository = (owner: string, name: string) => Snapshot | undefined;

interface ReadQuery {
  readonly document: DocumentNode;
  readonly errors: readonly { message: string }[];
}

const queries = new Map<string, ReadQuery>();

/** Parses and checks a text once: the same few are sent again and again. */
function readQuery(text: string): ReadQuery {
  const known = queries.get(text);
  if (known) return known;
  const document = parse(text);
  const errors = validate(githubSchema(), document).map(({ message }) => ({ message }));
  queries.set(text, { document, errors });
  return { document, errors };
}

/** The price of a call, and the reasons for which GitHub would refuse it. */
export function checkCall(call: GraphqlCall): { cost: Cost; refusal: GraphqlAnswer | null } {
  const { document, errors } = readQuery(call.query);
  const cost = costOf(githubSchema(), document, call.variables ?? {});
  const all = [...errors, ...cost.problems];
  return { cost, refusal: all.length > 0 ? { errors: all } : null };
}

/** Runs a call against the world as it is now. */
export async function runCall(
  call: GraphqlCall,
  world: World,
  now: string,
  find: FindRepository,
  rateLimit: Record<string, unknown>,
): Promise<GraphqlAnswer> {
  const result = await execute({
    schema: githubSchema(),
    document: readQuery(call.query).document,
    variableValues: { ...call.variables },
    rootValue: rootOf(world, now, find, rateLimit),
  });
  const errors = result.errors?.map(toGithubError);
  return errors ? { data: result.data, errors } : { data: result.data };
}

function rootOf(
  world: World,
  now: string,
  find: FindRepository,
  rateLimit: Record<string, unknown>,
) {
  return {
    rateLimit: () => rateLimit,
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const view = find(owner, name);
      if (view) return repositoryNode(view);
      throw new NotFound(`Could not resolve to a Repository with the name '${owner}/${name}'.`);
    },
    repositoryOwner: ({ login }: { login: string }) => {
      const person = world.people.find(
        (p) =>
          (p.type === 'User' || p.type === 'Organization') &&
          loginAt(p, now).toLowerCase() === login.toLowerCase(),
      );
      const node = personNode(person ?? null, now);
      return node && { ...node, repositories: ownRepositories(world, find, login) };
    },
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => findNode(world, find, id)),
    node: ({ id }: { id: string }) => findNode(world, find, id),
  };
}

/** The public repositories of an owner, oldest first. */
const ownRepositories =
  (world: World, find: FindRepository, login: string) => (page: PageArguments) => {
    const own = world.repositories.filter(
      ({ owner, refused }) => owner.toLowerCase() === login.toLowerCase() && !refused,
    );
    const { nodes, ...rest } = connection(own, page, ({ id }) => padded(id));
    const views = nodes.map(({ owner, name }) => find(owner, name));
    return { ...rest, nodes: views.flatMap((view) => (view ? [repositoryNode(view)] : [])) };
  };

function findNode(world: World, find: FindRepository, id: string) {
  for (const repository of world.repositories) {
    if (repository.refused) continue;
    const view = find(repository.owner, repository.name);
    const node = view ? nodeById(view, id) : null;
    if (node) return node;
  }
  throw new NotFound(`Could not resolve to a node with the global id of '${id}'`);
}

function toGithubError(error: GraphQLError) {
  const { type, ...extensions } =
    (error.originalError as NotFound | Forbidden | undefined)?.extensions ?? {};
  return {
    ...(type && { type }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
    message: error.message,
    ...(error.path && { path: error.path }),
  };
}
