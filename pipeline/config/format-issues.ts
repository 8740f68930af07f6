import type { z } from 'zod';
import { didYouMean } from '../util/nearest.ts';
import {
  formatPath,
  type Issue,
  type Path,
  quoteWord,
  quoteWords,
  shorten,
  valueAt,
} from './issue.ts';
import { describeUnknownKey, isMistypedBeside, type Subject } from './unknown-keys.ts';

/** Says what zod finds in a document in words that its author can act on. */

type ZodIssue = z.core.$ZodIssue;

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
};

/** A value on one line. */
const quote = (value: unknown) => shorten(JSON.stringify(value));

/** A value as its author would name it. */
function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  return typeof value === 'string' ? quote(value) : String(value);
}

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  array: [' entry', ' entries'],
  string: [' character', ' characters'],
};

function countUnits(limit: number | bigint, origin: string): string {
  const [one, many] = UNITS[origin] ?? ['', ''];
  return `${limit}${Number(limit) === 1 ? one : many}`;
}

function describeLimit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.code === 'too_big') {
    return `expected ${issue.inclusive ? 'at most' : 'less than'} ${countUnits(issue.maximum, issue.origin)}`;
  }
  return `expected ${issue.inclusive ? 'at least' : 'more than'} ${countUnits(issue.minimum, issue.origin)}`;
}

/** What the schema expects. A message of the schema itself is shown as it stands. */
function describeExpected(issue: ZodIssue): string {
  if (issue.message.startsWith('expected')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case 'too_small':
    case 'too_big':
      return describeLimit(issue);
    case 'invalid_value':
      return `expected one of ${quoteWords(issue.values)}`;
    default:
      return issue.message;
  }
}

/** How to correct a wrong type that is easy to write in YAML. */
function hint(issue: ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_value') return didYouMean(String(value), issue.values.map(String));
  if (issue.code !== 'invalid_type') return '';
  if (value === null && issue.expected === 'array') return '; an empty list is written []';
  const bare = typeof value === 'number' || typeof value === 'boolean';
  return bare && issue.expected === 'string' ? '; text that looks like this needs quotes' : '';
}

const asPath = (path: readonly PropertyKey[]) => path as Path;

/**
 * Whether a form is for values of another type. A fraction where a whole number is expected is
 * still a number.
 */
function isOtherType(issue: ZodIssue, value: unknown): boolean {
  if (issue.path.length > 0 || issue.code !== 'invalid_type') return false;
  return !(typeof value === 'number' && ['int', 'number'].includes(issue.expected));
}

/**
 * Where several forms are allowed: the issues of the form whose type the value has, and of several of
 * these of the one that it fits best.
 */
function flatten(issue: ZodIssue, root: unknown): ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = valueAt(root, asPath(issue.path));
  const [meant] = issue.errors
    .filter((branch) => !branch.some((inner) => isOtherType(inner, value)))
    .toSorted((one, other) => countIssues(one) - countIssues(other));
  const inside = meant?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  return inside?.flatMap((inner) => flatten(inner as ZodIssue, root)) ?? [issue];
}

/** Each unknown key is one. */
const countIssues = (branch: readonly ZodIssue[]) =>
  branch.reduce((sum, one) => sum + (one.code === 'unrecognized_keys' ? one.keys.length : 1), 0);

function toIssues(issue: ZodIssue, subject: Subject): Issue[] {
  const path = asPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => describeUnknownKey(key, path, subject));
  }
  const name = formatPath(path);
  const value = valueAt(subject.root, path);
  const expected = describeExpected(issue);
  if (value === undefined) {
    const message = `${quoteWord(name)} is missing; ${expected}`;
    return isMistypedBeside(path, subject) ? [] : [{ path, part: 'value', message }];
  }
  const found = `${expected}; found ${describeValue(value)}${hint(issue, value)}`;
  return [{ path, part: 'value', message: name ? `${quoteWord(name)}: ${found}` : found }];
}

/** Every issue that the schema finds in a document. */
export function formatIssues(issues: readonly ZodIssue[], subject: Subject): Issue[] {
  return issues
    .flatMap((issue) => flatten(issue, subject.root))
    .flatMap((issue) => toIssues(issue, subject));
}
