import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ARCHIVE_BEGINS } from '../../domain/archive-eras.ts';
import { payloadSchemas } from '../../domain/archive-event.ts';
import { asciiLower } from '../../domain/ascii-lower.ts';
import type { SourceRequest, TrackedRepository } from '../../domain/source.ts';
import { DAY_MS, startOfDay, type TimeWindow } from '../../domain/window.ts';

/**
 * `events` reads payloads and credits; `activity` is the cheap mode, which cannot credit; `hours`
 * lists the hours that have events, and so shows which are missing.
 */
export type QueryMode = 'events' | 'activity' | 'hours';

export interface ArchiveQuery {
  readonly mode: QueryMode;
  readonly sql: string;
  /** A timestamp is `{value}`: of a bare string with a type the client sends nothing at all. */
  readonly params: Readonly<Record<string, readonly (string | number)[] | { value: string }>>;
  /** Types of the parameters: those of an empty array cannot be guessed. */
  readonly types: Readonly<Record<string, string | readonly string[]>>;
  /** Most tables that it reads: one a day. */
  readonly tableCount: number;
}

const STATEMENTS: Readonly<Record<QueryMode, string>> = {
  events: readFileSync(new URL('events.sql', import.meta.url), 'utf8'),
  activity: readFileSync(new URL('activity.sql', import.meta.url), 'utf8'),
  hours: readFileSync(new URL('hours.sql', import.meta.url), 'utf8'),
};

/** One statement for all repositories of a window: the price is the same for one or a thousand. */
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

/** By id where it is known, which survives a rename; else by name. */
function nameIfNeeded({ githubId, owner, name }: TrackedRepository): string[] {
  return githubId === null ? [asciiLower(`${owner}/${name}`)] : [];
}

/** The first and the last day whose tables are read: D to D+1. */
function tableDays({ from, to }: TimeWindow): [Date, Date] {
  if (from < ARCHIVE_BEGINS) {
    throw new RangeError(
      `GH Archive before 2015 has another format: the window must not begin before it (${from.toISOString()})`,
    );
  }
  const lastMoment = new Date(to.getTime() - 1);
  return [startOfDay(from), new Date(startOfDay(lastMoment).getTime() + DAY_MS)];
}

/** What the wildcard of `day.2*` stands for: `0250101` of `day.20250101`. */
function tableSuffix(day: Date): string {
  return day.toISOString().slice(1, 10).replaceAll('-', '');
}

/** The same for the same statement and parameters: part of the id of its jobs. */
export function queryFingerprint({ sql, params }: ArchiveQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([sql, params]))
    .digest('hex')
    .slice(0, 16);
}
