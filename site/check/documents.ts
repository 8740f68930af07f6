import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  CONTRIBUTION_KINDS,
  COUNT_COLUMNS,
  countColumn,
  pointsFor,
} from '../../pipeline/domain/contribution-kinds.ts';
import {
  type DocumentName,
  documentPath,
  type PathParameters,
} from '../../pipeline/published/paths.ts';
import { SiteError } from '../options.ts';

/**
 * What the check reads of published documents, of the built site and of the one that stands
 * published. That one may be of another version, or of somebody else: only what is compared must be
 * there, whatever else is in it.
 */

const count = z.int().nonnegative();
const head = { generated_at: z.iso.datetime(), sample: z.boolean() };

const counts = Object.fromEntries(COUNT_COLUMNS.map((column) => [column, count.default(0)]));

const entrySchema = z
  .object({
    username: z.string().max(200),
    github_id: z.int().nullable(),
    total_score: z.number(),
    points: z.record(z.string(), z.number()),
    ...counts,
  })
  .transform((entry) => ({
    username: entry.username,
    githubId: entry.github_id,
    score: entry.total_score,
    points: Object.values(entry.points).reduce((sum, points) => sum + points, 0),
    contributions: COUNT_COLUMNS.reduce(
      (sum, column) => sum + ((entry as Record<string, unknown>)[column] as number),
      0,
    ),
  }));

/** A line of a board. */
export type BoardEntry = z.infer<typeof entrySchema>;

const MOST_ROWS = 10_000;
const column = <T extends z.ZodType>(value: T) => z.array(value).max(MOST_ROWS);
type Weights = Readonly<Record<string, number>>;

/** A part of a board by columns; its lines, once the points of each kind are known. */
const columnsSchema = z
  .object({
    generated_at: z.iso.datetime(),
    shards: z.int().positive().max(10_000),
    total: count,
    unranked: z.object({ contributions: count }),
    columns: z.object({
      username: column(z.string().max(200)),
      github_id: column(z.int().nullable()).default([]),
      total_score: column(z.number()).default([]),
      line_bonus: column(z.number()).default([]),
      counts: z.record(z.string(), column(count)),
    }),
  })
  .transform(({ generated_at, shards, total, unranked, columns }) => ({
    generatedAt: generated_at,
    ...{ shards, total, unranked: unranked.contributions },
    entries: (weights: Weights): BoardEntry[] =>
      columns.username.map((username, row) => ({
        username,
        githubId: columns.github_id[row] ?? null,
        score: columns.total_score[row] ?? 0,
        ...sumUp(columns, row, weights),
      })),
  }));

/** Points are published as counts: those of a kind are its count times its weight. */
function sumUp(
  { counts, line_bonus }: { counts: Record<string, number[]>; line_bonus: number[] },
  row: number,
  weights: Weights,
) {
  let [contributions, points] = [0, line_bonus[row] ?? 0];
  for (const kind of CONTRIBUTION_KINDS) {
    const own = counts[countColumn(kind)]?.[row] ?? 0;
    contributions += own;
    points += pointsFor(own, weights[kind] ?? 0);
  }
  return { contributions, points };
}

export const SCHEMAS = {
  index: z.object({ ...head, url: z.string().max(2_000), periods: z.array(z.string()).max(20) }),
  repositories: z.object({
    repositories: z
      .array(
        z.object({
          owner: z.string().max(200),
          name: z.string().max(200),
          full_name: z.string().max(401),
          contributions: count,
        }),
      )
      .max(100_000),
  }),
  scoring: z.object({ base_points: z.record(z.string(), z.number()) }),
  columns: columnsSchema,
  /** One page of a board with a row for each entry. */
  board: z.object({
    generated_at: z.iso.datetime(),
    pages: z.int().positive().max(1_000_000),
    unranked: z.object({ contributions: count }).default({ contributions: 0 }),
    entries: z.array(entrySchema).max(10_000),
  }),
  coverage: z.object({
    repositories: z.array(
      z.object({
        repository: z.string().max(401),
        months: z.array(
          z.object({
            month: z.string().max(7),
            contributions_by_source: z.record(z.string(), count),
          }),
        ),
      }),
    ),
  }),
  jobs: z.object({
    jobs: z.array(
      z.object({
        repositories: z.array(z.string()),
        finished_at: z.iso.datetime().nullable(),
        /** `deleted`: contributions that are gone from GitHub. */
        noticed: z.record(z.string(), count),
      }),
    ),
  }),
  activity: z.object({ weeks: z.array(z.object({ week: z.iso.date(), total: count })) }),
};

/** Published documents: in a folder, or behind an address. */
export interface DocumentSource {
  /** The folder or the address, for messages. */
  readonly name: string;
  /**
   * Reads one document; null if there is none.
   * @throws SiteError if it can't be read, or is not what it should be
   */
  read<T>(name: DocumentName, parameters: PathParameters, schema: z.ZodType<T>): Promise<T | null>;
}

/** Parses a document, of which nothing is trusted. */
export function parseDocument<T>(text: string, file: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SiteError(`${file} is not JSON`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SiteError(`${file} is not what is expected there: ${issue?.path.join('.')}`);
}

/** Documents in `DIR/api/v1/`, of a built site or of the pipeline. */
export function openFolder(folder: string): DocumentSource {
  return {
    name: folder,
    async read(name, parameters, schema) {
      const file = join(folder, 'api/v1', documentPath(name, parameters));
      try {
        return parseDocument(readFileSync(file, 'utf8'), file, schema);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
