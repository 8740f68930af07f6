/**
 * What every connection is set to, whatever the server, the database or the role is set to.
 * `openServer` does so when a connection starts or, behind a pooler that refuses that, in every
 * transaction.
 */

/** Names and values that our SQL and `parsers.ts` rely on. */
const SETTINGS: Readonly<Record<string, string>> = {
  // How the server writes values.
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  // How it reads them.
  array_nulls: 'on',
  standard_conforming_strings: 'on',
  // After the wait for a lock, a transaction reads what the former holder committed.
  default_transaction_isolation: 'read committed',
  // As pg_dump: rows that a policy hides are an error, and not a smaller result.
  row_security: 'off',
  // As pg_dump: these limits are meant for interactive queries.
  statement_timeout: '0',
  lock_timeout: '0',
  // A transaction that is idle for so long is one of a machine that fell silent.
  idle_in_transaction_session_timeout: '10min',
};

/** A setting of our own: a connection that has it took all that were sent with it. */
const MARK = 'leaderboard.settings';

/** What a new connection reads to know the others' settings. */
export interface Session {
  /** The settings sent at the start of this connection have reached the server. */
  readonly keepsOptions: boolean;
  /** `server_version_num`. */
  readonly version: number;
  /** The schema of our tables first, then the others of the role's search path. */
  readonly schemas: readonly string[];
  /** Most connections of the role or to the database; null if there is no such limit. */
  readonly connectionLimit: number | null;
}

/**
 * Gives one row with one column of JSON: a `Session`. It asks for the search path that the role
 * has been given, since behind a pooler the present one may be another client's.
 */
const READ_SESSION = [
  'BEGIN',
  'SET LOCAL search_path TO DEFAULT',
  `SELECT json_build_object(
    'keepsOptions', current_setting('${MARK}', true) IS NOT DISTINCT FROM 'sent',
    'version', current_setting('server_version_num')::integer,
    'schemas', (SELECT COALESCE(json_agg(name ORDER BY is_ours DESC, place), '[]') FROM (
      SELECT name, place, COALESCE(name = (SELECT n.nspname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = to_regclass('contribution_events')), false) AS is_ours
      FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (name, place)
      WHERE name NOT LIKE 'pg\\_%') AS listed),
    'connectionLimit', (SELECT LEAST(NULLIF(rolconnlimit, -1), NULLIF(datconnlimit, -1))
      FROM pg_roles, pg_database
      WHERE rolname = session_user AND NOT rolsuper AND datname = current_database())
  )::text AS session`,
  'COMMIT',
] as const;

/** All settings of a connection, as PostgreSQL writes them. */
function settingsOf({ version, schemas }: Pick<Session, 'version' | 'schemas'>) {
  const path = schemas.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
  return {
    ...SETTINGS,
    ...(version >= 140_000 && { idle_session_timeout: '0' }),
    ...(version >= 170_000 && { transaction_timeout: '0' }),
    ...(schemas.length > 0 && { search_path: path }),
  };
}

/** Statements that set all of it: for the session, or until the transaction ends. */
export function setStatements(session: Session, scope: 'SESSION' | 'LOCAL'): string {
  return Object.entries(settingsOf(session))
    .map(
      ([name, value]) => `SET ${scope} ${name} TO ${name === 'search_path' ? value : `'${value}'`}`,
    )
    .join('; ');
}

/** Command line options of a server process that set all of it. */
export function startOptions(session: Pick<Session, 'version' | 'schemas'>): string {
  return Object.entries({ ...settingsOf(session), [MARK]: 'sent' })
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\\s]/g, '\\$&')}`)
    .join(' ');
}

/** Reads the session of a new connection; `query` runs one statement on it. */
export async function readSession(
  query: (text: string) => Promise<{ rows: unknown[] }>,
): Promise<Session> {
  const sessions: unknown[] = [];
  for (const statement of READ_SESSION) sessions.push(...(await query(statement)).rows);
  return JSON.parse((sessions[0] as { session: string }).session);
}
