import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../db/client.ts';
import { MIGRATIONS, migrate, readPendingMigrations } from '../../db/migrate.ts';
import { createServerDatabase } from '../support/databases.ts';

const NAMES = Object.keys(MIGRATIONS);
const OURS = ['leaderboard_migration', 'leaderboard_migration_lock'];
const KYSELYS = ['kysely_migration', 'kysely_migration_lock'];

/** Applies migrations as a project does that gives their tables no names of its own. */
async function migrateByDefault(db: Db, migrations: Record<string, Migration>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest();
  if (error) throw error;
}

const foreign: Record<string, Migration> = {
  '0001-notes': { up: (db: Kysely<unknown>) => db.schema.createTable('notes').execute() },
};

async function readTables(db: Db, like: string): Promise<string[]> {
  const { rows } = await sql<{ tablename: string }>`
    SELECT tablename FROM pg_tables WHERE tablename LIKE ${like} ORDER BY tablename`.execute(db);
  return rows.map(({ tablename }) => tablename);
}
const migrationTables = (db: Db) => readTables(db, '%\\_migration%');

const KINDS = inject('postgresUrl') === null ? ['embedded'] : ['embedded', 'server'];

describe.each(KINDS)('the tables of migrations, on %s PostgreSQL', (kind) => {
  async function withDatabase(run: (db: Db, url: string) => Promise<void>): Promise<void> {
    const url = kind === 'server' ? await createServerDatabase() : 'memory:';
    const db = await openDatabase(url);
    await run(db, url).finally(() => db.destroy());
  }

  it('have names of their own', () =>
    withDatabase(async (db) => {
      expect(await migrate(db)).toEqual(NAMES);
      expect(await migrationTables(db)).toEqual(OURS);
      expect(await migrate(db)).toEqual([]);
    }));

  it('of a database that has the former names get the new ones', () =>
    withDatabase(async (db) => {
      await migrateByDefault(db, MIGRATIONS);
      const before = await sql`SELECT * FROM kysely_migration ORDER BY name`.execute(db);
      expect(await readPendingMigrations(db)).toEqual([]);
      expect(await migrationTables(db)).toEqual(KYSELYS);

      expect(await migrate(db)).toEqual([]);
      expect(await migrationTables(db)).toEqual(OURS);
      const after = await sql`SELECT * FROM leaderboard_migration ORDER BY name`.execute(db);
      expect(after.rows).toEqual(before.rows);
    }));

  it('are renamed where some migrations are still to come', () =>
    withDatabase(async (db) => {
      await migrateByDefault(db, Object.fromEntries(Object.entries(MIGRATIONS).slice(0, 3)));
      expect(await readPendingMigrations(db)).toEqual(NAMES.slice(3));
      expect(await migrate(db)).toEqual(NAMES.slice(3));
      expect(await migrationTables(db)).toEqual(OURS);
    }));

  it("of another project are left alone, and its migrations aren't ours", () =>
    withDatabase(async (db) => {
      await migrateByDefault(db, foreign);
      const before = await sql`SELECT * FROM kysely_migration`.execute(db);
      expect(await readPendingMigrations(db)).toEqual(NAMES);
      expect(await migrate(db)).toEqual(NAMES);
      expect(await migrationTables(db)).toEqual([...KYSELYS, ...OURS]);
      expect((await sql`SELECT * FROM kysely_migration`.execute(db)).rows).toEqual(before.rows);
    }));

  it('in another schema are not taken for ours', () =>
    withDatabase(async (db) => {
      await sql`CREATE SCHEMA elsewhere`.execute(db);
      for (const name of [...OURS, ...KYSELYS]) {
        await sql`CREATE TABLE ${sql.table(`elsewhere.${name}`)} (name text)`.execute(db);
      }
      expect(await migrate(db)).toEqual(NAMES);
      expect(await readTables(db, 'contribution\\_events')).toHaveLength(1);
    }));
});

describe.runIf(inject('postgresUrl'))('the former tables of migrations', () => {
  it('are renamed once when several processes start together', async () => {
    const url = await createServerDatabase();
    const first = await openDatabase(url);
    await migrateByDefault(first, MIGRATIONS);
    const processes = await Promise.all(Array.from({ length: 4 }, () => openDatabase(url)));
    expect(await Promise.all(processes.map(migrate))).toEqual([[], [], [], []]);
    expect(await migrationTables(first)).toEqual(OURS);
    await Promise.all([first, ...processes].map((db) => db.destroy()));
  });

  /** A database, its owner, and the address of a role with one right in it. */
  async function createGuest(grant: string): Promise<{ url: string; owner: Db }> {
    const url = new URL(await createServerDatabase());
    const owner = await openDatabase(url.toString());
    const role = `guest_${url.pathname.slice(6, 20)}`;
    await sql.raw(`CREATE ROLE ${role} LOGIN PASSWORD 'password'`).execute(owner);
    url.username = role;
    url.password = 'password';
    await migrateByDefault(owner, grant.includes('CREATE') ? foreign : MIGRATIONS);
    await sql.raw(`${grant} TO ${role}`).execute(owner);
    return { url: url.toString(), owner };
  }

  it('of another project may be closed to us', async () => {
    const { url, owner } = await createGuest('GRANT CREATE ON SCHEMA public');
    const guest = await openDatabase(url);
    expect(await migrate(guest)).toEqual(NAMES);
    await Promise.all([owner.destroy(), guest.destroy()]);
  });

  it('stay in use where the role does not own them', async () => {
    const { url, owner } = await createGuest('GRANT SELECT ON ALL TABLES IN SCHEMA public');
    const guest = await openDatabase(url);
    expect(await migrate(guest)).toEqual([]);
    expect(await migrationTables(owner)).toEqual(KYSELYS);
    await Promise.all([owner.destroy(), guest.destroy()]);
  });
});
