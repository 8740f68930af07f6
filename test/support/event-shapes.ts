import { readFileSync } from 'node:fs';
import { createRng } from './community.ts';
import type { RawEvent } from './read-events.ts';

/**
 * The shape of recorded events: their keys, and the types of the values. The shapes
 * in `test/fixtures/event-shapes` were taken from recorded events; they hold no recorded value.
 */

/**
 * Types joined by `|`; or an object (`?` ends a key that may be absent); or an array of one
 * shape, or of none if the array was always empty; or several of these.
 */
export type Shape = string | readonly Shape[] | { readonly [key: string]: Shape };

/** Event type to shape. */
export type EventShapes = Readonly<Record<string, Shape>>;

/** `2015`: the recorded hours; `full`: 2021 to 2023; `trimmed`: from October 2025 on. */
export type Era = '2015' | 'full' | 'trimmed';

/** The recorded files of each era, below the shared data. */
export const RECORDED: Readonly<Record<Era, readonly string[]>> = {
  2015: ['gharchive/2015-01-01-0.json.gz', 'gharchive/2015-01-01-1.json.gz'],
  full: [
    'events/2021-07-21.ndjson',
    'events/2022-04-06-one-of-each.ndjson',
    'events/2023-04-duckdb.json',
  ],
  trimmed: ['events/2025-11-to-2026-07-trimmed.ndjson'],
};

const fileOf = (era: Era) => new URL(`../fixtures/event-shapes/${era}.json`, import.meta.url);

export function readShapes(era: Era): EventShapes {
  return JSON.parse(readFileSync(fileOf(era), 'utf8'));
}

/** Event type to the shape of all its events. */
export function shapesOf(events: readonly RawEvent[]): EventShapes {
  const types = [...Map.groupBy(events, ({ type }) => type)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(types.map(([type, own]) => [type, shapeOf(own)]));
}

function shapeOf(values: readonly unknown[]): Shape {
  const arrays = values.filter(Array.isArray);
  const objects = values.filter(isObject);
  const scalars = new Set(values.filter((value) => !isCompound(value)).map(typeName));
  const parts = [
    ...(objects.length > 0 ? [objectShape(objects)] : []),
    ...(arrays.length > 0 ? [arrayShape(arrays.flat())] : []),
    ...(scalars.size > 0 ? [[...scalars].sort().join('|')] : []),
  ];
  return parts.length === 1 ? (parts[0] as Shape) : { anyOf: parts };
}

const isCompound = (value: unknown) => typeof value === 'object' && value !== null;
const isObject = (value: unknown): value is Record<string, unknown> =>
  isCompound(value) && !Array.isArray(value);
const typeName = (value: unknown) => (value === null ? 'null' : typeof value);

function objectShape(objects: readonly Record<string, unknown>[]): Shape {
  const keys = [...new Set(objects.flatMap(Object.keys))];
  const shapes = keys.map((key) => {
    const own = objects.filter((object) => key in object);
    const name = own.length === objects.length ? key : `${key}?`;
    return [name, shapeOf(own.map((object) => object[key]))];
  });
  return Object.fromEntries(shapes);
}

const arrayShape = (items: readonly unknown[]) => (items.length > 0 ? [shapeOf(items)] : []);

/** Adds invented values to a part of an event so that it has the shape. */
export type Fill = (shape: Shape, part: unknown, path?: string) => unknown;

/**
 * A `Fill` that chooses among types, and whether a key that may be absent is there, by a seeded
 * generator: a hundred events show all of a shape. Throws for a part that the shape does not allow.
 */
export function createFill(): Fill {
  const random = createRng(1);
  const next = () => Math.floor(random() * 1_000_000);
  const fill: Fill = (shape, part, path = '') => {
    if (typeof shape === 'string') return part === undefined ? scalar(shape, path, next()) : part;
    if (Array.isArray(shape)) return fillArray(shape, part, path);
    const choices = (shape as { anyOf?: readonly Shape[] }).anyOf;
    if (!choices) return fillObject(shape as Record<string, Shape>, part, path);
    return fill(choose(choices, part, next()), part, path);
  };
  const fillArray = ([item]: readonly Shape[], part: unknown, path: string) => {
    if (item === undefined) return [];
    const parts = (part as unknown[]) ?? Array.from({ length: next() % 3 });
    return parts.map((each) => fill(item, each, `${path}[]`));
  };
  const fillObject = (shape: Record<string, Shape>, part: unknown, path: string) => {
    const given = (part ?? {}) as Record<string, unknown>;
    const filled = Object.entries(shape).flatMap(([name, inner]) => {
      const key = name.replace(/\?$/, '');
      const place = `${path}.${key}`;
      const isLeftOut = key !== name && given[key] === undefined && next() % 2 === 1;
      return isLeftOut ? [] : [[key, fill(inner, given[key], place)]];
    });
    const unknown = Object.keys(given).filter((key) => !(key in shape) && !(`${key}?` in shape));
    if (unknown.length > 0) throw new Error(`${path} of that time has no ${unknown.join(', ')}`);
    return Object.fromEntries(filled);
  };
  return fill;
}

function choose(choices: readonly Shape[], part: unknown, turn: number): Shape {
  if (part === undefined) return choices[turn % choices.length] as Shape;
  const isOfKind = (shape: Shape) => {
    if (typeof shape === 'string') return !isCompound(part);
    return Array.isArray(shape) ? Array.isArray(part) : isObject(part);
  };
  return choices.find(isOfKind) as Shape;
}

const TEXT = 'An invented text: "quoted", {braced}, ünïcode 🌻 and \\\n a second line.';

function scalar(shape: string, path: string, turn: number): unknown {
  const types = shape.split('|');
  const type = types[Math.floor(turn / 7) % types.length];
  if (type === 'null') return null;
  if (type === 'boolean') return turn % 2 === 0;
  if (type === 'number') return 1_000_000 + turn;
  return text(path.slice(path.lastIndexOf('.') + 1).replace('[]', ''), turn);
}

function text(key: string, turn: number): string {
  if (key.endsWith('_at') || key === 'due_on') return '2015-01-01T00:00:00Z';
  if (/url$|^href$/.test(key)) return `https://github.example/${key}/${turn}`;
  if (/sha$|^(head|before)$|commit_id$/.test(key)) return turn.toString(16).padStart(40, '0');
  if (key === 'type') return 'User';
  if (/^(body|message|description|title)$/.test(key)) return TEXT;
  return `${key}-${turn % 40}`;
}
