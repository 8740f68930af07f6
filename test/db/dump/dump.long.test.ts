import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../db/client.ts';
import { openDumpFile, writeDumpFile } from '../../../db/dump/dump-file.ts';
import { DamagedDumpError, NewerDumpError } from '../../../db/dump/format.ts';
import { loadDump, NotEmptyError } from '../../../db/dump/load-dump.ts';
import { dumpDatabase } from '../../../db/dump/write-dump.ts';
import { migrate, migrateTo, readPendingMigrations } from '../../../db/migrate.ts';
import { report } from '../../../pipeline/stages/report/index.ts';
import { configOf, NOW, quiet } from '../../support/community.ts';
import { createServerDatabase, emptyTables, useDatabase } from '../../support/databases.ts';
import { dumpTables } from '../../support/dump-tables.ts';
import { addEmails, fillDatabase } from '../../support/filled-database.ts';
import { FIXED_PEOPLE } from '../../support/fixed-community.ts';
import { readTexts } from '../../support/read-documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'dump-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = async (db: Db, name = 'a.dump', withEmails = true) => {
  const path = join(folder, name);
  await writeDumpFile(path, dumpDatabase(db, { withEmails, now: NOW }));
  return path;
};
const load = async (db: Db, path: string, fresh = false) =>
  loadDump(db, await openDumpFile(path), { fresh });
const linesOf = (path: string) => gunzipSync(readFileSync(path)).toString().split('\n');

/** The tables without the lists of migrations, whose times are those of this machine. */
async function tablesOf(db: Db): Promise<Record<string, string[]>> {
  const tables = await dumpTables(db);
  return Object.fromEntries(
    Object.entries(tables).filter(([name]) => !name.startsWith('leaderboard_migration')),
  );
}

async function documentsOf(db: Db): Promise<Map<string, string>> {
  const out = mkdtempSync(join(folder, 'site-'));
  const config = configOf({ people: FIXED_PEOPLE });
  await report({ db, config, now: NOW, log: quiet, out, sample: false });
  return readTexts(join(out, 'api/v1'));
}

const isServerThere = inject('postgresUrl') !== null;
const KINDS = isServerThere ? (['embedded', 'server'] as const) : (['embedded'] as const);
const PAIRS = KINDS.flatMap((from) => KINDS.map((to) => [from, to] as const));

describe.each(PAIRS)('a dump of a database (%s)', (from, to) => {
  const source = useDatabase(from);
  const target = useDatabase(to);
  beforeAll(() => fillDatabase(source.db));

  it(`gives the same tables, sequences and documents (${to})`, async () => {
    const path = await write(source.db);
    const { migration, tables } = await load(target.db, path);
    expect(migration).toMatch(/^\d{4}-/);
    expect(await tablesOf(target.db)).toEqual(await tablesOf(source.db));
    expect(tables.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(await tablesOf(source.db)).toSorted(),
    );
    const again = await write(target.db, 'b.dump');
    expect(linesOf(again)).toEqual(linesOf(path));
    const next = await sql<{ id: number }>`
      INSERT INTO audit_log (action, details) VALUES ('C', '1') RETURNING id`.execute(target.db);
    expect(next.rows).toEqual([{ id: 78 }]);
    expect(await documentsOf(target.db)).toEqual(await documentsOf(source.db));
    expect(await readPendingMigrations(target.db)).toEqual([]);
  });
});

