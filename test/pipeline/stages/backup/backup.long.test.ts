import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../../db/client.ts';
import { migrate, readPendingMigrations } from '../../../../db/migrate.ts';
import { copyDatabase } from '../../../../pipeline/stages/backup/copy.ts';
import { backup } from '../../../../pipeline/stages/backup/index.ts';
import { restore } from '../../../../pipeline/stages/backup/restore.ts';
import { report } from '../../../../pipeline/stages/report/index.ts';
import { configOf, NOW, quiet } from '../../../support/community.ts';
import { createServerDatabase } from '../../../support/databases.ts';
import { dumpTables } from '../../../support/dump-tables.ts';
import { fillDatabase } from '../../../support/filled-database.ts';
import { FIXED_PEOPLE } from '../../../support/fixed-community.ts';
import { findPrograms, startOwnServer } from '../../../support/postgres-programs.ts';
import { readTexts } from '../../../support/read-documents.ts';
import { runCommand } from '../../../support/run-command.ts';
import { runHere } from '../../../support/run-here.ts';

const folder = mkdtempSync(join(tmpdir(), 'backup-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => join(folder, name);

type Name = 'backup' | 'restore' | 'database:copy';
type Given = readonly [
  name: Name,
  args: readonly string[],
  url?: string,
  more?: Record<string, string>,
];

const settingsOf = ([, , url = '', more]: Given) => ({
  cwd: folder,
  env: { DATABASE_URL: url, ...more },
});

/** Runs a command whose embedded database is in the folder of the test, as a process. */
const runAsProcess = (...given: Given) => runCommand(given[0], given[1], settingsOf(given));

const OPTIONS = {
  from: { type: 'string', default: '' },
  to: { type: 'string', default: '' },
  fresh: { type: 'boolean' },
  yes: { type: 'boolean' },
  portable: { type: 'boolean' },
} as const;

/** The same, in this process. */
function run(...given: Given) {
  const [name, args] = given;
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const work = { backup, restore, 'database:copy': copyDatabase }[name];
  return runHere(() => work(values), settingsOf(given));
}

async function withDb<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await openDatabase(url);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const fill = (url: string) =>
  withDb(url, async (db) => {
    await migrate(db);
    await fillDatabase(db);
  });

/** All that must be the same afterwards: the documents, and all rows but those of migrations. */
const stateOf = (url: string) =>
  withDb(url, async (db) => {
    const out = mkdtempSync(join(folder, 'site-'));
    const config = configOf({ people: FIXED_PEOPLE });
    await report({ db, config, now: NOW, log: quiet, out, sample: false });
    const tables = Object.entries(await dumpTables(db));
    const rows = tables.filter(([name]) => !name.startsWith('leaderboard_migration'));
    return { documents: readTexts(join(out, 'api/v1')), rows: Object.fromEntries(rows) };
  });

const wipe = (url: string) =>
  withDb(url, (db) => sql`DROP SCHEMA public CASCADE; CREATE SCHEMA public`.execute(db));

const embedded = file('.data/live');

describe('backup and restore of the embedded database', () => {
  it('give the same documents', async () => {
    expect(await runAsProcess('backup', ['--to', file('x.dump')])).toMatchObject({
      code: 2,
      output: expect.stringContaining('there is no database in .data/live'),
    });
    await fill(embedded);
    const before = await stateOf(embedded);
    const made = await run('backup', ['--to', file('embedded.dump')]);
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('as a portable dump') });
    expect(statSync(file('embedded.dump')).mode & 0o777).toBe(0o600);
    rmSync(embedded, { recursive: true });
    const restored = await run('restore', ['--from', file('embedded.dump')]);
    expect(restored).toMatchObject({ code: 0, output: expect.stringMatching(/Restored \d+ rows/) });
    expect(await stateOf(embedded)).toEqual(before);
  });

  it('refuse data that is there, unless that is meant', async () => {
    const args = ['--from', file('embedded.dump')];
    const refused = { code: 2, output: expect.stringContaining('holds data already') };
    expect(await run('restore', args)).toMatchObject(refused);
    expect(await run('restore', [...args, '--fresh'])).toMatchObject({
      code: 2,
      output: expect.stringContaining('add --yes if that is meant'),
    });
    expect(await run('restore', [...args, '--fresh', '--yes'])).toMatchObject({ code: 0 });
  });

  it('refuse what is no backup, with a sentence', async () => {
    writeFileSync(file('cut.dump'), readFileSync(file('embedded.dump')).subarray(0, -100));
    writeFileSync(file('PGDMP.dump'), 'PGDMP and more');
    const cases: [string, string][] = [
      ['cut.dump', 'the dump is damaged'],
      ['nowhere.dump', "it can't be read"],
      ['PGDMP.dump', 'the embedded database can take only a portable dump'],
    ];
    for (const [name, sentence] of cases) {
      const end = await run('restore', ['--from', file(name), '--fresh', '--yes']);
      expect(end).toMatchObject({ code: 2, output: expect.stringContaining(sentence) });
    }
  });
});

