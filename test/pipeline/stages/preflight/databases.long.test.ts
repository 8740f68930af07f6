import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openDatabase } from '../../../../db/client.ts';
import { migrate } from '../../../../db/migrate.ts';
import { HOUR_MS, MINUTE_MS } from '../../../../pipeline/domain/time.ts';
import { runPipeline } from '../../../../pipeline/run-pipeline.ts';
import { withContext } from '../../../../pipeline/runtime/context.ts';
import { formatFailure } from '../../../../pipeline/runtime/main.ts';
import { EXIT } from '../../../../pipeline/util/usage-error.ts';
import { KINDS, type Kind } from '../../../support/database-kinds.ts';
import { inventEvents, REPOSITORIES } from '../../../support/invented-hours.ts';
import { dumpResults, writeHourFiles } from '../../../support/pipeline.ts';
import { hasPgBouncer, startPgBouncer, startRefusingPooler } from '../../../support/poolers.ts';
import { freePort } from '../../../support/postgres-server.ts';
import { runCommand } from '../../../support/run-command.ts';
import { type StrictServer, startStrictServer } from '../../../support/strict-server.ts';

/**
 * A run on every kind of database ends with the tables of a plain one, or with exit code 1 and
 * what to type, after which it ends with these tables. Never with exit code 0 and less.
 */

const FROM = new Date('2026-01-01T00:00:00Z');
const NOW = new Date('2026-01-01T02:00:00Z');
const serverUrl = inject('postgresUrl') ?? '';
const id = randomUUID().slice(0, 8);

const nameOf = (label: string) => `matrix_${id}_${label}`;

function addressOf(root: string, database: string, role?: string): string {
  const url = new URL(root);
  url.pathname = `/${database}`;
  if (role) url.username = role;
  if (role) url.password = 'password';
  return url.toString();
}

/** Opens connections as the role, as the kind asks for. */
async function useConnections({ free, inUse }: Kind, url: string): Promise<Client[]> {
  const clients: Client[] = [];
  const open = async () => {
    const client = new Client(url);
    await client.connect();
    clients.push(client);
  };
  while (clients.length < (inUse ?? 0)) await open();
  if (free === undefined) return clients;
  for (let isFull = false; !isFull; ) {
    isFull = await open().then(
      () => false,
      () => true,
    );
  }
  for (const client of clients.splice(0, free)) await client.end();
  return clients;
}

/** As for the server of all tests. */
function orSkip(error: unknown): null {
  if (process.env.LEADERBOARD_REQUIRE_ALL === '1') throw error;
  return null;
}

