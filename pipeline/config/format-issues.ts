import type { z } from 'zod';
import { didYouMean, nearest } from '../util/nearest.ts';
import { formatPath, type Mistake, type Path, valueAt } from './issue.ts';
import { keysAt, keysOf } from './unknown-keys.ts';

/** Turns what zod says about a document into words that the person who wrote it can act on. */

type Issue = z.core.$ZodIssue;

interface Subject {
  readonly schema: z.core.$ZodType;
  readonly root: unknown;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
};

const code = (word: unknown) => `\`${String(word)}\``;

const oneOf = (words: readonly unknown[]) => words.map(code).join(', ');

/** Enough of a value to recognise it by, on one line. */
function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What a value is, in the words of the person who typed it. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  return typeof value === 'string' ? quote(value) : String(value);
}

const UNITS: Readonly<Record<string, string>> = { array: ' entries', string: ' characters' };

function describeLimit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const unit = UNITS[issue.origin] ?? '';
  if (issue.code === 'too_big') {
    return `expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unit}`;
  }
  return `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unit}`;
}

/** What should have been there. A message of the schema's own is kept as it stands. */
function describeExpected(issue: Issue): string {
  if (issue.message.startsWith('expected')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case 'too_small':
    case 'too_big':
      return describeLimit(issue);
    case 'invalid_value':
      return `expected one of ${oneOf(issue.values)}`;
    default:
      return issue.message;
  }
}

/** What to type where the type is off in a way that YAML makes easy. */
function hint(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_value') return didYouMean(String(value), issue.values.map(String));
  if (issue.code !== 'invalid_type') return '';
  if (value === null && issue.expected === 'array') return '; an empty list is written []';
  const bare = typeof value === 'number' || typeof value === 'boolean';
  return bare && issue.expected === 'string' ? '; text that looks like this needs quotes' : '';
}

const asPath = (path: readonly PropertyKey[]) => path as Path;

/** A whole-number rule that a fraction breaks is still the rule for that value. */
function misfits(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0 || issue.code !== 'invalid_type') return false;
  return !(typeof value === 'number' && ['int', 'number'].includes(issue.expected));
}

/** For one of several forms, what is wrong with the form that was meant, if one was. */
function flatten(issue: Issue, root: unknown): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const value = valueAt(root, asPath(issue.path));
  const meant = issue.errors.find((branch) => !branch.some((inner) => misfits(inner, value)));
  const inside = meant?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  return inside?.flatMap((inner) => flatten(inner as Issue, root)) ?? [issue];
}

function unknownKey(key: string, path: Path, { schema }: Subject): Mistake {
  const known = keysAt(schema, path);
  const message = `unknown key ${code(key)}; expected one of ${oneOf(known)}${didYouMean(key, known)}`;
  return { path: [...path, key], part: 'key', message };
}

/** A missing key is no news where an unknown one beside it is that key, mistyped. */
function isMistypedBeside(path: Path, { schema, root }: Subject): boolean {
  const around = path.slice(0, -1);
  const known = keysAt(schema, around);
  const strangers = keysOf(root, around).filter((key) => !known.includes(key));
  return strangers.some((key) => nearest(key, known) === path.at(-1));
}

function explain(issue: Issue, subject: Subject): Mistake[] {
  const path = asPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, subject));
  }
  const name = formatPath(path);
  const value = valueAt(subject.root, path);
  const expected = describeExpected(issue);
  if (value === undefined) {
    const message = `${code(name)} is missing; ${expected}`;
    return isMistypedBeside(path, subject) ? [] : [{ path, part: 'value', message }];
  }
  const found = `${expected}; found ${describeValue(value)}${hint(issue, value)}`;
  return [{ path, part: 'value', message: name ? `${code(name)}: ${found}` : found }];
}

/** Every mistake that the schema finds in a document. */
export function explainIssues(issues: readonly Issue[], subject: Subject): Mistake[] {
  return issues
    .flatMap((issue) => flatten(issue, subject.root))
    .flatMap((issue) => explain(issue, subject));
}
