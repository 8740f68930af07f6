import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Issue, LocatedIssue, Path, Position } from './issue.ts';
import { LimitError, MOST, requireShort } from './yaml-limits.ts';

/** The content of a YAML file, with the place of each part in its text. */
export interface YamlDocument {
  /** Plain data; null for an empty file and where there are errors. */
  readonly value: unknown;
  readonly errors: readonly LocatedIssue[];
  /** The place of a value or of its key; where it is missing, of what encloses it. */
  locate(path: Path, part: Issue['part']): Position;
  /** A scalar as it was typed (`007`); null where there is none. */
  typed(path: Path): string | null;
}

/** YAML 1.2 with the core schema only: no tags, no merge keys; a date stays text. */
const OPTIONS = {
  version: '1.2',
  schema: 'core',
  resolveKnownTags: false,
  merge: false,
  // Would compare each key with each other one; see `inspect`.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const;

const FRIENDLIER: Partial<Record<YAMLError['code'], string>> = {
  MULTIPLE_DOCS: 'expected one document; remove the `---` and what does not belong here',
  RESOURCE_EXHAUSTION: 'not valid YAML: nested too deeply',
  TAG_RESOLVE_FAILED: 'expected plain YAML, without tags (`!…`)',
};

const message = (error: YAMLError) => FRIENDLIER[error.code] ?? `not valid YAML: ${error.message}`;

const keyOf = (pair: Pair) => String(isScalar(pair.key) ? pair.key.value : pair.key);

interface Found {
  readonly key: Node | null;
  readonly value: Node | null;
}

const keysOf = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

/** The pairs of a map by their keys: of many keys, finding one must not take longer. */
function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = keysOf.get(map);
  if (known) return known;
  const pairs = new Map(map.items.map((pair) => [keyOf(pair), pair]));
  keysOf.set(map, pairs);
  return pairs;
}

/** What each alias points at. */
type Targets = ReadonlyMap<Node, Node | null>;

/** One step down; an alias is replaced by what it points at. */
function step(targets: Targets, node: Node | null, key: string | number): Found | null {
  const inside = isAlias(node) ? (targets.get(node) ?? null) : node;
  if (isSeq(inside)) {
    const item = (inside.items[Number(key)] as Node | undefined) ?? null;
    return item && { key: item, value: item };
  }
  if (!isMap(inside)) return null;
  const pair = pairsOf(inside).get(String(key));
  return pair ? { key: pair.key as Node, value: pair.value as Node | null } : null;
}

/** What stands at a path; `complete` is false where the document ends before the path does. */
function walk(document: Document, targets: Targets, path: Path): Found & { complete: boolean } {
  let found: Found = { key: null, value: document.contents as Node | null };
  for (const key of path) {
    const next = step(targets, found.value, key);
    if (next === null) return { ...found, complete: false };
    found = next;
  }
  return { ...found, complete: true };
}

/** An empty value (`key:` and nothing) has no place of its own: its key has. */
function offsetOf({ key, value }: Found, part: Issue['part']): number {
  const [first, second] = part === 'key' ? [key, value] : [value, key];
  const isEmpty = first?.range && first.range[0] === first.range[1];
  return (isEmpty ? second?.range : (first?.range ?? second?.range))?.[0] ?? 0;
}

interface OffsetError {
  readonly offset: number;
  readonly message: string;
}

/** What is seen in one pass over a document, in the order of the text. */
interface Inspection {
  readonly errors: OffsetError[];
  readonly targets: Map<Node, Node | null>;
  readonly anchors: Map<string, Node>;
  entries: number;
}

function inspect(document: Document): Inspection {
  const seen: Inspection = { errors: [], targets: new Map(), anchors: new Map(), entries: 0 };
  try {
    inspectNode(document.contents as Node | null, 0, seen);
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    seen.errors.push(error);
  }
  return seen;
}

