import { UsageError } from '../util/usage-error.ts';

/** Where a value lies in a document: keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** Something wrong with a document that was parsed; `part` says what to point at. */
export interface Mistake {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
}

/** `repositories[2].repo`; the document itself has no name. */
export function formatPath(path: Path): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

const isContainer = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;

/** The value at a path, or undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (isContainer(value) && Object.hasOwn(value, step) ? value[step] : undefined),
    root,
  );
}

/** One thing wrong in one place of the configuration. Lines and columns count from 1. */
export interface ConfigProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `config/repos.yaml:12:5: …`, which editors and terminals turn into a link. */
export function formatProblem({ file, line, column, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** Everything that is wrong with the configuration, in the order of the files. */
export class ConfigError extends UsageError {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}
