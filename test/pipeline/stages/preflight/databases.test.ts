import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Db, openDatabase } from '../../../../db/client.ts';
import { migrate } from '../../../../db/migrate.ts';
import { runPipeline } from '../../../../pipeline/run-pipeline.ts';
import { withContext } from '../../../../pipeline/runtime/context.ts';
import { formatFailure } from '../../../../pipeline/runtime/main.ts';
import { EXIT } from '../../../../pipeline/util/usage-error.ts';
import { inventEvents, REPOSITORIES } from '../../../support/invented-hours.ts';
import { dumpResults, writeHourFiles } from '../../../support/pipeline.ts';
import { hasPgBouncer, startPgBouncer, startRefusingPooler } from '../../../support/poolers.ts';
import { freePort } from '../../../support/postgres-server.ts';
import { runCommand } from '../../../support/run-command.ts';

/**
 * A run on every kind of database ends with the tables of a plain one, or with exit code 1 and
 * what to type, after which it ends with these tables. Never with exit code 0 and less.
 */

interface Kind {
  readonly name: string;
  /** Options of CREATE DATABASE; by default a copy of one whose tables are up to date. */
  readonly create?: string;
  /** By default, what the rows need. */
  readonly rights?: 'rows' | 'read' | 'none' | 'owner' | 'superuser';
  /** Statements of a superuser in the database. ROLE and DATABASE stand for the names. */
  readonly statements?: readonly string[];
  /** What is between the run and the server. */
  readonly pooler?: 'refusing' | 'session' | 'transaction';
  /** What is said, with exit code 1. */
  readonly advice?: RegExp;
  /** Whether a run ends well once the advice has been followed; by default it does. */
  readonly isMended?: false;
}

const setRole = (setting: string): Kind => ({
  name: setting,
  statements: [`ALTER ROLE ROLE SET ${setting}`],
});

