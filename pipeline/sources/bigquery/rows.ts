import { z } from 'zod';
import { firstIssue, storedId, storedLogin } from '../../domain/stored-value.ts';

/** A row of `events.sql`, with the names and types of GH Archive's JSON. */

const text = z.string().nullable();
const user = z.object({ id: text, login: text, type: text });

const eventRowSchema = z.object({
  type: z.string(),
  actor: z.object({ id: text, login: text }),
  repo: z.object({ id: text, name: text }),
  created_at: z.string(),
  action: text,
  ref: text,
  has_commits: z.boolean(),
  commits: z.array(z.object({ sha: text, distinct: text })),
  pull_request: z.object({
    number: text,
    created_at: text,
    merged: text,
    merged_at: text,
    additions: text,
    deletions: text,
    user,
  }),
  issue: z.object({ number: text, created_at: text, closed_at: text, user }),
  review: z.object({ id: text, submitted_at: text, user }),
  comment: z.object({ id: text, created_at: text, user }),
  release: z.object({ id: text, published_at: text, author: user }),
});

/** A row of `activity.sql`. */
export const activityRowSchema = z.object({
  actor_id: z.coerce.number().pipe(storedId),
  actor_login: storedLogin,
  first_seen_at: z.iso.datetime().transform((text) => new Date(text)),
  last_seen_at: z.iso.datetime().transform((text) => new Date(text)),
  events: z.coerce.number().pipe(z.int().nonnegative()),
});

/** A row of `hours.sql`. */
export const hourRowSchema = z.object({ hour: z.iso.datetime() });

/** Members that are numbers in the JSON; everything else is text or one of `FLAGS`. */
const NUMBERS = new Set(['id', 'number', 'additions', 'deletions']);
const FLAGS = new Set(['merged', 'distinct']);

/** An event as the archive has it; only the fields that match a repository are typed. */
export interface RawArchiveEvent {
  readonly repo?: { readonly id?: number; readonly name?: string };
  readonly payload: unknown;
}

/** The raw archive event of a row, or why it is no row of this statement. */
export function toRawEvent(row: unknown): RawArchiveEvent | { readonly fault: string } {
  const parsed = eventRowSchema.safeParse(row);
  if (!parsed.success) return { fault: firstIssue(parsed.error) };
  const { type, actor, repo, created_at, has_commits, commits, ...rest } = parsed.data;
  const payload = { ...rest, ...(has_commits ? { commits } : {}) };
  return { ...(restore({ type, actor, repo, created_at }) as object), payload: restore(payload) };
}

/**
 * Restores the type of each member and leaves out NULLs. A JSON null is also read as NULL, so
 * `merged_at: null` becomes absent; every payload with `merged_at` also has `merged`.
 */
function restore(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => restore(item));
  if (typeof value === 'string') return restoreText(value, name);
  if (value === null || typeof value !== 'object') return undefined;
  const members = Object.entries(value)
    .map(([key, member]) => [key, restore(member, key)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function restoreText(value: string, name: string): unknown {
  if (NUMBERS.has(name)) return Number(value);
  return FLAGS.has(name) ? value === 'true' : value;
}
