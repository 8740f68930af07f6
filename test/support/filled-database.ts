import { sql } from 'kysely';
import type { Db } from '../../db/client.ts';
import { calculate } from '../../pipeline/stages/calculate/index.ts';
import { configOf, NOW, quiet } from './community.ts';
import { addFixedCommunity, FIXED_PEOPLE } from './fixed-community.ts';

/** Fills the tables with the fixed community, its boards, and values that a copy may spoil. */
export async function fillDatabase(db: Db): Promise<void> {
  await addFixedCommunity(db);
  const config = configOf({ people: FIXED_PEOPLE });
  await calculate({ db, config, now: NOW, log: quiet });
  await sql`UPDATE scrape_jobs SET checkpoint = '{"resume_at": "2026-01-01T00:00:00Z",
    "n": 12345678901234567890.10, "text": "a\\"b\\\\c\\u00e9 @ \\n"}'`.execute(db);
  await sql`INSERT INTO audit_log (id, action, details) VALUES (41, 'A', 'null'), (42, 'B', '"\\\\"')`.execute(
    db,
  );
  await sql`SELECT setval(pg_get_serial_sequence('audit_log', 'id'), 77, true)`.execute(db);
  await sql`UPDATE github_users SET company = E'a\\tb\\nc\\\\N "é" İ 🚀', location = ''
    WHERE github_id = 1`.execute(db);
  await sql`UPDATE repositories SET topics = '["x", null, 1.50]',
    metadata_fetched_at = '2026-01-02 03:04:05.123456+00'`.execute(db);
  await sql`INSERT INTO avatars VALUES (1, 'png', '\\x89504e470d0a1a0a005c27225c78ff', '"\\"', now())`.execute(
    db,
  );
}

/** An address in every place that can hold one. */
export async function addEmails(db: Db): Promise<void> {
  await sql`UPDATE github_users SET email = 'ada@example.org', company = 'ask ada@example.org!',
    display_name = 'ada@example.org', location = 'x@y' WHERE github_id = 1`.execute(db);
  await sql`UPDATE github_users SET login = 'Cyd@Example.org' WHERE github_id = 3`.execute(db);
  await sql`INSERT INTO github_user_logins VALUES (3, 'Cyd@Example.org', now(), now())`.execute(db);
  await sql`INSERT INTO contributor_enrichments (github_id, status, source, email, website, accounts,
    error_message, fetched_at) VALUES (1, 'FOUND', 'github', 'ada@example.org',
    'mailto:ada@example.org', '[{"provider": "X", "url": "mailto:ada@example.org"}]',
    'of ada@example.org', now())`.execute(db);
  await sql`INSERT INTO dead_letters (source, error_class, error_message, payload)
    VALUES ('github', 'constraint', 'commit of ü.ñ+tag@mail.example.org',
      '{"author": {"email": "ada@example.org"}, "a": ["\\nada@example.org\\\\", 1.10, null]}')`.execute(
    db,
  );
  await sql`INSERT INTO audit_log (action, subject, details)
    VALUES ('X', 'ada@example.org', '{"by": "ada@example.org"}')`.execute(db);
  await sql`UPDATE scrape_jobs SET error_message = 'ada@example.org is unknown',
    skipped = '{"ada@example.org": 1}'`.execute(db);
  await sql`INSERT INTO pipeline_runs (status, sources, clock, error_message)
    VALUES ('FAILED', '["github"]', now(), 'for <ada@example.org>')`.execute(db);
}
