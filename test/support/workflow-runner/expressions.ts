import { data, Evaluator, Lexer, Parser, truthy } from '../workflows/github-packages.ts';

/** GitHub's own evaluator of expressions, on plain values. */

/** What `success()` and the others answer. */
export interface Status {
  readonly isFailed: boolean;
  readonly isCancelled: boolean;
}

export type Contexts = Readonly<Record<string, unknown>>;

type ExpressionData = InstanceType<typeof data.Dictionary> | ReturnType<typeof toData>;

const CONTEXTS = [
  'github',
  'env',
  'vars',
  'job',
  'steps',
  'runner',
  'secrets',
  'strategy',
  'matrix',
  'needs',
  'inputs',
];

// biome-ignore lint/suspicious/noExplicitAny: the kinds of data have no common constructor.
function toData(value: unknown): any {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'string') return new data.StringData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  const pairs = Object.entries(value as object).map(([key, one]) => ({ key, value: toData(one) }));
  return new data.Dictionary(...pairs);
}

function fromData(value: ExpressionData): unknown {
  if (value instanceof data.Dictionary) {
    return Object.fromEntries(value.pairs().map(({ key, value: one }) => [key, fromData(one)]));
  }
  if (value instanceof data.Array) return value.values().map(fromData);
  return value instanceof data.Null ? null : value.value;
}

function functionsOf({ isFailed, isCancelled }: Status) {
  const answers = {
    success: !isFailed && !isCancelled,
    failure: isFailed,
    always: true,
    cancelled: isCancelled,
  };
  return new Map(
    Object.entries(answers).map(([name, answer]) => [
      name,
      { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer) },
    ]),
  );
}

function evaluateData(source: string, contexts: Contexts, status: Status): ExpressionData {
  const functions = functionsOf(status);
  const { tokens } = new Lexer(source).lex();
  const tree = new Parser(tokens, CONTEXTS, [...functions.values()]).parse();
  return new Evaluator(tree, toData(contexts), functions).evaluate();
}

export function isTrue(source: string, contexts: Contexts, status: Status): boolean {
  return truthy(evaluateData(source, contexts, status));
}

const WHOLE = /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s;
const PART = /\$\{\{(.*?)\}\}/gs;

/** A value of a workflow with its expressions replaced; one that is an expression keeps its type. */
export function resolveValue(value: unknown, contexts: Contexts, status: Status): unknown {
  if (Array.isArray(value)) return value.map((one) => resolveValue(one, contexts, status));
  if (typeof value === 'object' && value !== null) return resolveMap(value, contexts, status);
  if (typeof value !== 'string') return value;
  const whole = WHOLE.exec(value)?.[1];
  if (whole !== undefined) return fromData(evaluateData(whole.trim(), contexts, status));
  return value.replaceAll(PART, (_, source: string) =>
    evaluateData(source.trim(), contexts, status).coerceString(),
  );
}

function resolveMap(value: object, contexts: Contexts, status: Status): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, resolveValue(one, contexts, status)]),
  );
}

/** The same with texts, as environment and outputs are. */
export function resolveTexts(
  values: object | undefined,
  contexts: Contexts,
  status: Status,
): Record<string, string> {
  const resolved = resolveMap(values ?? {}, contexts, status);
  return Object.fromEntries(Object.entries(resolved).map(([key, one]) => [key, textOf(one)]));
}

const textOf = (value: unknown) => (value === null || value === undefined ? '' : String(value));