const BY_ROLE: readonly Kind[] = [
  { name: 'a superuser', rights: 'superuser' },
  { name: 'the rights on rows alone' },
  { name: 'the owner of an empty database', create: 'TEMPLATE template0', rights: 'owner' },
  {
    name: 'no right to make tables',
    create: 'TEMPLATE template0',
    rights: 'none',
    advice: /may not make tables in the schema public: type `GRANT CREATE ON SCHEMA public TO/,
  },
  {
    name: 'the right to read alone',
    rights: 'read',
    advice: /type `GRANT INSERT, UPDATE, DELETE ON public\.audit_log TO/,
  },
  {
    name: 'a missing right on one table',
    statements: ['REVOKE DELETE ON scrape_windows FROM ROLE'],
    advice: /lacks rights on the table scrape_windows: type `GRANT DELETE ON public.scrape_windows/,
  },
  {
    name: 'no right to use the schema',
    statements: ['REVOKE USAGE ON SCHEMA public FROM PUBLIC'],
    advice: /may use no schema of its search path: type `GRANT USAGE ON SCHEMA public TO/,
  },
  {
    name: 'no right to use the schema of an empty database',
    create: 'TEMPLATE template0',
    statements: ['REVOKE USAGE ON SCHEMA public FROM PUBLIC'],
    advice: /may use no schema of its search path: type `CREATE SCHEMA leaderboard/,
  },
  { name: 'a connection limit of 3', statements: ['ALTER ROLE ROLE CONNECTION LIMIT 3'] },
  { name: 'a connection limit of 1', statements: ['ALTER ROLE ROLE CONNECTION LIMIT 1'] },
  {
    name: 'read-only transactions',
    statements: ['ALTER ROLE ROLE SET default_transaction_read_only = on'],
    advice: /type `ALTER ROLE \w+ IN DATABASE \w+ SET default_transaction_read_only = off`/,
  },
];

const BY_SETTING: readonly Kind[] = [
  ...['German', 'SQL, DMY', 'Postgres, MDY'].map((style) => setRole(`DateStyle = '${style}'`)),
  ...['Asia/Kathmandu', '<+0330>-3:30'].map((zone) => setRole(`TimeZone = '${zone}'`)),
  ...['sql_standard', 'iso_8601'].map((style) => setRole(`IntervalStyle = '${style}'`)),
  setRole('array_nulls = off'),
  setRole('standard_conforming_strings = off'),
  setRole('extra_float_digits = -15'),
  setRole("client_encoding = 'LATIN1'"),
  setRole("statement_timeout = '1ms'"),
  setRole("lock_timeout = '1ms'"),
  setRole("idle_in_transaction_session_timeout = '5s'"),
  setRole("default_transaction_isolation = 'serializable'"),
  setRole('search_path = pg_catalog, public'),
  {
    ...setRole('search_path = elsewhere'),
    advice: /`ALTER ROLE \w+ IN DATABASE \w+ SET search_path = public`/,
  },
  {
    ...setRole("search_path = ''"),
    advice: /`ALTER ROLE \w+ IN DATABASE \w+ SET search_path = public`/,
  },
];

const BY_DATABASE: readonly Kind[] = [
  { name: 'the collation C', create: "TEMPLATE template0 LOCALE 'C'", rights: 'owner' },
  { name: 'the ICU collation en-US', create: icu('en-US'), rights: 'owner' },
  // The lower case of I is another letter there.
  { name: 'the ICU collation tr-TR', create: icu('tr-TR'), rights: 'owner' },
  { name: 'the ICU collation sv-SE', create: icu('sv-SE'), rights: 'owner' },
  {
    name: 'the encoding SQL_ASCII',
    create: "TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
    rights: 'owner',
  },
  {
    name: 'the encoding LATIN1',
    create: "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
    rights: 'owner',
    advice: /is LATIN1, which can't hold every text: type `CREATE DATABASE leaderboard OWNER/,
    isMended: false,
  },
  { name: 'a connection limit', statements: ['ALTER DATABASE DATABASE CONNECTION LIMIT 3'] },
  {
    name: "another project's tables of migrations",
    create: 'TEMPLATE template0',
    rights: 'owner',
    statements: [
      'CREATE TABLE kysely_migration (name text)',
      'CREATE TABLE kysely_migration_lock (id text)',
      "INSERT INTO kysely_migration VALUES ('0001-notes')",
    ],
  },
  {
    name: "another project's table with a name of ours",
    create: 'TEMPLATE template0',
    rights: 'owner',
    statements: ['CREATE TABLE repositories (path text)'],
    advice: /tables of another project with names of ours \(repositories\): type `CREATE SCHEMA/,
  },
];

const BY_TABLE: readonly Kind[] = [
  {
    name: 'row level security',
    statements: [
      'ALTER TABLE contribution_events ENABLE ROW LEVEL SECURITY',
      "CREATE POLICY few ON contribution_events USING (kind = 'COMMIT')",
    ],
    advice: /type `ALTER TABLE public.contribution_events DISABLE ROW LEVEL SECURITY`/,
  },
  {
    name: 'a trigger that drops rows',
    statements: [
      'CREATE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
      'CREATE TRIGGER drop_row BEFORE INSERT ON github_users FOR EACH ROW EXECUTE FUNCTION drop_row()',
    ],
    advice: /the table github_users drops a row that is inserted: remove the trigger/,
    isMended: false,
  },
  {
    name: 'a trigger that changes rows',
    statements: [
      "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.login := 'x'; RETURN NEW; END $$",
      'CREATE TRIGGER change BEFORE INSERT ON github_users FOR EACH ROW EXECUTE FUNCTION change()',
    ],
    advice: /the table github_users changes login of a row: remove the trigger/,
    isMended: false,
  },
  {
    name: 'a constraint of its own',
    statements: ['ALTER TABLE contribution_events ADD CONSTRAINT few CHECK (lines_added < 9)'],
    advice: /the table contribution_events refuses a row: .*"few"/,
    isMended: false,
  },
];

const ODD = [
  "ALTER ROLE ROLE SET DateStyle = 'German'",
  'ALTER ROLE ROLE SET array_nulls = off',
  "ALTER ROLE ROLE SET TimeZone = 'Asia/Kathmandu'",
];

const BY_POOLER: readonly Kind[] = [
  { name: 'a pooler that refuses options', pooler: 'refusing', statements: ODD },
  { name: 'PgBouncer in session mode', pooler: 'session', statements: ODD },
  { name: 'PgBouncer in transaction mode', pooler: 'transaction', statements: ODD },
];

function icu(locale: string): string {
  return `TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE '${locale}' LOCALE 'C'`;
}

const FROM = new Date('2026-01-01T00:00:00Z');
const NOW = new Date('2026-01-01T02:00:00Z');
const serverUrl = inject('postgresUrl') ?? '';
const id = randomUUID().slice(0, 8);

describe.runIf(serverUrl)('a run', () => {
  let folder: string;
  let admin: Db;
  let plain: Record<string, string[]>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leaderboard-databases-'));
    writeHourFiles(folder, inventEvents({ from: FROM, now: NOW, size: 20, hourMs: 60_000 }));
    const list = REPOSITORIES.map((slug) => `  - ${slug}\n`).join('');
    writeFileSync(join(folder, 'repos.yaml'), `repositories:\n${list}`);
    writeFileSync(join(folder, 'pipeline.yaml'), 'window_years: 1\n');
    process.env.GHARCHIVE_URL = pathToFileURL(`${folder}/`).href;
    admin = await openDatabase(serverUrl);
    await createTemplate();
    const url = await create({ name: 'plain', rights: 'superuser' }, 'plain');
    expect(await run(url)).toEqual({ code: EXIT.done, output: '' });
    plain = await dump(url);
    expect(plain.contribution_events?.length).toBeGreaterThan(30);
  });
  afterAll(async () => {
    delete process.env.GHARCHIVE_URL;
    delete process.env.DATABASE_URL;
    await admin.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  async function createTemplate(): Promise<void> {
    await sql.raw(`CREATE DATABASE matrix_${id}`).execute(admin);
    const template = await openDatabase(addressOf(`matrix_${id}`));
    await migrate(template);
    await template.destroy();
  }

  function addressOf(database: string, role?: string): string {
    const url = new URL(serverUrl);
    url.pathname = `/${database}`;
    if (role) url.username = role;
    if (role) url.password = 'password';
    return url.toString();
  }

  const nameOf = (label: string) => `matrix_${id}_${label}`;

  /** Makes the database and its role, and returns the address for the role. */
  async function create(kind: Kind, label: string): Promise<string> {
    const name = nameOf(label);
    const rights = kind.rights ?? 'rows';
    const superuser = rights === 'superuser' ? 'SUPERUSER' : '';
    await sql.raw(`CREATE ROLE ${name} LOGIN PASSWORD 'password' ${superuser}`).execute(admin);
    const owner = rights === 'owner' ? `OWNER ${name}` : '';
    const options = kind.create ?? `TEMPLATE matrix_${id}`;
    await sql.raw(`CREATE DATABASE ${name} ${owner} ${options}`).execute(admin);
    const grants = {
      rows: [`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`],
      read: [`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${name}`],
    };
    const given = rights === 'rows' || rights === 'read' ? grants[rights] : [];
    await type(name, [...given, ...(kind.statements ?? [])]);
    return addressOf(name, name);
  }

  /** Runs statements as a superuser in a database. */
  async function type(name: string, statements: readonly string[]): Promise<void> {
    const db = await openDatabase(addressOf(name));
    for (const statement of statements) {
      await sql.raw(statement.replaceAll(/\b(ROLE|DATABASE)(?= (SET|CONN)|$)/g, name)).execute(db);
    }
    await db.destroy();
  }

  async function run(url: string): Promise<{ code: number; output: string }> {
    process.env.DATABASE_URL = url;
    const options = {
      config: folder,
      sources: ['gharchive' as const],
      repositories: null,
      jobType: null,
      from: FROM,
      to: NOW,
      out: join(folder, 'out'),
      now: NOW,
      dryRun: false,
      log: 'json' as const,
    };
    process.env.LOG_LEVEL = 'silent';
    try {
      const code = await withContext(options, new AbortController().signal, runPipeline);
      return { code, output: '' };
    } catch (error) {
      const code = Number((error as { exitCode?: number }).exitCode ?? EXIT.failed);
      return { code, output: formatFailure(error, false) };
    } finally {
      delete process.env.LOG_LEVEL;
    }
  }

  /** The results, read without the settings of the role. */
  async function dump(url: string): Promise<Record<string, string[]>> {
    const name = new URL(url).pathname.slice(1);
    const schemas = '-c search_path=leaderboard,public';
    const db = await openDatabase(`${addressOf(name)}?options=${encodeURIComponent(schemas)}`);
    const results = await dumpResults(db);
    await db.destroy();
    return results;
  }

  async function startPooler(kind: Kind, url: string) {
    if (!kind.pooler) return { url, close: async () => {} };
    const pooler =
      kind.pooler === 'refusing'
        ? await startRefusingPooler(url)
        : await startPgBouncer(url, kind.pooler, await freePort());
    return { url: pooler.address(url), close: pooler.close };
  }

  const kinds = [BY_ROLE, BY_SETTING, BY_DATABASE, BY_TABLE, BY_POOLER].flat();
  for (const [index, kind] of kinds.entries()) {
    const isTried = !kind.pooler || kind.pooler === 'refusing' || hasPgBouncer;
    const title = isTried ? kind.name : `${kind.name} (there is no pgbouncer on this machine)`;
    it.runIf(isTried)(`on ${title}: the same tables, or what to type`, async () => {
      const url = await create(kind, `${index}`);
      const between = await startPooler(kind, url);
      const first = await run(between.url);
      await between.close();
      if (!kind.advice) {
        expect(first).toEqual({ code: EXIT.done, output: '' });
        expect(await dump(url)).toEqual(plain);
        return;
      }
      expect(first.output).toMatch(kind.advice);
      expect(first.code).toBe(EXIT.failed);
      if (kind.isMended === false) return;
      await type(nameOf(`${index}`), typedOf(first.output));
      expect(await run(url)).toEqual({ code: EXIT.done, output: '' });
      expect(await dump(url)).toEqual(plain);
    });
  }

  it('as a command ends with exit code 1 and what to type', async () => {
    const url = await create({ name: 'command', create: 'TEMPLATE template0' }, 'command');
    const { code, output } = await runCommand('pipeline', ['--config', folder], {
      cwd: folder,
      env: { DATABASE_URL: url },
    });
    expect(output).toContain(`GRANT CREATE ON SCHEMA public TO ${nameOf('command')}`);
    expect(code).toBe(EXIT.failed);
  });
});

/** The statements of an advice, without those that it gives as another choice. */
function typedOf(output: string): string[] {
  return output
    .split('\n')
    .flatMap((line) => [...line.replace(/, or.*/, '').matchAll(/`([^`]+)`/g)])
    .map(([, statement = '']) => statement);
}
