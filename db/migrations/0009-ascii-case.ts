import { type Kysely, sql } from 'kysely';

/**
 * Logins and names of repositories are compared by ASCII letters alone, as the code does, and not
 * by the rules of the database's language: a Turkish one found `ID` and `id` to be different.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const index of ['repositories_slug', 'github_users_login', 'github_user_logins_login']) {
    await sql`DROP INDEX ${sql.ref(index)}`.execute(db);
  }
  await renameTakenLogins(db);
  await renameTakenRepositories(db);
  await sql`CREATE UNIQUE INDEX github_users_login
    ON github_users (lower(login COLLATE "C"))`.execute(db);
  await sql`CREATE INDEX github_user_logins_login
    ON github_user_logins (lower(login COLLATE "C"))`.execute(db);
  await sql`CREATE UNIQUE INDEX repositories_slug
    ON repositories (lower(owner COLLATE "C"), lower(name COLLATE "C"))`.execute(db);
  await sql`ALTER TABLE repository_names DROP CONSTRAINT repository_names_slug_check`.execute(db);
  await respellFormerNames(db);
  await sql`ALTER TABLE repository_names ADD CONSTRAINT repository_names_slug_check
    CHECK (slug = lower(slug COLLATE "C"))`.execute(db);
}

/** Of accounts that share a login by the new rule, the one that was seen last keeps it. */
async function renameTakenLogins(db: Kysely<unknown>): Promise<void> {
  await sql`
    UPDATE github_users AS taken SET login = taken.login || '_old_' || taken.github_id
    FROM (
      SELECT github_id, row_number() OVER (
        PARTITION BY lower(login COLLATE "C")
        ORDER BY (SELECT max(last_seen_at) FROM github_user_logins AS seen
          WHERE seen.github_id = holder.github_id) DESC NULLS LAST, github_id DESC) AS place
      FROM github_users AS holder
      WHERE lower(login COLLATE "C") IN (
        SELECT lower(login COLLATE "C") FROM github_users GROUP BY 1 HAVING count(*) > 1)
    ) AS ordered
    WHERE ordered.github_id = taken.github_id AND ordered.place > 1`.execute(db);
}

/** Of rows that share a name by the new rule, the one that is tracked and was read last keeps it. */
async function renameTakenRepositories(db: Kysely<unknown>): Promise<void> {
  await sql`
    UPDATE repositories AS taken SET status = 'ARCHIVED', name = taken.name || '-old-' || taken.id
    FROM (
      SELECT id, row_number() OVER (
        PARTITION BY lower(owner COLLATE "C"), lower(name COLLATE "C")
        ORDER BY status = 'ARCHIVED', last_scraped_at DESC NULLS LAST, id) AS place
      FROM repositories
    ) AS ordered
    WHERE ordered.id = taken.id AND ordered.place > 1`.execute(db);
}

/** A Turkish database wrote the `I` of a former name as a dotless `i`. */
async function respellFormerNames(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ slug: string }>`SELECT slug FROM repository_names`.execute(db);
  for (const { slug } of rows) {
    const spelt = slug.replaceAll('\u0131', 'i');
    if (spelt === slug) continue;
    await sql`UPDATE repository_names SET slug = ${spelt} WHERE slug = ${slug}
      AND NOT EXISTS (SELECT FROM repository_names WHERE slug = ${spelt})`.execute(db);
  }
}
