import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { explainIssues } from './format-issues.ts';
import type { ConfigProblem, Mistake } from './issue.ts';
import { checkRules } from './rules.ts';
import { CONFIG_SCHEMAS, type ConfigDocument, type ConfigName } from './schema.ts';
import { parseYaml, type YamlDocument } from './yaml-document.ts';

/** Beyond this it is not a configuration that a person wrote; parsing it would only take long. */
export const MAX_CONFIG_BYTES = 5_000_000;

/** What a file holds, that it is not there, or why it cannot be read. */
export type TextFile =
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

/** Reads UTF-8 with or without a byte order mark. Nothing is thrown. */
export function readText(path: string): TextFile {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return { kind: 'absent' };
    if (!stats.isFile()) return unreadable('expected a file');
    if (stats.size > MAX_CONFIG_BYTES) {
      return unreadable(`expected at most ${MAX_CONFIG_BYTES / 1e6} MB; found ${stats.size} bytes`);
    }
    return decode(readFileSync(path));
  } catch (error) {
    return unreadable(`cannot be read: ${(error as Error).message}`);
  }
}

/** A file's document, or what is wrong with it. */
export type FileResult<N extends ConfigName> =
  | { readonly document: ConfigDocument<N>; readonly problems: readonly [] }
  | { readonly document: null; readonly problems: readonly ConfigProblem[] };

type Spot = Omit<ConfigProblem, 'file'>;

const atTop = (message: string): Spot => ({ line: 1, column: 1, message });

function place(document: YamlDocument, { path, part, message }: Mistake): Spot {
  return { ...document.locate(path, part), message };
}

const inOrder = (spots: readonly Spot[]) =>
  spots.toSorted((one, other) => one.line - other.line || one.column - other.column);

/** What the text of a file says; an empty one says what a missing one does: the defaults. */
function checkText(name: ConfigName, text: string): { data: unknown; spots: Spot[] } {
  const document = parseYaml(text);
  if (document.errors.length > 0) return { data: null, spots: [...document.errors] };
  const root = document.value ?? {};
  const schema: z.ZodType = CONFIG_SCHEMAS[name];
  const parsed = schema.safeParse(root);
  const mistakes = [
    ...(parsed.success ? [] : explainIssues(parsed.error.issues, { schema, root })),
    ...checkRules(name, document),
  ];
  return {
    data: parsed.data,
    spots: inOrder(mistakes.map((mistake) => place(document, mistake))),
  };
}

function checkFile(path: string, name: ConfigName): { data: unknown; spots: Spot[] } {
  const file = readText(path);
  if (file.kind === 'unreadable') return { data: null, spots: [atTop(file.message)] };
  if (file.kind === 'text') return checkText(name, file.text);
  if (name !== 'repos') return checkText(name, '');
  const message = 'there is no such file; expected `repositories:` with a list of owner/name';
  return { data: null, spots: [atTop(message)] };
}

/** Reads and checks `<dir>/<name>.yaml`. Nothing is thrown: all files are to be heard. */
export function readConfigFile<N extends ConfigName>(dir: string, name: N): FileResult<N> {
  const file = `${dir}/${name}.yaml`;
  const { data, spots } = checkFile(file, name);
  if (spots.length === 0) return { document: data as ConfigDocument<N>, problems: [] };
  return { document: null, problems: spots.map((spot) => ({ file, ...spot })) };
}
