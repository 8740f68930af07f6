import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../db/client.ts';
import { writeDumpFile } from '../../../db/dump/dump-file.ts';
import { dumpDatabase } from '../../../db/dump/write-dump.ts';
import { keepState, restoreState } from '../../../pipeline/actions/state.ts';
import { addRepository, addUser, contribute, NOW } from '../../support/community.ts';
import { useDatabase } from '../../support/databases.ts';
import { buildDocuments } from '../../support/documents.ts';
import { runCommand } from '../../support/run-command.ts';
import { runHere } from '../../support/run-here.ts';
import { zip } from '../../support/zip.ts';

interface FakeArtifact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  readonly created_at: string;
  readonly size_in_bytes: number;
  readonly workflow_run: object;
}

/** GitHub with a list of artifacts, and the storage that their archives are read from. */
const github = {
  artifacts: [] as FakeArtifact[],
  archives: new Map<number, Buffer>(),
  /** Of the site, by path. */
  documents: new Map<string, string>(),
  status: 200,
  requests: [] as string[],
  storageTokens: [] as (string | undefined)[],
};

const OWN = { head_branch: 'main', repository_id: 7, head_repository_id: 7 };

let nextId = 1;
/** Uploads one; a later one is newer. */
function upload(archive: Buffer, changes: Partial<FakeArtifact> = {}): void {
  const id = nextId++;
  const created_at = new Date(Date.UTC(2026, 0, id)).toISOString();
  github.archives.set(id, archive);
  github.artifacts.push({
    id,
    name: 'database',
    expired: false,
    created_at,
    size_in_bytes: archive.length,
    workflow_run: OWN,
    ...changes,
  });
}

function answer(request: IncomingMessage, storage: string): [number, object, object] {
  const url = new URL(request.url ?? '', 'http://x');
  github.requests.push(`${url.pathname}${url.search}`);
  if (github.status !== 200) return [github.status, { message: 'no' }, {}];
  if (url.pathname === '/repos/octo/copy') return [200, { id: 7, default_branch: 'main' }, {}];
  const [, id] = /\/actions\/artifacts\/(\d+)\/zip$/.exec(url.pathname) ?? [];
  if (id !== undefined) return [302, {}, { location: `${storage}/${id}` }];
  const page = Number(url.searchParams.get('page'));
  const listed = github.artifacts.toReversed().slice((page - 1) * 100, page * 100);
  return [200, { total_count: github.artifacts.length, artifacts: listed }, {}];
}

