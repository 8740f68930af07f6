import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Db, openInThread, type ThreadDatabase } from '../../db/client.ts';
import { openMigrated } from '../support/templates.ts';

describe('a database in a thread', () => {
  let database: ThreadDatabase;
  let db: Db;
  beforeAll(async () => {
    database = openInThread();
    db = await database.opened;
    await sql`CREATE TABLE notes (id bigint PRIMARY KEY, text text, at timestamptz)`.execute(db);
  });
  afterAll(() => database.close());

  const count = async () =>
    (await sql<{ count: number }>`SELECT count(*) FROM notes`.execute(db)).rows[0]?.count;

  it('has the settings and the values of any other', async () => {
    const beside = await openMigrated();
    const read = (one: Db) =>
      sql`SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style,
        9007199254740991::bigint AS large, 1.50::numeric AS points, ARRAY[1, 2]::bigint[] AS ids,
        '2026-11-26T03:00:00.123Z'::timestamptz AS at, NULL::text AS nothing`.execute(one);
    const [own, other] = [(await read(db)).rows, (await read(beside)).rows];
    await beside.destroy();
    expect(own).toEqual(other);
    expect(own[0]).toMatchObject({ zone: 'UTC', at: new Date('2026-11-26T03:00:00.123Z') });
  });

  it('takes values as any other', async () => {
    const at = new Date('2026-11-26T03:00:00.123Z');
    await sql`INSERT INTO notes VALUES (${1}, ${'naïve 名前'}, ${at})`.execute(db);
    const { rows } = await sql`DELETE FROM notes RETURNING *`.execute(db);
    expect(rows).toEqual([{ id: 1, text: 'naïve 名前', at }]);
  });

  it('undoes a transaction that fails, and goes on', async () => {
    const failing = db.transaction().execute(async (trx) => {
      await sql`INSERT INTO notes VALUES (2)`.execute(trx);
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect(await count()).toBe(0);
    await db.transaction().execute((trx) => sql`INSERT INTO notes VALUES (3)`.execute(trx));
    expect(await count()).toBe(1);
  });

  it('gives an error of the database its code', async () => {
    await expect(sql`SELECT 1 / 0`.execute(db)).rejects.toMatchObject({
      message: 'division by zero',
      code: '22012',
    });
  });

  it('ends before it is made, without waiting for it', async () => {
    const early = openInThread();
    await early.close();
    await expect(early.opened).rejects.toThrow('the thread of the database has ended');
  });
});
