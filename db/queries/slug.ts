import { sql } from 'kysely';

/** `owner/name` of the rows of a table, as `asciiLower` writes it. */
export const slugOf = (table: string) =>
  sql`lower(${sql.ref(`${table}.owner`)} || '/' || ${sql.ref(`${table}.name`)} COLLATE "C")`;
