import { z } from 'zod';
import { didYouMean, nearest } from '../util/nearest.ts';
import { type Issue, type Path, quoteWord, quoteWords, valueAt } from './issue.ts';

/** Keys that the schema does not have, and the keys that were meant. */

/** A document and the schema that it is checked with. */
export interface Subject {
  readonly schema: z.core.$ZodType;
  readonly root: unknown;
}

/** A schema without the wrappers that only fill in a default. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}

/** Of several allowed forms, the one with keys that has most of those of a value. */
function withKeys(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodUnion)) return inner;
  const given = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const countKnown = ({ shape }: z.ZodObject) => given.filter((key) => key in shape).length;
  const [best] = inner.options
    .map(unwrap)
    .filter((option) => option instanceof z.ZodObject)
    .toSorted((one, other) => countKnown(other) - countKnown(one));
  return best ?? inner;
}

function child(schema: z.core.$ZodType, step: string | number, value: unknown) {
  const inner = withKeys(schema, value);
  if (inner instanceof z.ZodArray) return inner.element;
  if (inner instanceof z.ZodObject) return inner.shape[step] ?? null;
  return null;
}

/** The keys that a schema allows at a path; empty where the value has no keys. */
function keysAt({ schema, root }: Subject, path: Path): string[] {
  const found = path.reduce<z.core.$ZodType | null>(
    (current, step, at) => current && child(current, step, valueAt(root, path.slice(0, at))),
    schema,
  );
  const inner = found && withKeys(found, valueAt(root, path));
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function keysOf(root: unknown, path: Path): string[] {
  const value = valueAt(root, path);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** The search for the meant key takes time, so that it waits until the message is read. */
export function describeUnknownKey(key: string, path: Path, subject: Subject): Issue {
  const known = keysAt(subject, path);
  return {
    path: [...path, key],
    part: 'key',
    get message() {
      const expected = `expected one of ${quoteWords(known)}`;
      return `unknown key ${quoteWord(key)}; ${expected}${didYouMean(key, known)}`;
    },
  };
}

/** Of more unknown keys than are reported, none is a slip of the fingers. */
const MOST_COMPARED = 100;

/**
 * Whether an unknown key beside a missing one is that key, mistyped. Then only the unknown key is
 * reported.
 */
export function isMistypedBeside(path: Path, subject: Subject): boolean {
  const around = path.slice(0, -1);
  const known = keysAt(subject, around);
  const unknown = keysOf(subject.root, around).filter((key) => !known.includes(key));
  return unknown.slice(0, MOST_COMPARED).some((key) => nearest(key, known) === path.at(-1));
}
