import { z } from 'zod';
import { UsageError } from '../../pipeline/util/usage-error.ts';

/**
 * The portable dump: lines of text, in a file compressed by gzip. First the manifest; then, for each
 * table, a line with its name and a line for each row, a JSON array of the columns' texts as
 * PostgreSQL writes them; at last the number of rows and the SHA-256 of all lines before.
 * PostgreSQL 15 to 18 and the embedded one write and read the same.
 */

const FORMAT = 'contributor-leaderboard-dump';
/** Goes up when a reader of before can't read it. */
const VERSION = 1;

const word = z.string().min(1).max(200);
const count = z.int().nonnegative();

/** Where the ids of a table go on. The last value is a text: a bigint may not fit a number. */
const sequenceSchema = z.strictObject({
  table: word,
  column: word,
  last: z.string().regex(/^\d{1,19}$/),
  is_called: z.boolean(),
});

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** The last migration of its tables. */
  migration: word,
  created_at: z.iso.datetime(),
  /** False if e-mail addresses were left out. */
  has_emails: z.boolean(),
  tables: z.array(z.strictObject({ name: word, columns: z.array(word).min(1), rows: count })),
  sequences: z.array(sequenceSchema),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type Sequence = z.infer<typeof sequenceSchema>;

/** A manifest of this format. */
export function createManifest(parts: Omit<Manifest, 'format' | 'version'>): Manifest {
  return { format: FORMAT, version: VERSION, ...parts };
}

/** The line before the rows of a table. */
export const tableSchema = z.strictObject({ table: word });
export const endSchema = z.strictObject({
  rows: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** The file is not what was written: cut short, changed, or of another kind. */
export class DamagedDumpError extends UsageError {
  override readonly name = 'DamagedDumpError';
  constructor(reason: string, cause?: unknown) {
    super(`the dump is damaged (${reason}): nothing was restored; take another one`, { cause });
  }
}

/** Its tables are newer than this version's. */
export class NewerDumpError extends UsageError {
  override readonly name = 'NewerDumpError';
  constructor(found: string) {
    super(
      `the dump was made by a newer version of this project (${found}): nothing was restored; ` +
        'update the project, then restore',
    );
  }
}

/** @throws DamagedDumpError, or NewerDumpError for a later format */
export function parseManifest(line: string): Manifest {
  const value = parseLine(line);
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format !== FORMAT) throw new DamagedDumpError('it does not begin as a dump');
  if (typeof version === 'number' && version > VERSION) {
    throw new NewerDumpError(`its format is ${version}`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DamagedDumpError('its first line is not that of a dump', parsed.error);
}

/** @throws DamagedDumpError */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new DamagedDumpError('a line is no JSON', error);
  }
}
