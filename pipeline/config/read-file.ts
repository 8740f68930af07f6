import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { formatIssues } from './format-issues.ts';
import type { ConfigProblem, Issue, LocatedIssue, Position } from './issue.ts';
import { checkRules } from './rules.ts';
import { CONFIG_SCHEMAS, type ConfigDocument, type ConfigName } from './schema.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** No person writes a longer configuration, and parsing one would only take long. */
export const MAX_CONFIG_BYTES = 1_000_000;

/** A person corrects these, and then sees the others. */
export const MOST_PROBLEMS = 100;

/** The text of a file, that there is none, or why it can't be read. */
type TextFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly message: string };

const unreadable = (message: string): TextFile => ({ kind: 'unreadable', message });

function decode(bytes: Buffer): TextFile {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return unreadable('expected text in UTF-8; save it in that encoding');
  }
}

export const describeTooLarge = (bytes: number) =>
  `expected at most ${MAX_CONFIG_BYTES / 1e6} MB; found ${bytes} bytes`;

/** Reads UTF-8 with or without a byte order mark. Nothing is thrown. */
function readText(path: string): TextFile {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return { kind: 'absent' };
    if (!stats.isFile()) return unreadable('expected a file');
    if (stats.size > MAX_CONFIG_BYTES) {
      return unreadable(describeTooLarge(stats.size));
    }
    return decode(readFileSync(path));
  } catch (error) {
    return unreadable(`cannot be read: ${(error as Error).message}`);
  }
}

/** The document of a file, or what is wrong with it. */
type FileResult<N extends ConfigName> =
  | { readonly document: ConfigDocument<N>; readonly problems: readonly [] }
  | { readonly document: null; readonly problems: readonly ConfigProblem[] };

const atTop = (message: string): LocatedIssue => ({ line: 1, column: 1, message });

const inOrder = <T extends Position>(positions: readonly T[]) =>
  positions.toSorted((one, other) => one.line - other.line || one.column - other.column);

/** The first in the text; an issue that is not reported is not put into words. */
function reportIssues(document: YamlDocument, issues: readonly Issue[]): LocatedIssue[] {
  const located = issues.map((issue) => ({ ...document.locate(issue.path, issue.part), issue }));
  return limit(inOrder(located)).map((entry) =>
    'issue' in entry
      ? { line: entry.line, column: entry.column, message: entry.issue.message }
      : entry,
  );
}

/** What ends a list of problems that is cut. */
export const andMore = (length: number) =>
  `and ${(length - MOST_PROBLEMS).toLocaleString('en-US')} more`;

/** After the most that are reported, one entry says how many more there are, where they begin. */
function limit<T extends Position>(all: readonly T[]): (T | LocatedIssue)[] {
  const first = all[MOST_PROBLEMS];
  if (first === undefined) return [...all];
  const { line, column } = first;
  return [...all.slice(0, MOST_PROBLEMS), { line, column, message: andMore(all.length) }];
}

interface Checked {
  readonly data: unknown;
  readonly issues: LocatedIssue[];
}

/** Checks the text of a file. An empty file and a missing one both mean the defaults. */
function checkText(name: ConfigName, text: string): Checked {
  const document = parseYaml(text);
  if (document.errors.length > 0) return { data: null, issues: limit(document.errors) };
  const root = document.value ?? {};
  const schema: z.ZodType = CONFIG_SCHEMAS[name];
  const parsed = schema.safeParse(root);
  const found = [
    ...(parsed.success ? [] : formatIssues(parsed.error.issues, { schema, root })),
    ...checkRules(name, document),
  ];
  return { data: parsed.data, issues: reportIssues(document, found) };
}

function checkFile(path: string, name: ConfigName): Checked {
  const file = readText(path);
  if (file.kind === 'unreadable') return { data: null, issues: [atTop(file.message)] };
  if (file.kind === 'text') return checkText(name, file.text);
  if (name !== 'repos') return checkText(name, '');
  const message = 'there is no such file; expected `repositories:` with a list of owner/name';
  return { data: null, issues: [atTop(message)] };
}

/** Checks a text as that of a file. */
export function readConfigText<N extends ConfigName>(name: N, text: string): FileResult<N> {
  return toResult(`config/${name}.yaml`, checkText(name, text));
}

/** Reads and checks `<dir>/<name>.yaml`. Nothing is thrown: the problems of all files are reported together. */
export function readConfigFile<N extends ConfigName>(dir: string, name: N): FileResult<N> {
  const file = `${dir}/${name}.yaml`;
  return toResult(file, checkFile(file, name));
}

function toResult<N extends ConfigName>(file: string, { data, issues }: Checked): FileResult<N> {
  if (issues.length === 0) return { document: data as ConfigDocument<N>, problems: [] };
  return { document: null, problems: issues.map((issue) => ({ file, ...issue })) };
}
