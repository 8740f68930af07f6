import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectFolder } from './run-command.ts';

/** The declarations of a file, read by TypeScript's own parser. */

/** An interface, or an alias of an object type. */
export interface ObjectType {
  readonly file: string;
  readonly name: string;
  /** Its own properties and methods. */
  readonly properties: readonly string[];
  /** Names of the types that it extends or intersects by `&`. */
  readonly parents: readonly string[];
}

export interface FunctionSize {
  readonly file: string;
  /** Empty for a function without a name. */
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export function parseFile(file: string): ts.SourceFile {
  return parseText(file, readFileSync(join(projectFolder, file), 'utf8'));
}

export const parseText = (file: string, text: string): ts.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** All nodes below a node. */
function* descendants(node: ts.Node): Generator<ts.Node> {
  for (const child of node.getChildren()) {
    yield child;
    yield* descendants(child);
  }
}

const propertyNames = (members: readonly ts.TypeElement[]): string[] =>
  members.flatMap(({ name }) => (name ? [name.getText()] : []));

/** The object types that a file declares by name. */
export function objectTypes(source: ts.SourceFile): ObjectType[] {
  return [...descendants(source)].flatMap((node) => {
    if (!ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) return [];
    return [{ file: source.fileName, name: node.name.text, ...shapeOf(node) }];
  });
}

function shapeOf(
  node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration,
): Pick<ObjectType, 'properties' | 'parents'> {
  if (ts.isInterfaceDeclaration(node)) {
    const parents = node.heritageClauses?.flatMap(({ types }) => types) ?? [];
    return {
      properties: propertyNames(node.members),
      parents: parents.map(({ expression }) => expression.getText()),
    };
  }
  const parts = ts.isIntersectionTypeNode(node.type) ? [...node.type.types] : [node.type];
  return {
    properties: parts.flatMap((part) =>
      ts.isTypeLiteralNode(part) ? propertyNames(part.members) : [],
    ),
    parents: parts.flatMap((part) =>
      ts.isTypeReferenceNode(part) ? [part.typeName.getText()] : [],
    ),
  };
}

/** The functions of a file that have a body, those within others included. */
export function functionSizes(source: ts.SourceFile): FunctionSize[] {
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  return [...descendants(source)].flatMap((node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return [];
    const line = lineAt(node.getStart());
    const lines = lineAt(node.getEnd()) - line + 1;
    return [{ file: source.fileName, name: node.name?.getText() ?? '', line, lines }];
  });
}
