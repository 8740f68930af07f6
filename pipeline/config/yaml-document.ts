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
import type { Mistake, Path } from './issue.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file's content with the places it came from. */
export interface YamlDocument {
  /** Plain data; null for an empty file and where there are errors. */
  readonly value: unknown;
  readonly errors: readonly (Position & { readonly message: string })[];
  /** The place of a value or of its key; of the nearest thing around it where it is missing. */
  locate(path: Path, part: Mistake['part']): Position;
  /** A scalar as it was typed (`007`), or null where there is none. */
  typed(path: Path): string | null;
}

/**
 * More repetition than any configuration needs: a few hundred bytes of nested aliases
 * would otherwise grow to gigabytes.
 */
const MAX_ALIASES = 100;

/** YAML 1.2 core and nothing beside it: no tags, no merge keys; a date stays text. */
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
  DUPLICATE_KEY: 'this key is there twice; keep one of them',
  MULTIPLE_DOCS: 'expected one document; remove the `---` and what does not belong here',
  TAG_RESOLVE_FAILED: 'expected plain YAML, without tags (`!…`)',
};

const message = (error: YAMLError) => FRIENDLIER[error.code] ?? `not valid YAML: ${error.message}`;

const keyOf = (pair: Pair) => String(isScalar(pair.key) ? pair.key.value : pair.key);

interface Found {
  readonly key: Node | null;
  readonly value: Node | null;
}

/** One step down; an alias stands for what it points at. */
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

/** What lies at a path, or as far along it as the document goes. */
function walk(document: Document, path: Path): Found & { complete: boolean } {
  let found: Found = { key: null, value: document.contents as Node | null };
  for (const key of path) {
    const next = step(document, found.value, key);
    if (next === null) return { ...found, complete: false };
    found = next;
  }
  return { ...found, complete: true };
}

/** A value that is not there at all (`key:` and nothing) is shown at its key. */
function offsetOf({ key, value }: Found, part: Mistake['part']): number {
  const [first, second] = part === 'key' ? [key, value] : [value, key];
  const isEmpty = first?.range && first.range[0] === first.range[1];
  return (isEmpty ? second?.range : (first?.range ?? second?.range))?.[0] ?? 0;
}

type YamlErrors = YamlDocument['errors'];

/** One error can set off others behind it; the first of a line is the one to mend. */
function firstOfEachLine(errors: YamlErrors): YamlErrors {
  const seen = new Set<number>();
  return errors.filter(({ line }) => !seen.has(line) && seen.add(line));
}

/** Some errors have no place: an alias of nothing, aliases or nesting without end. */
function nowhere(error: unknown): YamlErrors {
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

/** Errors: none is thrown; whatever is wrong with the text is in `errors`. */
export function parseYaml(text: string): YamlDocument {
  try {
    return read(text);
  } catch (error) {
    return { ...BROKEN, errors: nowhere(error) };
  }
}
