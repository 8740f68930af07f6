import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Path (with `/`) to text of every file in a folder. */
export function readTexts(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    files
      .map(
        (file) =>
          [relative(folder, file).split(sep).join('/'), readFileSync(file, 'utf8')] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Every object in a value, at any depth. */
export function* walkObjects(value: unknown): Generator<Record<string, unknown>> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const inner of Object.values(value)) yield* walkObjects(inner);
}