describe.each(KINDS)('restoring (%s)', (kind) => {
  const database = useDatabase(kind);
  let path: string;
  beforeEach(async () => {
    await emptyTables(database.db);
    await fillDatabase(database.db);
    path = await write(database.db);
  });

  it('refuses one that holds data, and replaces it if that is meant', async () => {
    const before = await tablesOf(database.db);
    await sql`INSERT INTO github_users (github_id, login) VALUES (99, 'later')`.execute(
      database.db,
    );
    const changed = await tablesOf(database.db);
    await expect(load(database.db, path)).rejects.toThrow(NotEmptyError);
    expect(await tablesOf(database.db)).toEqual(changed);
    await load(database.db, path, true);
    expect(await tablesOf(database.db)).toEqual(before);
  });

  it('keeps what was there if the dump is damaged or newer', async () => {
    const before = await tablesOf(database.db);
    const lines = linesOf(path);
    const of = (text: readonly string[]) => Buffer.from(text.join('\n'));
    const [first = '', ...rest] = lines;
    const row = lines.findIndex((line) => line.includes('"octo"'));
    const spoilt = lines.with(row, (lines[row] ?? '').replace('octo', 'evil'));
    const files: [Buffer, new (...args: never[]) => Error][] = [
      [gzipSync(of(lines)).subarray(0, -700), DamagedDumpError],
      [gzipSync(of(lines.slice(0, -20))), DamagedDumpError],
      [gzipSync(of(lines.toSpliced(row, 1))), DamagedDumpError],
      [gzipSync(of(spoilt)), DamagedDumpError],
      [gzipSync(of([...lines, 'more'])), DamagedDumpError],
      [gzipSync(of([])), DamagedDumpError],
      [gzipSync(of(['{"format": "another"}'])), DamagedDumpError],
      [Buffer.from('no gzip at all'), DamagedDumpError],
      [gzipSync(of([first.replace(/"version":1/, '"version":2'), ...rest])), NewerDumpError],
      [
        gzipSync(of([first.replace(/"migration":"[^"]+"/, '"migration":"9999-x"'), ...rest])),
        NewerDumpError,
      ],
    ];
    for (const [bytes, kindOfError] of files) {
      writeFileSync(join(folder, 'bad.dump'), bytes);
      await expect(load(database.db, join(folder, 'bad.dump'), true)).rejects.toThrow(kindOfError);
    }
    expect(await tablesOf(database.db)).toEqual(before);
  });

  it('holds no e-mail address if that is asked for, and all the rest', async () => {
    await addEmails(database.db);
    const all = linesOf(await write(database.db, 'with.dump'));
    const without = linesOf(await write(database.db, 'without.dump', false));
    expect(all.filter((line) => line.includes('@')).length).toBeGreaterThan(8);
    expect(without.join('\n')).not.toMatch(/@[a-z]+\./i);
    expect(without.join('\n')).toContain('x@y');
    expect(without).toHaveLength(all.length);
    await load(database.db, join(folder, 'without.dump'), true);
    const users = await sql`SELECT login, email, company FROM github_users WHERE github_id IN (1, 3)
      ORDER BY github_id`.execute(database.db);
    expect(users.rows).toEqual([
      { login: 'ada', email: null, company: 'ask …!' },
      { login: expect.stringMatching(/^email-[0-9a-f]{16}$/), email: null, company: null },
    ]);
    const letters = await sql`SELECT error_message, payload FROM dead_letters
      ORDER BY id DESC LIMIT 1`.execute(database.db);
    expect(letters.rows).toEqual([
      {
        error_message: 'commit of …',
        payload: { author: { email: '…' }, a: ['\n…\\', 1.1, null] },
      },
    ]);
  });
});

describe('a dump of older tables', () => {
  const open: Db[] = [];
  afterEach(async () => {
    for (const db of open.splice(0)) await db.destroy();
  });

  it('is restored and brought up to date', async () => {
    const old = await openDatabase('memory:');
    const present = await openDatabase('memory:');
    open.push(old, present);
    await old.transaction().execute((trx) => migrateTo(trx, '0006-job-checkpoints'));
    await sql`INSERT INTO repositories (id, owner, name, status) VALUES (5, 'a', 'b', 'ACTIVE')`.execute(
      old,
    );
    await sql`INSERT INTO audit_log (action, details) VALUES ('BACKFILL_PLANNED',
      '{"doneDays": 1, "remainingDays": 2, "estimatedUsd": 3}')`.execute(old);
    await migrate(present);
    const path = await write(old);
    expect(await load(present, path)).toMatchObject({ migration: '0006-job-checkpoints' });
    expect(await readPendingMigrations(present)).toEqual([]);
    const forecasts = await present.selectFrom('backfill_forecasts').selectAll().execute();
    expect(forecasts).toMatchObject([{ source: 'bigquery', remaining_days: 2 }]);
  });
});

describe.skipIf(!isServerThere)('indexes and keys', () => {
  it('are the same after a restore', async () => {
    const url = await createServerDatabase();
    const db = await openDatabase(url);
    const read = async () =>
      (
        await sql`SELECT pg_get_indexdef(indexrelid) AS text FROM pg_index i
          JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace
          UNION ALL SELECT conrelid::regclass || conname || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`.execute(db)
      ).rows;
    try {
      await migrate(db);
      await fillDatabase(db);
      const before = await read();
      await load(db, await write(db), true);
      expect(await read()).toEqual(before);
      expect(before.length).toBeGreaterThan(60);
    } finally {
      await db.destroy();
    }
  });
});
