import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ARCHIVE_BEGINS, payloadSchemas } from '../../domain/archive-event.ts';
import { asciiLower, fullName } from '../../domain/names.ts';
import type { SourceRequest } from '../../domain/source.ts';
import { firstIssue, storedId, storedLogin } from '../../domain/stored-value.ts';
import { DAY_MS } from '../../domain/time.ts';
import { startOfDay, type TimeWindow } from '../../domain/window.ts';

/** The statements of the source, their parameters, and the rows that they give. */

/**
 * `events` reads payloads and gives contributions; `activity` is the cheap mode without
 * contributions; `hours` lists the hours that have events, to find the missing ones; `holders` the
 * ids that were seen under the names of the repositories, by which `events` then finds theirs.
 */
type QueryMode = 'events' | 'activity' | 'hours' | 'holders';

export interface ArchiveQuery {
  readonly mode: QueryMode;
  readonly sql: string;
  /** A timestamp is `{value}`: the client drops the value of a plain string that has a type. */
  readonly params: Readonly<Record<string, readonly (string | number)[] | { value: string }>>;
  /** Types of the parameters: the client cannot guess the type of an empty array. */
  readonly types: Readonly<Record<string, string | readonly string[]>>;
  /** The most tables that the query reads: one for each day. */
  readonly tableCount: number;
}

const STATEMENTS: Readonly<Record<QueryMode, string>> = {
  events: readFileSync(new URL('events.sql', import.meta.url), 'utf8'),
  activity: readFileSync(new URL('activity.sql', import.meta.url), 'utf8'),
  hours: readFileSync(new URL('hours.sql', import.meta.url), 'utf8'),
  holders: readFileSync(new URL('holders.sql', import.meta.url), 'utf8'),
};

/** One statement for all repositories of a window: the price does not depend on their number. */
export function buildArchiveQuery(
  { repositories, window }: Pick<SourceRequest, 'repositories' | 'window'>,
  mode: QueryMode,
  ids: readonly number[] = repositories.flatMap(({ githubId }) => githubId ?? []),
): ArchiveQuery {
  const [first, last] = tableDays(window);
  return {
    mode,
    sql: STATEMENTS[mode]
      .replace("'FIRST_SUFFIX'", `'${tableSuffix(first)}'`)
      .replace("'LAST_SUFFIX'", `'${tableSuffix(last)}'`),
    params: {
      event_types: Object.keys(payloadSchemas),
      window_from: { value: window.from.toISOString() },
      window_to: { value: window.to.toISOString() },
      repository_ids: ids,
      repository_names: repositories.map((repository) => asciiLower(fullName(repository))),
    },
    types: {
      event_types: ['STRING'],
      window_from: 'TIMESTAMP',
      window_to: 'TIMESTAMP',
      repository_ids: ['INT64'],
      repository_names: ['STRING'],
    },
    tableCount: Math.round((last.getTime() - first.getTime()) / DAY_MS) + 1,
  };
}

/** The first and last day whose tables are read; the last is the day after the window's last. */
function tableDays({ from, to }: TimeWindow): [Date, Date] {
  if (from < ARCHIVE_BEGINS) {
    throw new RangeError(
      `GH Archive before 2015 has another format: the window must not begin before it (${from.toISOString()})`,
    );
  }
  const lastMoment = new Date(to.getTime() - 1);
  return [startOfDay(from), new Date(startOfDay(lastMoment).getTime() + DAY_MS)];
}

/** The part of a table name that the wildcard of `day.2*` matches: `0250101` of `day.20250101`. */
function tableSuffix(day: Date): string {
  return day.toISOString().slice(1, 10).replaceAll('-', '');
}

/** Equal for equal statement and parameters; part of the ids of its jobs. */
export function queryFingerprint({ sql, params }: ArchiveQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([sql, params]))
    .digest('hex')
    .slice(0, 16);
}

const text = z.string().nullable();
const user = z.object({ id: text, login: text, type: text });

/** A row of `events.sql`, with the names and types of GH Archive's JSON. */
const eventRowSchema = z.object({
  type: z.string(),
  actor: z.object({ id: text, login: text }),
  repo: z.object({ id: text, name: text }),
  created_at: z.string(),
  action: text,
  ref: text,
  has_commits: z.boolean(),
  commits: z.array(z.object({ sha: text, message: text, distinct: text })),
  pull_request: z.object({
    number: text,
    title: text,
    created_at: text,
    merged: text,
    merged_at: text,
    additions: text,
    deletions: text,
    user,
  }),
  issue: z.object({ number: text, title: text, created_at: text, closed_at: text, user }),
  review: z.object({ id: text, submitted_at: text, user }),
  comment: z.object({ id: text, created_at: text, commit_id: text, user }),
  release: z.object({ id: text, published_at: text, name: text, tag_name: text, author: user }),
});

const eventCount = z.coerce.number().pipe(z.int().nonnegative());
const moment = z.iso.datetime().transform((text) => new Date(text));

/** A row of `activity.sql`. */
export const activityRowSchema = z.object({
  actor_id: z.coerce.number().pipe(storedId),
  actor_login: storedLogin,
  first_seen_at: moment,
  last_seen_at: moment,
  events: eventCount,
});

/** A row of `holders.sql`. */
export const holderRowSchema = z.object({
  name: z.string(),
  id: z.coerce.number().pipe(storedId),
  first_seen_at: moment,
  last_seen_at: moment,
  events: eventCount,
});

/** A row of `hours.sql`. */
export const hourRowSchema = z.object({ hour: z.iso.datetime() });

/** Members that are numbers in the JSON; everything else is text or one of `FLAGS`. */
const NUMBERS = new Set(['id', 'number', 'additions', 'deletions']);
const FLAGS = new Set(['merged', 'distinct']);

/** An event as the archive has it; only the fields that match a repository are typed. */
interface RawArchiveEvent {
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
