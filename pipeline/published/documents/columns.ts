import { z } from 'zod';
import { COUNT_COLUMNS } from '../../domain/contribution-kinds.ts';
import { PICTURE_TYPES } from '../../domain/picture.ts';
import {
  count,
  head,
  periodSchema,
  previousOn,
  score,
  trend,
  unknownKinds,
  unranked,
} from './fields.ts';

const countColumnSchema = z.enum(COUNT_COLUMNS as [(typeof COUNT_COLUMNS)[number]]);
const rank = z.int().positive();
/** Days since 1970-01-01, UTC. */
const day = z.int();

const columnsSchema = z
  .strictObject({
    username: z.array(z.string()),
    /** Null while only a login is known. */
    github_id: z.array(rank.nullable()).optional(),
    display_name: z.array(z.string().nullable()).optional(),
    /** Null: none of the contributions has points. These people stand at the end. */
    rank: z.array(rank.nullable()).optional(),
    /** Rank on the day `previous_on`; null: not on the board of that day. */
    previous_rank: z.array(rank.nullable()).optional(),
    total_score: z.array(score).optional(),
    /** Points on the board of the week in the same scope: those of the last seven days. */
    delta_7d: z.array(score).optional(),
    /** Contributions by week, as in `trend` of an entry. */
    trend: z.array(trend).optional(),
    /** The part of the score that lines have earned. */
    line_bonus: z.array(score).optional(),
    /** Contributions by kind. The points of a kind are these times its weight (`config/scoring.json`). */
    counts: z.partialRecord(countColumnSchema, z.array(count)),
    lines_added: z.array(count).optional(),
    lines_deleted: z.array(count).optional(),
    first_contribution_day: z.array(day).optional(),
    last_contribution_day: z.array(day).optional(),
    /** Global board only: repositories in which the person has points in the period. */
    repositories_contributed: z.array(count).optional(),
    /** 1: the person has a page of their own. */
    page: z.array(z.union([z.literal(0), z.literal(1)])).optional(),
    /** 1 to 4: `avatars/{github_id}` ending in .png, .jpg, .webp or .gif; 0: there is no such file. */
    avatar: z.array(z.int().min(0).max(PICTURE_TYPES.length)).optional(),
  })
  .refine(areEqual, 'all columns must have an entry for each person');

function areEqual({ counts, username, ...others }: Record<string, unknown>): boolean {
  const { length } = username as readonly unknown[];
  const columns = [...Object.values(others), ...Object.values(counts as object)];
  return columns.every((column) => column === undefined || column.length === length);
}

/**
 * `boards/**`: a board by columns, whole: everybody whose contributions count in the period, in the
 * order of the board. A column is absent if all its values are 0, null or empty.
 */
export const boardSchema = z.strictObject({
  ...head,
  /** `global` or `owner/name`. */
  scope: z.string(),
  period: periodSchema,
  /** From 1; each but the last has 10,000 people. */
  shard: z.int().positive(),
  shards: z.int().positive(),
  /** People with a rank, in all shards. */
  total: count,
  previous_on: previousOn,
  unknown_kinds: unknownKinds,
  /** People without points, in all shards, and what they did. */
  unranked,
  /** The address of a profile on GitHub; `{username}` stands for the login, percent-encoded. */
  profile_url: z.string(),
  /** The address of a picture; `{github_id}` stands for the id. Null: pictures are not shown. */
  avatar_url: z.string().nullable(),
  columns: columnsSchema,
});
export type Board = z.infer<typeof boardSchema>;
export type BoardColumns = Board['columns'];
