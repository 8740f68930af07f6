import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ARCHIVE_BEGINS, payloadSchemas } from '../../domain/archive-event.ts';
import { asciiLower } from '../../domain/names.ts';
import type { SourceRequest, TrackedRepository } from '../../domain/source.ts';
import { DAY_MS } from '../../domain/time.ts';
import { startOfDay, type TimeWindow } from '../../domain/window.ts';

/**
 * `events` reads payloads and gives contributions; `activity` is the cheap mode without
 * contributions; `hours` lists the hours that have events, to find the missing ones.
 */
export type QueryMode = 'events' | 'activity' | 'hours';

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
};

/** One statement for all repositories of a window: the price does not depend on their number. */
export function buildArchiveQuery(
  { repositories, window }: Pick<SourceRequest, 'repositories' | 'window'>,
  mode: QueryMode,
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
      repository_ids: repositories.flatMap(({ githubId }) => githubId ?? []),
      repository_names: repositories.flatMap(nameIfNeeded),
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

/** A repository is found by id if known, because an id survives a rename; else by name. */
function nameIfNeeded({ githubId, owner, name }: TrackedRepository): string[] {
  return githubId === null ? [asciiLower(`${owner}/${name}`)] : [];
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
