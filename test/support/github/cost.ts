import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

/** Most nodes that one call may request. */
export const NODE_LIMIT = 500_000;
/** Most items of one page. */
export const PAGE_LIMIT = 100;

export interface Cost {
  /** Points of the call: requests for unique connections, divided by 100, rounded, at least 1. */
  readonly points: number;
  /** Nodes that the call may return. */
  readonly nodes: number;
  /** The reasons for which GitHub refuses the call. */
  readonly problems: readonly { type: string; message: string }[];
}

/**
 * The price of a call, by GitHub's published rules:
 * every request reaches its `first` or `last`; a connection inside one of 50 nodes is requested 50 times.
 * Source: docs.github.com, "Rate limits and query limits for the GraphQL API".
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Cost {
  const walk = new Walk(schema, document, variables);
  const query = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (query) walk.selections(query.selectionSet, schema.getQueryType() ?? undefined, 1);
  if (walk.nodes > NODE_LIMIT) {
    walk.problems.push({
      type: 'MAX_NODE_LIMIT_EXCEEDED',
      message: `This query requests up to ${walk.nodes} possible nodes which exceeds the maximum limit of 500,000.`,
    });
  }
  const points = Math.max(1, Math.round(walk.requests / 100));
  return { points, nodes: walk.nodes, problems: walk.problems };
}

class Walk {
  requests = 0;
  nodes = 0;
  readonly problems: { type: string; message: string }[] = [];
  readonly fragments: Map<string, FragmentDefinitionNode>;
  readonly schema: GraphQLSchema;
  readonly variables: Readonly<Record<string, unknown>>;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
  ) {
    this.schema = schema;
    this.variables = variables;
    this.fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  selections(
    set: SelectionSetNode | undefined,
    type: GraphQLNamedType | undefined,
    times: number,
  ): void {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) this.field(selection, type, times);
      else {
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? this.fragments.get(selection.name.value)
            : selection;
        const on = fragment?.typeCondition?.name.value;
        this.selections(fragment?.selectionSet, on ? this.schema.getType(on) : type, times);
      }
    }
  }

  field(field: FieldNode, parent: GraphQLNamedType | undefined, times: number): void {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return;
    const type = getNamedType(parent.getFields()[field.name.value]?.type);
    if (!isCompositeType(type)) return;
    const inner = type.name.endsWith('Connection')
      ? this.connection(field, times)
      : times * this.listLength(field);
    this.selections(field.selectionSet, type, inner);
  }

  connection(field: FieldNode, times: number): number {
    this.requests += times;
    const size = (this.argument(field, 'first') ?? this.argument(field, 'last')) as number | null;
    if (typeof size !== 'number') {
      if (!onlyCounts(field)) {
        this.problems.push({
          type: 'MISSING_PAGINATION_BOUNDARIES',
          message: `You must provide a \`first\` or \`last\` value to properly paginate the \`${field.name.value}\` connection.`,
        });
      }
      return times;
    }
    if (size < 1 || size > PAGE_LIMIT) {
      this.problems.push({
        type: 'EXCESSIVE_PAGINATION',
        message: `Requesting ${size} records on the \`${field.name.value}\` connection exceeds the \`first\` limit of 100 records.`,
      });
    }
    this.nodes += times * size;
    return times * size;
  }

  /** `nodes(ids: […])` requests one node for each id. */
  listLength(field: FieldNode): number {
    const ids = this.argument(field, 'ids');
    if (!Array.isArray(ids)) return 1;
    if (ids.length > PAGE_LIMIT) {
      this.problems.push({
        type: 'ARGUMENT_LIMIT',
        message: `You may not provide more than 100 node ids; you provided ${ids.length}.`,
      });
    }
    this.nodes += ids.length;
    return ids.length;
  }

  argument(field: FieldNode, name: string): unknown {
    const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
    return value ? (valueFromASTUntyped(value, { ...this.variables }) ?? null) : null;
  }
}

function onlyCounts(field: FieldNode): boolean {
  return (field.selectionSet?.selections ?? []).every(
    (selection) => selection.kind === Kind.FIELD && selection.name.value === 'totalCount',
  );
}