const listen = async (server: Server) => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('the state of the workflow', () => {
  const storageServer = createServer((request, response) => {
    github.storageTokens.push(request.headers.authorization);
    const document = github.documents.get(request.url ?? '');
    const archive = github.archives.get(Number(request.url?.slice(1)));
    response.writeHead(document || archive ? 200 : 404).end(document ?? archive);
  });
  let storage = '';
  const apiServer = createServer((request, response) => {
    const [status, body, headers] = answer(request, storage);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  const source = useDatabase('embedded');
  let api = '';
  let folder = '';
  let good: Buffer = Buffer.alloc(0);

  beforeAll(async () => {
    storage = await listen(storageServer);
    api = await listen(apiServer);
    const repository = await addRepository(source.db, 'octo', 'one');
    await addUser(source.db, 1, 'ada');
    await sql`UPDATE github_users SET email = 'ada@example.org'`.execute(source.db);
    await contribute(source.db, repository, 1, 'COMMIT', 3);
    good = await dumpOf();
  });
  afterAll(() => {
    storageServer.close();
    apiServer.close();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'state-'));
    Object.assign(github, { artifacts: [], status: 200, requests: [], storageTokens: [] });
    github.archives.clear();
    github.documents.clear();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function dumpOf(): Promise<Buffer> {
    const file = join(mkdtempSync(join(tmpdir(), 'state-')), 'x');
    await writeDumpFile(file, dumpDatabase(source.db, { withEmails: false, now: NOW }));
    const bytes = readFileSync(file);
    rmSync(join(file, '..'), { recursive: true });
    return bytes;
  }

  const zipped = (dump: Buffer) => zip({ 'database.dump': dump }, { isStored: true });
  const edited = (from: string | RegExp, to: string) =>
    zipped(gzipSync(gunzipSync(good).toString().replace(from, to)));

  async function run(step: string, env: Record<string, string> = {}, asProcess = false) {
    const output = join(folder, 'output');
    writeFileSync(output, '');
    writeFileSync(join(folder, 'repos.yaml'), 'repositories: [octo/one]\n');
    writeFileSync(join(folder, 'site.yaml'), `url: ${storage}/site/\n`);
    const settings = {
      cwd: folder,
      env: {
        GITHUB_API_URL: api,
        GITHUB_TOKEN: 'ghs_secret',
        GITHUB_REPOSITORY: 'octo/copy',
        GITHUB_OUTPUT: output,
        ...env,
      },
    };
    const end = asProcess
      ? await runCommand('actions:state', [step, '--config', folder], settings)
      : await runHere(
          () =>
            step === 'keep' ? keepState() : restoreState(folder, new AbortController().signal),
          settings,
        );
    const outputs = readFileSync(output, 'utf8').matchAll(/^(\w+)<<.*\n(.*)\n/gm);
    return {
      ...end,
      outputs: Object.fromEntries([...outputs].map(([, key, value]) => [key, value])),
    };
  }

  const rowsOf = async () => {
    const db = await openDatabase(join(folder, '.data/live'));
    const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM contribution_events`
      .execute(db)
      .finally(() => db.destroy());
    return rows[0]?.n;
  };

  it('is the newest intact one of the default branch of this repository', async () => {
    upload(zipped(good));
    upload(edited('"octo"', '"evil"'));
    upload(edited(/"migration":"[^"]+"/, '"migration":"9999-future"'));
    upload(zipped(good).subarray(0, -40));
    upload(zip({ 'other.txt': good }));
    upload(Buffer.alloc(0), { size_in_bytes: 5e9 });
    upload(zipped(good), { workflow_run: { ...OWN, head_repository_id: 8 } });
    upload(zipped(good), { workflow_run: { ...OWN, head_branch: 'feature' } });
    upload(zipped(good), { expired: true });
    upload(zipped(good), { name: 'database-of-another' });
    for (let i = 0; i < 100; i++)
      upload(zipped(good), { workflow_run: { ...OWN, repository_id: 9 } });
    const { code, output, outputs } = await run('restore');
    expect({ code, outputs }).toEqual({ code: 0, outputs: { state: 'restored' } });
    expect(output).toContain('Restored the database of 2026-01-01T00:00:00.000Z: 3 contributions.');
    expect(output.match(/An older one is tried/g)).toHaveLength(5);
    expect(output).toContain('newer version of this project');
    expect(await rowsOf()).toBe(3);
    expect(github.requests).toContain(
      '/repos/octo/copy/actions/artifacts?name=database&per_page=100&page=2',
    );
    expect(github.storageTokens.length).toBeGreaterThan(0);
    expect(github.storageTokens.filter((token) => token !== undefined)).toEqual([]);
    const again = await run('restore');
    expect(again).toMatchObject({ code: 2, output: expect.stringContaining('holds data already') });
  });

  it('is fresh where there is none, and kept for the next run without e-mail addresses', async () => {
    const fresh = await run('restore', { GITHUB_RUN_NUMBER: '1' }, true);
    expect(fresh).toMatchObject({ code: 0, outputs: { state: 'fresh' } });
    expect(fresh.output).toMatch(
      /^::notice title=No database::No earlier run has kept one.*GitHub\.$/m,
    );
    const none = await run('keep', {}, true);
    expect(none).toMatchObject({ code: 0, outputs: { kept: 'false' } });
    upload(zipped(good));
    await run('restore');
    const db = await openDatabase(join(folder, '.data/live'));
    await sql`UPDATE github_users SET email = 'ada@example.org'`.execute(db);
    await db.destroy();
    expect(await run('keep')).toMatchObject({ code: 0, outputs: { kept: 'true' } });
    const kept = readFileSync(join(folder, '.state/database.dump'));
    expect(gunzipSync(kept).toString()).not.toContain('example.org');
    rmSync(join(folder, '.data'), { recursive: true });
    upload(zipped(kept));
    expect(await run('restore')).toMatchObject({ outputs: { state: 'restored' } });
    expect(await rowsOf()).toBe(3);
  });

  it('starts with what the site still knows where it is lost', async () => {
    const documents = buildDocuments({ sample: false });
    const pathOf = (name: string) => `/site/api/v1/${name}`;
    const history = documents.get('history.json') as { boards: object[] };
    const boards = history.boards.map((board) => ({ ...board, scope: 'octo/one' }));
    github.documents.set(pathOf('history.json'), JSON.stringify({ ...history, boards }));
    github.documents.set(
      pathOf('dashboard/costs.json'),
      JSON.stringify(documents.get('dashboard/costs.json')),
    );
    const { code, output, outputs } = await run('restore', { GITHUB_RUN_NUMBER: '12' });
    expect({ code, outputs }).toEqual({ code: 0, outputs: { state: 'fresh' } });
    expect(output).toContain('The published history of 2 weeks gave 3 ranks back.');
    expect(output).toContain('USD more are held back until');
    expect(await run('keep')).toMatchObject({ outputs: { kept: 'true' } });
    rmSync(join(folder, '.data'), { recursive: true });
    github.documents.clear();
    const nothing = await run('restore', { GITHUB_RUN_NUMBER: '13' });
    expect(nothing.output).toContain('The rank history begins anew. BigQuery stays off until 2');
    expect(nothing.output).toContain('the site answered 404');
  });

  it('is not replaced by a worse one', async () => {
    upload(zipped(good));
    github.status = 401;
    expect((await run('restore')).code).toBe(1);
    expect(await run('keep')).toMatchObject({ code: 0, outputs: { kept: 'false' } });
    github.status = 200;
    await run('restore');
    const db = await openDatabase(join(folder, '.data/live'));
    await sql`DELETE FROM contribution_events`.execute(db);
    await db.destroy();
    expect(await run('keep')).toMatchObject({ code: 0, outputs: { kept: 'false' } });
    expect(existsSync(join(folder, '.state/database.dump'))).toBe(false);
  });

  it('needs what a workflow gives, and one of two words', async () => {
    const without = await run('restore', { GITHUB_REPOSITORY: '../x' }, true);
    expect(without).toMatchObject({
      code: 2,
      output: expect.stringContaining('GITHUB_REPOSITORY'),
    });
    expect(await run('reset', {}, true)).toMatchObject({
      code: 2,
      output: expect.stringContaining('restore, keep'),
    });
  });
});
