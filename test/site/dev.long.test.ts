import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDocuments, writeDocuments } from '../support/documents.ts';
import { CLI, projectFolder } from '../support/run-command.ts';

describe('the development server', () => {
  const data = mkdtempSync(join(tmpdir(), 'site-dev-'));
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    writeDocuments(data, buildDocuments({ people: 12, contributorPages: 3 }));
    // Vitest sets NODE_ENV and more for itself.
    const { NODE_ENV: _, VITEST: __, ...env } = process.env;
    const args = [...CLI, 'site:dev', '--data', data];
    server = spawn(process.execPath, args, { cwd: projectFolder, env });
    url = await new Promise((done, fail) => {
      let output = '';
      const read = (chunk: Buffer) => {
        output += chunk;
        const [address] = output.match(/http:\S+/) ?? [];
        if (address) done(address);
      };
      server.stdout?.on('data', read);
      server.stderr?.on('data', read);
      server.once('exit', () => fail(new Error(output)));
    });
  });
  afterAll(async () => {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  });

  const read = async (path: string) => (await fetch(url + path)).text();

  it('serves every kind of page from its source', async () => {
    expect(await read('')).toContain('Rosa Field');
    expect(await read('contributors/rosa-field/')).toContain('How scores are made');
    expect(await read('repositories/meadow/garden/week/1/')).toContain('meadow/garden');
    expect(JSON.parse(await read('search.json')).usernames).toHaveLength(12);
  });

  it.each([
    ['api/v1/index.json', 'application/json', '"contributors"'],
    ['badge/rosa-field.svg', 'image/svg+xml', '<svg'],
    ['contributors/rosa-field/feed.xml', 'application/xml', '<feed'],
    ['repositories/meadow/garden/feed.xml', 'application/xml', '<feed'],
  ])('serves what stands beside the pages: %s', async (path, type, text) => {
    const answer = await fetch(url + path);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(await answer.text()).toContain(text);
  });

  it.each(['api/v1/none.json', 'api/%2e%2e/%2e%2e/etc/passwd.json', 'badge/nobody.svg'])(
    'has no %s',
    async (path) => {
      expect((await fetch(url + path)).status).toBe(404);
    },
  );

  it('lets the styles and the socket of the server through', async () => {
    expect(await read('')).toMatch(/style-src 'self' 'unsafe-inline'; connect-src 'self' ws:;/);
  });

  it('shows a document as it is after a change', async () => {
    const file = join(data, 'api/v1/index.json');
    const index = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...index, title: 'Another title' }));
    await expect.poll(() => read(''), { timeout: 20_000 }).toContain('<title>Another title');
  });
});
