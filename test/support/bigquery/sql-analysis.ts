import type { SqlColumn, SqlType } from './sql-types.ts';

/** The facts in the resolved tree of a statement that its price and its evaluation need. */

export interface SqlAnalysis {
  /** The tables that are read, with the columns of each. */
  readonly scans: readonly { table: string; columns: readonly string[] }[];
  /** Inclusive bounds of `_TABLE_SUFFIX` from literals; null without bounds. */
  readonly suffixes: readonly [string, string] | null;
  /** Whether each row of the result depends on only one row of the table. */
  readonly isRowWise: boolean;
  readonly columns: readonly SqlColumn[];
}

/** Scans that keep a statement row-wise: its result over a table is the union over its parts. */
const ROW_WISE = /^resolved(Table|Filter|Project|Array)ScanNode$/;

interface Node {
  readonly [member: string]: unknown;
}

/** Reads these facts from the resolved tree. */
export function readTree(tree: unknown): SqlAnalysis {
  const scans: { table: string; columns: string[] }[] = [];
  let suffixes: [string, string] | null = null;
  let isRowWise = true;
  for (const [kind, node] of nodes(tree)) {
    if (kind.endsWith('ScanNode') && !ROW_WISE.test(kind)) isRowWise = false;
    if (kind === 'resolvedTableScanNode') scans.push(tableScan(node));
    if (kind === 'resolvedFunctionCallNode') suffixes = suffixBounds(node) ?? suffixes;
  }
  return { scans, suffixes, isRowWise, columns: outputColumns(tree) };
}

function* nodes(value: unknown): Generator<[string, Node]> {
  if (value === null || typeof value !== 'object') return;
  for (const [kind, child] of Object.entries(value)) {
    if (kind.startsWith('resolved') && child !== null) yield [kind, child as Node];
    yield* nodes(child);
  }
}

function tableScan(node: Node): { table: string; columns: string[] } {
  const { table, parent } = node as unknown as {
    table: { name: string };
    parent?: { columnList?: { name: string }[] };
  };
  return { table: table.name, columns: (parent?.columnList ?? []).map((column) => column.name) };
}

/** The bounds of `_TABLE_SUFFIX BETWEEN 'a' AND 'b'`: only literals bound what is read. */
function suffixBounds(node: Node): [string, string] | null {
  const { parent: call } = node as unknown as {
    parent?: {
      function?: { name: string };
      argumentList?: {
        resolvedColumnRefNode?: { column: { name: string } };
        resolvedLiteralNode?: { value: { value: { stringValue: string } } };
      }[];
    };
  };
  const [column, from, to] = call?.argumentList ?? [];
  if (call?.function?.name !== 'ZetaSQL:$between') return null;
  if (column?.resolvedColumnRefNode?.column.name !== '_TABLE_SUFFIX') return null;
  if (!from?.resolvedLiteralNode || !to?.resolvedLiteralNode) return null;
  return [
    from.resolvedLiteralNode.value.value.stringValue,
    to.resolvedLiteralNode.value.value.stringValue,
  ];
}

function outputColumns(tree: unknown): SqlColumn[] {
  const { resolvedStatement } = tree as {
    resolvedStatement?: {
      resolvedQueryStmtNode?: { outputColumnList?: { name: string; column: { type: SqlType } }[] };
    };
  };
  const list = resolvedStatement?.resolvedQueryStmtNode?.outputColumnList ?? [];
  return list.map(({ name, column }) => ({ name, type: column.type }));
}
