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
  type YAMLError,
} from 'yaml';
import type { Issue, LocatedIssue, Path, Position } from './issue.ts';

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

/**
 * More aliases than any configuration needs. Without a limit, a few hundred bytes of nested
 * aliases grow to gigabytes.
 */
const MAX_ALIASES = 100;

/** YAML 1.2 with the core schema only: no tags, no merge keys; a date stays text. */
const OPTIONS = {
  version: '1.2',
  schema: 'core',
  resolveKnownTags: false,
  merge: false,
  uniqueKeys: true,
  prettyErrors: false,
  logLevel: 'error',
} as const;

const FRIENDLIER: Partial<Record<YAMLError['code'], string>> = {
  DUPLICATE_KEY: 'this key is written twice; keep one of them',
  MULTIPLE_DOCS: 'expected one document; remove the `---` and what does not belong here',
  TAG_RESOLVE_FAILED: 'expected plain YAML, without tags (`!…`)',
};

const message = (error: YAMLError) => FRIENDLIER[error.code] ?? `not valid YAML: ${error.message}`;

const keyOf = (pair: Pair) => String(isScalar(pair.key) ? pair.key.value : pair.key);

interface Found {
  readonly key: Node | null;
  readonly value: Node | null;
}

/** One step down; an alias is replaced by what it points at. */
function step(document: Document, node: Node | null, key: string | number): Found | null {
  const inside = isAlias(node) ? (node.resolve(document) ?? null) : node;
  if (isSeq(inside)) {
    const item = (inside.items[Number(key)] as Node | undefined) ?? null;
    return item && { key: item, value: item };
  }
  if (!isMap(inside)) return null;
  const pair = inside.items.find((candidate) => keyOf(candidate as Pair) === String(key));
  return pair ? { key: pair.key as Node, value: pair.value as Node | null } : null;
}

/** What stands at a path; `complete` is false where the document ends before the path does. */
function walk(document: Document, path: Path): Found & { complete: boolean } {
  let found: Found = { key: null, value: document.contents as Node | null };
  for (const key of path) {
    const next = step(document, found.value, key);
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

/** One error can cause others after it: only the first of each line is reported. */
function firstOfEachLine(errors: readonly LocatedIssue[]): LocatedIssue[] {
  const seen = new Set<number>();
  return errors.filter(({ line }) => !seen.has(line) && seen.add(line));
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
  const document = parseDocument(text, { ...OPTIONS, lineCounter: lines }) as Document;
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    ...position(error.pos[0]),
    message: message(error),
  }));
  if (errors.length > 0) return { ...BROKEN, errors: firstOfEachLine(errors) };
  return {
    value: document.toJS({ maxAliasCount: MAX_ALIASES }),
    errors: [],
    locate: (path, part) => position(offsetOf(walk(document, path), part)),
    typed: (path) => {
      const { value: node, complete } = walk(document, path);
      return complete && isScalar(node) ? (node.source ?? null) : null;
    },
  };
}

/** Nothing is thrown: what is wrong with the text is in `errors`. */
export function parseYaml(text: string): YamlDocument {
  try {
    return read(text);
  } catch (error) {
    return { ...BROKEN, errors: errorWithoutPlace(error) };
  }
}
