import { type Kysely, sql } from 'kysely';

/**
 * Lets a calculation count only what changed since the one before: the database itself notes every
 * change of a contribution, whoever makes it, and of what decides which of them count.
 */
const tables = `
CREATE TABLE contribution_changes (
  repository_id bigint,
  user_id bigint,
  is_taken boolean NOT NULL DEFAULT false
);

CREATE TABLE calculations (
  id integer PRIMARY KEY CHECK (id = 1),
  clock timestamptz NOT NULL,
  rules text NOT NULL
);

CREATE TABLE contributor_weeks (
  user_id bigint PRIMARY KEY REFERENCES github_users ON UPDATE CASCADE ON DELETE CASCADE,
  weeks json NOT NULL
);

CREATE INDEX contribution_events_moment ON contribution_events (occurred_at);
CREATE INDEX github_users_alias ON github_users (alias_of) WHERE alias_of IS NOT NULL`;

/** Its new and former rows, as far as a statement has both, are `new_rows` and `old_rows`. */
const events = ['INSERT', 'UPDATE', 'DELETE'] as const;

/** What is noted of a change of a table, by the statement that made it. */
const NOTES: Readonly<Record<string, Partial<Record<(typeof events)[number], string>>>> = {
  // By repository and account; 0: no account
  contribution_events: {
    INSERT: 'SELECT repository_id, coalesce(user_id, 0) FROM new_rows',
    UPDATE: `SELECT repository_id, coalesce(user_id, 0) FROM old_rows
      UNION SELECT repository_id, coalesce(user_id, 0) FROM new_rows`,
    DELETE: 'SELECT repository_id, coalesce(user_id, 0) FROM old_rows',
  },
  // A repository that is tracked again or no longer, with everybody in it
  repositories: {
    UPDATE: `SELECT coalesce(o.id, n.id), NULL::bigint FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
      WHERE (o.status = 'ARCHIVED') IS DISTINCT FROM (n.status = 'ARCHIVED')`,
  },
  // An account that counts for another person, or for nobody, everywhere
  github_users: {
    INSERT: `SELECT NULL::bigint, n.github_id FROM new_rows n
      WHERE EXISTS (SELECT FROM github_users a WHERE a.alias_of = n.github_id)`,
    UPDATE: `SELECT NULL::bigint, id FROM (
        (SELECT github_id, is_bot, is_opted_out, alias_of FROM old_rows
          EXCEPT SELECT github_id, is_bot, is_opted_out, alias_of FROM new_rows)
        UNION
        (SELECT github_id, is_bot, is_opted_out, alias_of FROM new_rows
          EXCEPT SELECT github_id, is_bot, is_opted_out, alias_of FROM old_rows)) AS changed
      CROSS JOIN LATERAL (VALUES (github_id), (alias_of)) AS one (id) WHERE id IS NOT NULL`,
    DELETE: `SELECT NULL::bigint, o.github_id FROM old_rows o`,
  },
};

const ROWS = {
  INSERT: 'NEW TABLE AS new_rows',
  UPDATE: 'OLD TABLE AS old_rows NEW TABLE AS new_rows',
  DELETE: 'OLD TABLE AS old_rows',
} as const;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of tables.split(';')) await sql.raw(statement).execute(db);
  await createFunctions(db);
  for (const [table, notes] of Object.entries(NOTES)) {
    for (const event of events.filter((one) => notes[one])) {
      await sql
        .raw(`CREATE TRIGGER note_${event.toLowerCase()} AFTER ${event} ON ${table}
          REFERENCING ${ROWS[event]} FOR EACH STATEMENT EXECUTE FUNCTION note_${table}()`)
        .execute(db);
    }
  }
}

/** Makes the functions of the triggers, where they are not there: no backup of tables has them. */
export async function createFunctions<T>(db: Kysely<T>): Promise<void> {
  for (const [table, notes] of Object.entries(NOTES)) {
    await sql.raw(functionOf(table, notes)).execute(db);
  }
}

function functionOf(table: string, notes: (typeof NOTES)[string]): string {
  const branches = events
    .filter((event) => notes[event])
    .map(
      (event) => `IF TG_OP = '${event}' THEN
        INSERT INTO contribution_changes (repository_id, user_id)
        SELECT DISTINCT * FROM (${notes[event]}) AS noted (repository_id, user_id);
      END IF;`,
    );
  return `CREATE OR REPLACE FUNCTION note_${table}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN ${branches.join('\n')} RETURN NULL; END $$`;
}
