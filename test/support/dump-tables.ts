import { sql } from 'kysely';
import type { Db } from '../../db/client.ts';

/** Every row of every table, all columns, as text in a fixed order, to check for changes. */
export async function dumpTables(db: Db): Promise<Record<string, string[]>> {
  const tables = await db.introspection.getTables();
  const dump: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      SELECT to_jsonb(t)::text AS row FROM ${sql.table(name)} t
    `.execute(db);
    dump[name] = rows.map(({ row }) => row).toSorted();
  }
  return dump;
}