describe.skipIf(inject('postgresUrl') === null)('database:copy', () => {
  it('brings the embedded database to a server and back, the same', async () => {
    if (!existsSync(embedded)) await fill(embedded);
    const before = await stateOf(embedded);
    const url = await createServerDatabase();
    const there = await run('database:copy', ['--from', 'embedded', '--to', 'server'], url);
    expect(there).toMatchObject({ code: 0, output: expect.stringMatching(/Copied .*: 4 repos/) });
    expect(await stateOf(url)).toEqual(before);
    const again = await run('database:copy', ['--from', 'embedded', '--to', url]);
    expect(again).toMatchObject({ code: 2, output: expect.stringContaining('holds data already') });
    const back = await run('database:copy', ['--from', url, '--to', `embedded:${file('other')}`]);
    expect(back).toMatchObject({ code: 0 });
    expect(await stateOf(file('other/live'))).toEqual(before);
  });

  it.each([
    [['--from', 'embedded', '--to', 'embedded'], 'the same database'],
    [['--from', 'here', '--to', 'embedded'], 'expected embedded, embedded:FOLDER, server'],
    [['--from', 'server', '--to', 'embedded'], 'set DATABASE_URL'],
    [['--from', 'postgres://a:b@c@d/e', '--to', 'embedded'], 'percent-encode'],
    [['--from', 'embedded:nowhere', '--to', 'embedded'], 'there is no database in nowhere/live'],
  ])('refuses %j', async (args, sentence) => {
    const end = await runAsProcess('database:copy', args);
    expect(end).toMatchObject({ code: 2, output: expect.stringContaining(sentence) });
  });
});

const programs = findPrograms();

describe.skipIf(programs === null)('backup and restore by pg_dump', () => {
  const server = { url: '', stop: async () => {} };
  beforeAll(async () => {
    Object.assign(server, await startOwnServer(programs ?? ''));
    await fill(server.url);
  });
  afterAll(() => server.stop());
  const path = { PATH: `${programs}:${process.env.PATH}` };
  const archive = file('server.dump');

  it('give the same documents, and leave the tables of others alone', async () => {
    await withDb(server.url, (db) => sql`CREATE TABLE of_another (id integer)`.execute(db));
    const before = await stateOf(server.url);
    const made = await runAsProcess('backup', ['--to', archive], server.url, path);
    expect(made).toMatchObject({ code: 0, output: expect.stringContaining('by pg_dump') });
    expect(readFileSync(archive).toString('latin1', 0, 5)).toBe('PGDMP');
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    await wipe(server.url);
    await withDb(server.url, (db) => sql`CREATE TABLE of_another (id integer)`.execute(db));
    const restored = await runAsProcess('restore', ['--from', archive], server.url, path);
    expect(restored).toMatchObject({ code: 0, output: expect.stringContaining('by pg_restore') });
    expect(await stateOf(server.url)).toEqual(before);
    const next = await withDb(server.url, (db) =>
      sql`INSERT INTO audit_log (action, details) VALUES ('C', '1') RETURNING id`.execute(db),
    );
    expect(next.rows).toEqual([{ id: 78 }]);
  });

  it('replace what is there if that is meant, and nothing if the backup is damaged', async () => {
    const before = await stateOf(server.url);
    const args = ['--from', archive];
    expect(await run('restore', args, server.url, path)).toMatchObject({
      code: 2,
      output: expect.stringContaining('holds data already'),
    });
    const bytes = readFileSync(archive);
    writeFileSync(file('cut.pgdump'), bytes.subarray(0, bytes.length - 3000));
    const cut = ['--from', file('cut.pgdump'), '--fresh', '--yes'];
    expect(await run('restore', cut, server.url, path)).toMatchObject({
      code: 2,
      output: expect.stringContaining('the dump is damaged'),
    });
    expect(await stateOf(server.url)).toEqual(before);
    const again = await runAsProcess('restore', [...args, '--fresh', '--yes'], server.url, path);
    expect(again).toMatchObject({ code: 0 });
    expect(await withDb(server.url, readPendingMigrations)).toEqual([]);
  });

  it('refuse a backup of a newer version', async () => {
    await withDb(server.url, (db) =>
      sql`INSERT INTO leaderboard_migration VALUES ('9999-future', '2026')`.execute(db),
    );
    await run('backup', ['--to', file('newer.dump')], server.url, path);
    await wipe(server.url);
    const end = await run('restore', ['--from', file('newer.dump')], server.url, path);
    expect(end).toMatchObject({
      code: 2,
      output: expect.stringContaining('newer version of this project (migration 9999-future)'),
    });
    expect(await run('restore', ['--from', archive], server.url, path)).toMatchObject({ code: 0 });
  });

  it('are portable where there is no pg_dump, or on request', async () => {
    const before = await stateOf(server.url);
    const without = await run('backup', ['--to', file('p.dump')], server.url, { PATH: folder });
    const asked = await runAsProcess(
      'backup',
      ['--portable', '--to', file('q.dump')],
      server.url,
      path,
    );
    for (const { output } of [without, asked]) expect(output).toContain('as a portable dump');
    const noProgram = await run('restore', ['--from', archive], server.url, { PATH: folder });
    expect(noProgram).toMatchObject({ code: 2, output: expect.stringContaining('pg_restore') });
    const args = ['--from', file('p.dump'), '--fresh', '--yes'];
    expect(await run('restore', args, server.url, { PATH: folder })).toMatchObject({ code: 0 });
    expect(await stateOf(server.url)).toEqual(before);
  });

  it.skipIf(inject('postgresUrl') === null)(
    'go between versions by the portable dump: a newer server, and back',
    async () => {
      const before = await stateOf(server.url);
      const newer = await createServerDatabase();
      const there = ['--from', 'server', '--to', newer];
      expect(await runAsProcess('database:copy', there, server.url, path)).toMatchObject({
        code: 0,
      });
      const made = await run('backup', ['--to', file('newer.pg')], newer, path);
      expect(made.output).toContain('as a portable dump');
      const args = ['--from', file('newer.pg'), '--fresh', '--yes'];
      expect(await run('restore', args, server.url, path)).toMatchObject({ code: 0 });
      expect(await stateOf(server.url)).toEqual(before);
    },
  );
});
