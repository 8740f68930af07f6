import { sql } from 'kysely';
import type { ServerFacts, TableFacts } from '../../pipeline/domain/database-fitness.ts';
import type { Db } from '../client.ts';
import { TABLE_NAMES } from './sample-rows.ts';

/** What the server, the database and the role allow. */
export async function readServerFacts(db: Db): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    SELECT current_setting('server_version_num')::integer AS version,
      current_setting('server_version') AS "versionName",
      current_setting('server_encoding') AS encoding,
      quote_ident(current_database()) AS database,
      quote_ident(session_user) AS login,
      quote_ident(current_user) AS role,
      quote_ident(current_schema()) AS schema,
      (SELECT quote_ident(nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relname = 'contribution_events' ORDER BY nspname LIMIT 1) AS "tablesIn",
      COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate",
      pg_is_in_recovery() AS "isStandby",
      current_setting('default_transaction_read_only') = 'on' AS "isReadOnly",
      ARRAY(SELECT name FROM pg_settings WHERE source = 'client') AS "fixedByAddress"`.execute(db);
  return rows[0] as ServerFacts;
}

/**
 * How far the clock of this machine is ahead of the database's (ms); negative: behind. A difference
 * that may come from the time that the answer took counts as none.
 */
export async function readClockLead(db: Db): Promise<number> {
  const before = Date.now();
  const { rows } = await sql<{ clock: Date }>`SELECT clock_timestamp() AS clock`.execute(db);
  const after = Date.now();
  const clock = rows[0]?.clock.getTime() ?? after;
  return Math.max(0, before - clock) + Math.min(0, after - clock);
}

/** Those of our tables that are there, and what the role may do with them. */
export async function readTableFacts(db: Db): Promise<TableFacts[]> {
  const { rows } = await sql<TableFacts>`
    SELECT relname AS name, row_security_active(c.oid) AS "isFiltered",
      ARRAY(
        SELECT operation FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'])
          WITH ORDINALITY AS needed (operation, place)
        WHERE NOT has_table_privilege(c.oid, operation) ORDER BY place
      ) AS missing
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = current_schema() AND relkind IN ('r', 'p', 'v', 'm', 'f')
      AND relname::text = ANY(${TABLE_NAMES}::text[])
    ORDER BY relname`.execute(db);
  return rows;
}

/** The name of the database that the connection is to. */
export async function readDatabaseName(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`SELECT current_database() AS name`.execute(db);
  return rows[0]?.name ?? '';
}
