import { toPrintableLine } from '../util/printable.ts';
import { UsageError } from '../util/usage-error.ts';

/** The place of a value in a document: keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** Something wrong in a parsed document; `part` says what to point at. */
export interface Issue {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
}

/** `repositories[2].repo`; the document itself is the empty text. */
export function formatPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** The most that a message shows of a text of the configuration. */
const MOST_CHARACTERS = 80;

/** Cut where it is long. */
export const shorten = (text: string, longest = MOST_CHARACTERS) =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

/** A word between backticks, as messages show keys and values. */
export const quoteWord = (word: unknown) => `\`${shorten(String(word))}\``;

export const quoteWords = (words: readonly unknown[]) => words.map(quoteWord).join(', ');

const isContainer = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;

/** The value at a path; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (isContainer(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    root,
  );
}

/** A place in the text of a file. Lines and columns count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LocatedIssue extends Position {
  readonly message: string;
}

export interface ConfigProblem extends LocatedIssue {
  readonly file: string;
}

/**
 * `config/repos.yaml:12:5: …`, which editors and terminals show as a link. The keys and values in it
 * are those of the file, which a fork may have changed.
 */
export function formatProblem({ file, line, column, message }: ConfigProblem): string {
  return toPrintableLine(`${file}:${line}:${column}: ${shorten(message, LONGEST_PROBLEM)}`);
}

/** Characters. The parser of YAML repeats names of any length. */
const LONGEST_PROBLEM = 450;

/** Everything that is wrong with the configuration, in the order of the files. */
export class ConfigError extends UsageError {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}
