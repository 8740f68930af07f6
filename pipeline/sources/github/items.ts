import { z } from 'zod';
import type { RefusedItem } from '../../domain/source.ts';
import { firstIssue, toStoredText } from '../../domain/stored-value.ts';
import { UnexpectedAnswerError } from './errors.ts';
import type { Skipped } from './outcome.ts';

/** The items of GitHub's lists: each is checked by itself, so that a bad one takes no other along. */

/** A moment. A commit may have any year: what lies outside the window is skipped later. */
export const githubTime = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** An id or a cursor that is only sent back to GitHub; it is stored between runs. */
export const githubKey = z
  .string()
  .max(2_000)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);

/** An item that can't be read: counted as one that could not be stored. */
export interface PutAside extends Skipped {
  readonly skipped: 'constraint';
}

/** A list. An item that does not match the schema is put aside. */
export function itemsOf<T extends z.ZodType>(schema: T) {
  return z
    .array(z.unknown())
    .transform((items): (z.infer<T> | PutAside)[] => items.map((item) => parseItem(schema, item)));
}

/** The item, or why it is put aside. */
export function parseItem<T extends z.ZodType>(schema: T, item: unknown): z.infer<T> | PutAside {
  const { success, data, error } = schema.safeParse(item);
  if (success) return data;
  return putAsideFor(`GitHub's ${firstIssue(error)}`, identityOf(item), 'constraint');
}

/** An item that is put aside for a reason, with what finds it again. */
export function putAsideFor(
  reason: string,
  item: Readonly<Record<string, unknown>>,
  errorClass: RefusedItem['errorClass'] = 'refused',
): PutAside {
  return { skipped: 'constraint', refused: { reason, item, errorClass } };
}

export function isPutAside(item: object | null): item is PutAside {
  return item !== null && 'skipped' in item;
}

/** The items that could be read. */
export function readable<T extends object | null>(
  items: readonly (T | PutAside)[],
): Exclude<T, PutAside>[] {
  return items.filter((item): item is Exclude<T, PutAside> => !isPutAside(item));
}

/** What finds an item again, in GraphQL or REST. No texts of people. */
const IDENTITY = [
  ...['id', 'node_id', 'number', 'oid', 'sha', 'databaseId', 'fullDatabaseId'],
  ...['createdAt', 'created_at', 'updatedAt', 'updated_at', 'committedDate', 'submittedAt'],
];
const LONGEST_VALUE = 100;

export function identityOf(item: unknown): Readonly<Record<string, string>> {
  if (typeof item !== 'object' || item === null) return {};
  const members = Object.entries(item).filter(
    ([key, value]) => IDENTITY.includes(key) && /^(?:string|number)$/.test(typeof value),
  );
  return Object.fromEntries(
    members.map(([key, value]) => [key, toStoredText(String(value), LONGEST_VALUE)]),
  );
}

/**
 * Watches over the pages of one list. Call it with the place of each page, before it is asked for.
 * @throws UnexpectedAnswerError if the pages lead back to one that was read
 */
export function createPageGuard(list: string): (place: string | null) => void {
  const seen = new Set<string>();
  return (place) => {
    if (place === null) return;
    if (seen.has(place)) {
      throw new UnexpectedAnswerError(
        `GitHub's list of ${list} has no end: its pages lead back to one that was read`,
      );
    }
    seen.add(place);
  };
}

/** What a page of REST holds, for the guard: such pages have numbers, which never repeat. */
export function contentOf(keys: readonly (string | number)[], place = ''): string | null {
  return keys.length === 0 ? null : [place, keys.length, keys[0], keys.at(-1)].join(' ');
}
