import { UsageError } from '../util/usage-error.ts';

/** What to do about a limit of the PostgreSQL server, by SQLSTATE. */
const LIMITS: Readonly<Record<string, string>> = {
  '53100': 'the disk of the database server is full: make room on it',
  '53200': 'the database server has no memory left: give it more, or lower its work_mem',
  '53400': 'raise temp_file_limit or work_mem of the role',
};

/** The message of one error, without its causes. A refused connection has only a code. */
function headOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const advice = code === null ? undefined : LIMITS[code];
  return [error.message || code || error.name, ...(advice ? [advice] : [])].join(': ');
}

/** The causes of an error: its cause and, if several things failed at once, each of them. */
function causesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const many = error instanceof AggregateError ? error.errors : [];
  return error.cause === undefined ? many : [error.cause, ...many];
}

/** An error, and below it its causes, indented. A cause that is already listed is left out. */
function chain(error: unknown, depth: number, seen: ReadonlySet<unknown>): string[] {
  if (seen.has(error)) return [];
  const line = depth === 0 ? headOf(error) : `${'  '.repeat(depth)}caused by: ${headOf(error)}`;
  const below = new Set([...seen, error]);
  return [line, ...causesOf(error).flatMap((cause) => chain(cause, depth + 1, below))];
}

/**
 * The text about a failure: for wrong use only the message; for anything else also the causes
 * and, if `withStack`, the stack.
 */
export function formatFailure(error: unknown, withStack: boolean): string {
  if (error instanceof UsageError) return error.message;
  const stack = withStack && error instanceof Error ? [error.stack ?? ''] : [];
  return [...chain(error, 0, new Set()), ...stack].join('\n');
}
