import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DISPATCH_TYPE, type Dispatch, dispatchSchema } from '../config/schema/dispatch.ts';
import { parseInstant } from '../runtime/options.ts';
import { toPrintableLine } from '../util/printable.ts';
import { UsageError } from '../util/usage-error.ts';

/** The parts of a workflow's event that say what is wanted. */
const eventSchema = z.looseObject({
  action: z.string().optional(),
  /** Of `workflow_dispatch`: every value is a text, an empty one for an empty field. */
  inputs: z.record(z.string(), z.unknown()).nullish(),
  /** Of `repository_dispatch`. */
  client_payload: z.unknown().optional(),
});

/**
 * What the event of the workflow asks for, from the file that the runner wrote it to: no text of an
 * event ever goes through a shell.
 *
 * @throws UsageError with one sentence for anything that is not in the schema
 */
export function readRunRequest(eventName: string, eventPath: string): Dispatch {
  if (eventName !== 'workflow_dispatch' && eventName !== 'repository_dispatch') return parse({});
  const event = eventSchema.parse(JSON.parse(readFileSync(eventPath, 'utf8')));
  if (eventName === 'workflow_dispatch') return parse(fromInputs(event.inputs ?? {}));
  if (event.action !== DISPATCH_TYPE) {
    throw new UsageError(`The event_type is ${quote(event.action)}: expected ${DISPATCH_TYPE}.`);
  }
  return parse(event.client_payload ?? {});
}

const LISTS: readonly string[] = ['repositories', 'sources'];

/** The choice of a form that leaves it to us. */
const AUTOMATIC = 'automatic';

/** The fields of the form as the properties of a payload: an empty one is left out. */
function fromInputs(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const filled = Object.entries(inputs)
    .map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value] as const)
    .filter(([, value]) => value !== '' && value !== null && value !== AUTOMATIC);
  return Object.fromEntries(filled.map(([name, value]) => [name, fromInput(name, value)]));
}

function fromInput(name: string, value: unknown): unknown {
  if (LISTS.includes(name) && typeof value === 'string') return value.split(/[\s,]+/);
  if (value === 'true' || value === 'false') return value === 'true';
  return value;
}

function parse(payload: unknown): Dispatch {
  const { data, error } = dispatchSchema.safeParse(payload);
  if (!data) throw new UsageError(describe(error.issues[0], payload));
  requireSense(data);
  return data;
}

/** One sentence: where, what was expected and what was found. */
function describe(issue: z.core.$ZodIssue | undefined, payload: unknown): string {
  if (issue?.code === 'unrecognized_keys') {
    return `There is no input ${quote(issue.keys[0])}: see config/schema/dispatch.json.`;
  }
  const path = issue?.path ?? [];
  const found = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)[key],
    payload,
  );
  const where = path.length === 0 ? 'The payload' : `The input ${String(path[0])}`;
  return `${where} is refused: ${issue?.message}; found ${quote(found)}.`;
}

const MOST_QUOTED = 80;

/** A text from outside, cut and harmless. */
function quote(value: unknown): string {
  const text = toPrintableLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  const whole = [...text];
  const cut = whole.length > MOST_QUOTED ? `${whole.slice(0, MOST_QUOTED).join('')}…` : text;
  return `"${cut}"`;
}

/** What fits each field and yet not together. */
function requireSense(request: Dispatch): void {
  const { from, to, job_type, sources, skip_scraping, recalculate_only, dry_run } = request;
  const [start, end] = [from, to].map((text) => text && parseInstant(text));
  const readsNothing = skip_scraping || recalculate_only;
  const problems: readonly (readonly [boolean, string])[] = [
    [start === null, `The input from is refused: there is no day ${from}.`],
    [end === null, `The input to is refused: there is no day ${to}.`],
    [Boolean(to && !from), 'The input to needs from: give both ends of the window.'],
    [Boolean(start && end && start >= end), 'The input from must lie before to.'],
    [
      readsNothing && Boolean(from || job_type),
      'A run that reads nothing takes no job_type, from or to.',
    ],
    [skip_scraping && recalculate_only, 'Choose one of skip_scraping and recalculate_only.'],
    [readsNothing && dry_run, 'A dry run shows what would be read: let it read something.'],
    [
      sources.includes('sample') && new Set(sources).size > 1,
      'The source sample is invented and goes with no other.',
    ],
  ];
  const [, problem] = problems.find(([isWrong]) => isWrong) ?? [];
  if (problem) throw new UsageError(problem);
}
