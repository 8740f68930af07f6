import type { RawEvent } from '../read-events.ts';
import type { SqlTable } from './sql-engine.ts';
import { type SqlType, scalar, struct } from './sql-types.ts';

/** GH Archive's day tables, made from events in the form of GH Archive's JSON. */

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

/** Tables by name. Events are in the table of the day they happened, or of `filedOn` if given. */
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
