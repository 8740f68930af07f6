import {
  readDeadLetters,
  removeDeadLetters,
  type StoredLetter,
} from '../../../db/queries/dead-letters.ts';
import type { Context } from '../../runtime/context.ts';
import type { LetterAction } from '../../runtime/options.ts';
import { print, toPrintableLine } from '../../util/printable.ts';
import { EXIT, UsageError } from '../../util/usage-error.ts';
import { describePart, parseLetter } from './parse-letter.ts';
import { retryLetter } from './retry-letter.ts';

export interface LetterRequest {
  readonly action: LetterAction;
  /** As given on the command line. */
  readonly ids: readonly string[];
  readonly all: boolean;
  /** `list` prints JSON. */
  readonly json: boolean;
}

/** Lists, retries or drops what was given up. Returns the exit code: 1 if a letter stays. */
export async function runDeadLetters(
  { db, log }: Pick<Context, 'db' | 'log'>,
  { action, ids, all, json }: LetterRequest,
): Promise<number> {
  const wanted = ids.map(parseId);
  if (action !== 'list' && all === wanted.length > 0) {
    throw new UsageError(`dead-letters ${action}: give the numbers of \`list\`, or --all`);
  }
  const letters = await readDeadLetters(db, wanted.length > 0 ? wanted : null);
  const missing = wanted.find((id) => !letters.some((letter) => letter.id === id));
  if (missing !== undefined) throw new UsageError(`there is no dead letter ${missing}`);
  if (action === 'list') {
    print(json ? JSON.stringify(letters, null, 2) : formatLetters(letters));
    return EXIT.done;
  }
  if (action === 'drop') {
    const dropped = letters.map(({ id }) => id);
    await removeDeadLetters(db, 'DEAD_LETTER_DROPPED', dropped);
    log.info({ letters: dropped.length }, 'dead letters dropped');
    return EXIT.done;
  }
  let stay = 0;
  for (const letter of letters) {
    const { isRetried, message } = await retryLetter(db, letter);
    log[isRetried ? 'info' : 'warn']({ letter: letter.id }, message);
    stay += isRetried ? 0 : 1;
  }
  return stay === 0 ? EXIT.done : EXIT.failed;
}

function parseId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(
    `${text} is no number of a dead letter: see \`npm run dead-letters -- list\``,
  );
}

const HEAD = ['ID', 'AT', 'SOURCE', 'CLASS', 'WHAT', 'WHY'];
const LONGEST_WHY = 200;

/** A table with a line for each letter. */
export function formatLetters(letters: readonly StoredLetter[]): string {
  if (letters.length === 0) return 'There is no dead letter.';
  const rows = letters.map((letter) => [
    String(letter.id),
    letter.created_at.toISOString().slice(0, 16),
    letter.source,
    letter.error_class,
    toPrintableLine(describePart(parseLetter(letter))),
    toPrintableLine(letter.error_message).slice(0, LONGEST_WHY),
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [HEAD, ...rows].map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  );
  return lines.map((line) => line.trimEnd()).join('\n');
}