function inspectNode(node: Node | null, level: number, seen: Inspection): void {
  if (node === null) return;
  seen.entries += 1;
  if (seen.entries > MOST.entries) throw new LimitError('entries', node.range?.[0]);
  if (level > MOST.levels) throw new LimitError('levels', node.range?.[0]);
  if (isAlias(node)) {
    seen.targets.set(node, seen.anchors.get(node.source) ?? null);
    return;
  }
  const { anchor } = node as Scalar | YAMLMap | YAMLSeq;
  if (anchor !== undefined) seen.anchors.set(anchor, node);
  if (isSeq(node)) for (const item of node.items) inspectNode(item as Node, level + 1, seen);
  if (isMap(node)) inspectMap(node, level, seen);
}

function inspectMap(map: YAMLMap, level: number, seen: Inspection): void {
  const keys = new Set<string>();
  for (const pair of map.items) {
    const [key, value] = [pair.key as Node | null, pair.value as Node | null];
    inspectNode(key, level + 1, seen);
    const name = keyOf(pair);
    if (keys.has(name)) {
      const message = 'this key is written twice; keep one of them';
      seen.errors.push({ offset: (key ?? value)?.range?.[0] ?? 0, message });
    }
    keys.add(name);
    // A key and its value are one entry.
    seen.entries -= key === null ? 0 : 1;
    inspectNode(value, level + 1, seen);
  }
}

/** Whether aliases repeat so much that there are too many entries. What is inside itself ends there. */
function isTooMuch(root: unknown): boolean {
  let entries = 0;
  const around = new Set<unknown>();
  const fits = (value: unknown): boolean => {
    entries += 1;
    if (entries > MOST.entries) return false;
    if (typeof value !== 'object' || value === null || around.has(value)) return true;
    around.add(value);
    const all = Object.values(value).every(fits);
    around.delete(value);
    return all;
  };
  return !fits(root);
}

/** One error can cause others after it: only the first of each line is reported. */
function firstOfEachLine(errors: readonly LocatedIssue[]): LocatedIssue[] {
  const seen = new Set<number>();
  return errors.filter(({ line }) => !seen.has(line) && seen.add(line));
}

/** The place of an offset in a text that is not parsed. */
function placeIn(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Errors that have no place: an alias of an unknown anchor, too many aliases, nesting too deep. */
function errorWithoutPlace(error: unknown): LocatedIssue[] {
  const reason = error instanceof RangeError ? 'nested too deeply' : (error as Error).message;
  return [{ line: 1, column: 1, message: `not valid YAML: ${reason}` }];
}

const BROKEN = { value: null, locate: () => ({ line: 1, column: 1 }), typed: () => null };

function read(text: string): YamlDocument {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  requireShort(text);
  const document = parse(text, lines);
  const { errors, targets } = inspect(document);
  const all = [...findSyntaxErrors(document), ...errors]
    .toSorted((one, other) => one.offset - other.offset)
    .map(({ offset, message }) => ({ ...position(offset), message }));
  if (all.length > 0) return { ...BROKEN, errors: firstOfEachLine(all) };
  return {
    value: toValue(document),
    errors: [],
    locate: (path, part) => position(offsetOf(walk(document, targets, path), part)),
    typed: (path) => {
      const { value: node, complete } = walk(document, targets, path);
      return complete && isScalar(node) ? (node.source ?? null) : null;
    },
  };
}

/** Without stacks: where the parser found an error is of no use, and costs most of the time. */
function parse(text: string, lineCounter: LineCounter): Document {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return parseDocument(text, { ...OPTIONS, lineCounter }) as Document;
  } finally {
    Error.stackTraceLimit = before;
  }
}

const findSyntaxErrors = ({ errors, warnings }: Document): OffsetError[] =>
  [...errors, ...warnings].map((error) => ({ offset: error.pos[0], message: message(error) }));

/** The library's own count of aliases reads the whole document for each. */
function toValue(document: Document): unknown {
  const value = document.toJS({ maxAliasCount: -1 });
  if (!isTooMuch(value)) return value;
  throw new Error('Excessive alias count indicates a resource exhaustion attack');
}

/** Nothing is thrown: what is wrong with the text is in `errors`. */
export function parseYaml(text: string): YamlDocument {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof LimitError)) return { ...BROKEN, errors: errorWithoutPlace(error) };
    return { ...BROKEN, errors: [{ ...placeIn(text, error.offset), message: error.message }] };
  }
}
