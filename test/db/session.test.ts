import { sql } from 'kysely';
import { Client } from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../db/client.ts';
import { createServerDatabase } from '../support/databases.ts';
import {
  hasPgBouncer,
  type Pooler,
  startPgBouncer,
  startRefusingPooler,
} from '../support/poolers.ts';
import { freePort } from '../support/postgres-server.ts';

/** What a database can be set to that our SQL and our parsers don't work with. */
const OTHERS: Readonly<Record<string, string>> = {
  DateStyle: "'German'",
  IntervalStyle: "'sql_standard'",
  TimeZone: "'Asia/Kathmandu'",
  extra_float_digits: '-10',
  array_nulls: 'off',
  default_transaction_isolation: "'serializable'",
  row_security: 'on',
  statement_timeout: "'3s'",
  lock_timeout: "'1s'",
  idle_in_transaction_session_timeout: "'1s'",
  idle_session_timeout: "'1s'",
  search_path: 'pg_catalog, other, public',
};

const EXPECTED = {
  moment: new Date('2025-01-02T03:04:05.678Z'),
  day: '2025-01-02',
  interval: '1 day -02:00:00',
  texts: ['ü', null],
  isolation: 'read committed',
  third: 1 / 3,
  limits: '0 0 10min 0 off',
  schema: 'other',
};

async function readValues(db: Db): Promise<unknown> {
  const { rows } = await sql`
    SELECT '2025-01-02 03:04:05.678Z'::timestamptz AS moment,
      date_trunc('day', '2025-01-02 20:00Z'::timestamptz)::date AS day,
      ('1 day'::interval - '2 hours'::interval)::text AS interval,
      ${['ü', null]}::text[] AS texts, current_setting('transaction_isolation') AS isolation,
      (1 / 3::double precision) AS third, concat_ws(' ', current_setting('statement_timeout'),
      current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),
      current_setting('idle_session_timeout'), current_setting('row_security')) AS limits,
      current_schema() AS schema`.execute(db);
  return rows[0];
}

async function createOddDatabase(): Promise<string> {
  const url = await createServerDatabase();
  const db = await openDatabase(url);
  await sql`CREATE SCHEMA other`.execute(db);
  for (const [name, value] of Object.entries(OTHERS)) {
    const database = sql.id(new URL(url).pathname.slice(1));
    await sql`ALTER DATABASE ${database} SET ${sql.raw(`${name} = ${value}`)}`.execute(db);
  }
  await db.destroy();
  return url;
}

/** Statements by themselves and in transactions, of more users at once than connections. */
async function expectValues(db: Db): Promise<void> {
  const alone = Array.from({ length: 5 }, () => readValues(db));
  const inside = Array.from({ length: 5 }, () => db.transaction().execute(readValues));
  for (const values of await Promise.all([...alone, ...inside])) expect(values).toEqual(EXPECTED);
  await expect(sql`SELECT 1 / 0`.execute(db)).rejects.toThrow('division by zero');
  await sql`VACUUM (ANALYZE) pg_catalog.pg_class`.execute(db);
  const isolated = db.transaction().setIsolationLevel('repeatable read');
  expect(await isolated.execute(readValues)).toMatchObject({ isolation: 'repeatable read' });
  expect(await readValues(db)).toEqual(EXPECTED);
}

describe.runIf(inject('postgresUrl'))('a connection', () => {
  it('has our settings, whatever those of the database are', async () => {
    const db = await openDatabase(await createOddDatabase());
    await expectValues(db);
    await db.destroy();
  });

  it('keeps the options that the address has', async () => {
    const url = new URL(await createOddDatabase());
    url.searchParams.set('options', '-c work_mem=5MB -c search_path=public');
    const db = await openDatabase(url.toString());
    const { rows } = await sql`
      SELECT current_setting('work_mem') AS memory, current_schema() AS schema`.execute(db);
    expect(rows).toEqual([{ memory: '5MB', schema: 'public' }]);
    await db.destroy();
  });

  it('finds our tables, however the search path changed since they were made', async () => {
    const url = await createOddDatabase();
    const first = await openDatabase(url);
    await sql`CREATE TABLE public.contribution_events ()`.execute(first);
    await first.destroy();
    const db = await openDatabase(url);
    const { rows } = await sql`SELECT current_schemas(false)::text AS path`.execute(db);
    expect(rows).toEqual([{ path: '{public,other}' }]);
    await db.destroy();
  });

  it('uses no more connections than the role may have', async () => {
    const url = new URL(await createServerDatabase());
    const admin = await openDatabase(url.toString());
    const role = `few_${url.pathname.slice(6, 20)}`;
    const create = `CREATE ROLE ${role} LOGIN PASSWORD 'password' CONNECTION LIMIT 3`;
    await sql.raw(create).execute(admin);
    url.username = role;
    const db = await openDatabase(url.toString());
    await Promise.all(Array.from({ length: 20 }, () => sql`SELECT pg_sleep(0.01)`.execute(db)));
    await Promise.all([db.destroy(), admin.destroy()]);
  });
});

const serverUrl = inject('postgresUrl') ?? '';

describe.runIf(serverUrl).each<[string, boolean, () => Promise<Pooler>]>([
  ['a pooler that refuses options', true, () => startRefusingPooler(serverUrl)],
  [
    'PgBouncer in session mode',
    hasPgBouncer,
    async () => startPgBouncer(serverUrl, 'session', await freePort()),
  ],
  [
    'PgBouncer in transaction mode',
    hasPgBouncer,
    async () => startPgBouncer(serverUrl, 'transaction', await freePort()),
  ],
])('a connection through %s', (name, isThere, start) => {
  if (!isThere) {
    it.skip('is not tried: there is no pgbouncer on this machine', () => {});
    return;
  }
  it('has our settings, whatever those of the database and of other clients are', async () => {
    const url = await createOddDatabase();
    const pooler = await start();
    const other = new Client(pooler.address(url));
    await other.connect();
    await other.query("SET DateStyle TO 'SQL, DMY'");
    await other.query('SET search_path TO public');
    await other.query('SET array_nulls TO off');
    if (name.includes('session')) await other.end();
    const db = await openDatabase(pooler.address(url));
    await expectValues(db).finally(() => db.destroy());
    await other.end();
    await pooler.close();
  });
});
