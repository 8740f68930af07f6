import { z } from 'zod';
import type { Contribution } from './contribution.ts';

/**
 * What the columns of the tables can hold. Every source checks what it reads by these schemas: what
 * is only shown is changed until it fits, and what identifies or counts is refused if it does not.
 */

/** The highest value of PostgreSQL's type `integer`. */
const MAX_INTEGER = 2_147_483_647;

/** Most characters that are stored of a text. GitHub's own limits are lower. */
export const LONGEST = {
  title: 200,
  name: 255,
  description: 2_000,
  address: 2_000,
  message: 10_000,
} as const;

/**
 * A text that PostgreSQL can store: U+FFFD stands for NUL and for half a surrogate pair, and the
 * end of a longer text is left out.
 * @param longest in UTF-16 code units, as JavaScript counts
 */
export function toStoredText(text: string, longest: number): string {
  // A cut may go through a pair, and then leaves out both halves.
  const short =
    text.length > longest ? text.slice(0, longest).replace(/[\ud800-\udbff]$/, '') : text;
  return short.replaceAll('\0', '\ufffd').toWellFormed();
}

/** A text that is only shown. */
export const storedText = (longest: number) =>
  z.string().transform((text) => toStoredText(text, longest));

/**
 * The first line of a text, as a title: without control characters, and cut. Null if nothing is
 * left, or if it is no text: a title is only shown.
 */
export const storedTitle = z
  .string()
  .catch('')
  .transform((text) => {
    const [line = ''] = text.split(/[\r\n\v\f\x85\u2028\u2029]/, 1);
    return toStoredText(line.replace(/(?:(?!\0)[\p{Cc}\s])+/gu, ' ').trim(), LONGEST.title) || null;
  });

/**
 * A name inside of GitHub that an address is made of, such as a tag: as it is, or not at all.
 */
export const storedReference = z
  .string()
  .max(LONGEST.name)
  .regex(/^[^\p{C}\s]+$/u)
  .nullable()
  .catch(null);

/** A count that is only shown, such as stars: the nearest one that fits. */
export const storedCount = z
  .number()
  .transform((count) => Math.trunc(Math.min(Math.max(count, 0), MAX_INTEGER)));

/** GitHub's numeric id of anything. A negative one stands for an account of which only the login is known. */
export const storedId = z.int().positive();

/** Number of an issue or a pull request. */
export const storedNumber = z.int().positive().max(MAX_INTEGER);

/** Lines of one change: far above any pull request; so bounded, sums of them stay exact. */
export const storedLines = z.int().nonnegative().max(MAX_INTEGER);

/**
 * Any text that a database can keep and a page can show; GitHub's own rule is narrower.
 * `…_old_1` is what we call an account whose login another one took, so nobody else has it.
 */
export const storedLogin = z
  .string()
  .max(100)
  .regex(/^(?!.*_old_\d+$)[^\p{Cc}\p{Cs}]+$/u);

const contributionSchema = z.object({
  eventId: z
    .string()
    .max(255)
    .regex(/^[\w:]+$/),
  account: z.object({ id: storedId, login: storedLogin }).nullable(),
  subjectNumber: storedNumber.nullable(),
  linesAdded: storedLines.nullable(),
  linesDeleted: storedLines.nullable(),
});

/** Why the tables can't hold a contribution; null if they can. */
export function storageFault(contribution: Contribution): string | null {
  const { error } = contributionSchema.safeParse(contribution);
  return error ? firstIssue(error) : null;
}

/** The first thing that is wrong with a value, and where in it. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message}`;
}
