import { isDeepStrictEqual } from 'node:util';
import {
  CST,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLSeq,
} from 'yaml';
import { readConfigText } from './read-file.ts';
import type { ConfigName } from './schema.ts';

/** What is added to a list of a file of the configuration. */
export interface NewEntry {
  readonly file: Extract<ConfigName, 'repos' | 'people'>;
  /** The keys that lead to the list. */
  readonly list: readonly string[];
  readonly value: string | number | Readonly<Record<string, number>>;
  /** Stands behind the entry as a comment; signs that no login and no name has are left out. */
  readonly note?: string;
}

/** The new text, or why a person has to edit the file. */
export type Edited = { readonly text: string } | { readonly problem: string };

/**
 * The text of a file with one more entry. There is one only if it loads to what the file held and
 * that entry, and has all of its comments in their order.
 */
export function addEntry(text: string, entry: NewEntry): Edited {
  const before = readConfigText(entry.file, text);
  if (before.document === null) return { problem: firstOf(before.problems) };
  const written = write(text, entry, before.document);
  if (written === null) return { problem: `\`${entry.list.join('.')}\` is not written as a list` };
  const after = readConfigText(entry.file, written);
  if (after.document === null) return { problem: firstOf(after.problems) };
  if (!isDeepStrictEqual(after.document, withEntry(before.document, entry))) {
    return { problem: 'the entry would change others, too' };
  }
  return keepsComments(text, written) ? { text: written } : { problem: 'a comment would be lost' };
}

const firstOf = (problems: readonly { readonly message: string }[]) =>
  problems[0]?.message ?? 'it can not be read';

const listIn = (document: unknown, list: readonly string[]): unknown[] =>
  list.reduce((value, key) => (value as Record<string, unknown>)[key], document) as unknown[];

/** The loaded document as it should be. */
function withEntry(document: unknown, { list, value }: NewEntry): unknown {
  const copy = structuredClone(document);
  listIn(copy, list).push(value);
  return copy;
}

/** Null where the file has something else in the place of the list. */
function write(text: string, { list, value, note = '' }: NewEntry, loaded: unknown): string | null {
  const lineCounter = new LineCounter();
  const lines = text.replaceAll('\r\n', '\n');
  const document = parseDocument(lines, { version: '1.2', schema: 'core', lineCounter });
  const style = styleOf(document.contents, lineCounter);
  const hasParents = list.every((_, at) => at === 0 || isMap(document.getIn(list.slice(0, at))));
  const found = hasParents ? document.getIn(list, true) : undefined;
  if (found === undefined) document.setIn(list, document.createNode(listIn(loaded, list)));
  const items = document.getIn(list, true);
  if (!isSeq(items)) return null;
  addTo(items, document.createNode(value) as Node, note);
  const written = document.toString(style);
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
}

function addTo(items: YAMLSeq, node: Node, note: string): void {
  if (items.items.length === 0) items.flow = false;
  if (isMap(node)) node.flow = true;
  const clean = note.replaceAll(/[^\w ./[\]-]/g, '');
  if (clean !== '' && items.flow !== true) node.comment = ` ${clean}`;
  items.items.push(node);
}

/**
 * How the library writes the file: no line is folded, no space stands inside brackets, and lists are
 * as far in as the first one.
 */
function styleOf(contents: unknown, lines: LineCounter) {
  const pairs = isMap(contents) ? contents.items : [];
  const pair = pairs.find(({ value }) => isSeq(value) && value.flow !== true);
  const column = (node: unknown) => lines.linePos((node as Node).range?.[0] ?? 0).col;
  const indent = pair && isScalar(pair.key) ? column(pair.value) - column(pair.key) : 2;
  const indentSeq = indent > 0;
  return { lineWidth: 0, flowCollectionPadding: false, indentSeq, indent: indentSeq ? indent : 2 };
}

/** Whether the comments of a text stand in another one, in the same order. */
function keepsComments(before: string, after: string): boolean {
  const left = commentsOf(after);
  return commentsOf(before).every((comment) => {
    const at = left.indexOf(comment);
    left.splice(0, at + 1);
    return at >= 0;
  });
}

function commentsOf(text: string): string[] {
  const tokens = [...new Lexer().lex(text)];
  const isText = (at: number) => CST.tokenType(tokens[at - 1] ?? '') === 'scalar';
  return tokens
    .filter((token, at) => !isText(at) && CST.tokenType(token) === 'comment')
    .map((comment) => comment.trim());
}
