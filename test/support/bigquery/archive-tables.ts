import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SqlTable } from './sql-engine.ts';
import { type SqlType, scalar, struct } from './sql-types.ts';

/** GH Archive's day tables, made from events as GH Archive's JSON has them. */

export interface RawEvent {
  readonly id: string;
  readonly type: string;
  readonly public?: boolean;
  readonly created_at: string;
  readonly payload: unknown;
  readonly actor: { readonly id: number; readonly login: string; readonly [key: string]: unknown };
  readonly repo: { readonly id: number; readonly name: string; readonly [key: string]: unknown };
  readonly org?: { readonly id: number; readonly login: string };
}

const account = struct({
  id: scalar('INT64'),
  login: scalar('STRING'),
  gravatar_id: scalar('STRING'),
  avatar_url: scalar('STRING'),
  url: scalar('STRING'),
});

/** The columns of `githubarchive.day.YYYYMMDD`. */
export const ARCHIVE_COLUMNS: Readonly<Record<string, SqlType>> = {
  type: scalar('STRING'),
  public: scalar('BOOL'),
  payload: scalar('STRING'),
  repo: struct({ id: scalar('INT64'), name: scalar('STRING'), url: scalar('STRING') }),
  actor: account,
  org: account,
  created_at: scalar('TIMESTAMP'),
  id: scalar('STRING'),
  other: scalar('STRING'),
};

/** Tables by name. Events lie in the table of the day they happened, or of `filedOn` where given. */
export function archiveTables(
  events: readonly RawEvent[],
  filedOn: (event: RawEvent) => string = (event) => event.created_at.slice(0, 10),
): Map<string, SqlTable> {
  const days = Map.groupBy(events, filedOn);
  return new Map(
    [...days].map(([day, rows]) => [
      `githubarchive.day.${day.replaceAll('-', '')}`,
      { columns: ARCHIVE_COLUMNS, rows: rows.map(toRow) },
    ]),
  );
}

function toRow(event: RawEvent): Record<string, unknown> {
  return { ...event, org: event.org ?? null, payload: JSON.stringify(event.payload) };
}

/** Events of a file: a line each (gzip or not), or one array. */
export function readEvents(path: string): RawEvent[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  if (text.startsWith('[')) return JSON.parse(text) as RawEvent[];
  const lines = text.split('\n').filter((line) => line.trim());
  return lines.map((line) => JSON.parse(line) as RawEvent);
}