describe.runIf(serverUrl)('a run', () => {
  let folder: string;
  let strict: StrictServer | null;
  let plain: Record<string, string[]>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'leaderboard-databases-'));
    writeHourFiles(folder, inventEvents({ from: FROM, now: NOW, size: 20, hourMs: 60_000 }));
    const list = REPOSITORIES.map((slug) => `  - ${slug}\n`).join('');
    writeFileSync(join(folder, 'repos.yaml'), `repositories:\n${list}`);
    writeFileSync(join(folder, 'pipeline.yaml'), 'window_years: 1\n');
    process.env.GHARCHIVE_URL = pathToFileURL(`${folder}/`).href;
    strict = await startStrictServer().catch(orSkip);
    if (strict) await createTemplate({ name: 'strict', strict: 'signed' });
    const kind: Kind = { name: 'plain', rights: 'superuser' };
    await createTemplate(kind);
    const url = await create(kind, 'plain');
    expect(await run(url)).toEqual({ code: EXIT.done, output: '' });
    plain = await dump(kind, 'plain');
    expect(plain.contribution_events?.length).toBeGreaterThan(30);
  });
  afterAll(async () => {
    delete process.env.GHARCHIVE_URL;
    delete process.env.DATABASE_URL;
    await strict?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const rootOf = ({ strict: certificate }: Kind) => (certificate ? (strict?.url ?? '') : serverUrl);

  /** Runs statements as a superuser, in a database of this name. */
  async function type(kind: Kind, database: string, statements: readonly string[]): Promise<void> {
    const db = await openDatabase(addressOf(rootOf(kind), database));
    for (const statement of statements) {
      const text = statement.replaceAll(/\b(ROLE|DATABASE)(?= (SET|CONN|FROM)|$)/g, database);
      await sql.raw(text).execute(db);
    }
    await db.destroy();
  }

  async function createTemplate(kind: Kind): Promise<void> {
    await type(kind, 'postgres', [`CREATE DATABASE matrix_${id}`]);
    const template = await openDatabase(addressOf(rootOf(kind), `matrix_${id}`));
    await migrate(template);
    await template.destroy();
  }

  /** Makes the database and its role, and returns the address for the role. */
  async function create(kind: Kind, label: string): Promise<string> {
    const name = nameOf(label);
    const rights = kind.rights ?? 'rows';
    const superuser = rights === 'superuser' ? 'SUPERUSER' : '';
    const owner = rights === 'owner' ? `OWNER ${name}` : '';
    const options = kind.create ?? `TEMPLATE matrix_${id}`;
    await type(kind, 'postgres', [
      `CREATE ROLE ${name} LOGIN PASSWORD 'password' ${superuser}`,
      `CREATE DATABASE ${name} ${owner} ${options}`,
    ]);
    const grants = {
      rows: [`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`],
      read: [`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${name}`],
    };
    const given = rights === 'rows' || rights === 'read' ? grants[rights] : [];
    await type(kind, name, [...given, ...(kind.statements ?? [])]);
    if (kind.strict) await strict?.show(kind.strict);
    const address = addressOf(rootOf(kind), name, name);
    return kind.query ? `${address}?${kind.query}` : address;
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
  async function dump(kind: Kind, label: string): Promise<Record<string, string[]>> {
    const schemas = encodeURIComponent('-c search_path=leaderboard,public');
    const db = await openDatabase(`${addressOf(rootOf(kind), nameOf(label))}?options=${schemas}`);
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

  for (const [index, kind] of KINDS.entries()) {
    const isTried = !kind.pooler || kind.pooler === 'refusing' || hasPgBouncer;
    const title = isTried ? kind.name : `${kind.name} (there is no pgbouncer on this machine)`;
    it.runIf(isTried)(`on ${title}: the same tables, or what to type`, async ({ skip }) => {
      skip(kind.strict !== undefined && strict === null, 'a second server could not be started');
      const label = `${index}`;
      const url = await create(kind, label);
      const others = await useConnections(kind, url);
      const between = await startPooler(kind, url);
      const first = await run(between.url);
      await Promise.all([between.close(), ...others.map((client) => client.end())]);
      if (!kind.advice) {
        expect(first).toEqual({ code: EXIT.done, output: '' });
        expect(await dump(kind, label)).toEqual(plain);
        return;
      }
      expect(first.output).toMatch(kind.advice);
      expect(first.code).toBe(EXIT.failed);
      if (kind.isMended === false) return;
      await type(kind, nameOf(label), typedOf(first.output));
      expect(await run(url)).toEqual({ code: EXIT.done, output: '' });
      expect(await dump(kind, label)).toEqual(plain);
    });
  }

  it('whose clock is five minutes ahead of the database ends well, two hours ahead not', async () => {
    const kind = { name: 'clocks' };
    const url = await create(kind, 'clocks');
    const runAhead = (ms: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
      return run(url).finally(() => vi.useRealTimers());
    };
    expect(await runAhead(2 * HOUR_MS)).toEqual({
      code: EXIT.failed,
      output: expect.stringContaining('the clock of this machine is 120 minutes ahead of'),
    });
    expect(await runAhead(5 * MINUTE_MS)).toEqual({ code: EXIT.done, output: '' });
    expect(await dump(kind, 'clocks')).toEqual(plain);
  });

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
