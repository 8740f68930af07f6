import { z } from 'zod';
import { type Path, valueAt } from './issue.ts';

/** Looks into a schema for what it knows: the keys that may stand in a place. */

/** A schema without the wrappers that only fill something in. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}

/** Of several possible forms, the one with keys: only that one has anything inside. */
function withKeys(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodUnion)) return inner;
  return inner.options.map(unwrap).find((option) => option instanceof z.ZodObject) ?? inner;
}

function child(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | null {
  const inner = withKeys(schema);
  if (inner instanceof z.ZodArray) return inner.element;
  if (inner instanceof z.ZodObject) return inner.shape[step] ?? null;
  return null;
}

/** The keys that a schema allows at a path; none where it holds no keys. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const found = path.reduce<z.core.$ZodType | null>(
    (current, step) => current && child(current, step),
    schema,
  );
  const inner = found && withKeys(found);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** The keys of the object at a path of a value. */
export function keysOf(root: unknown, path: Path): string[] {
  const value = valueAt(root, path);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
