import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reportWeek } from '../../../pipeline/actions/report-week.ts';

/** One server is GitHub, the published site and the webhook. */
let server: Server;
let sent: string[];
let answers: Record<string, unknown>;

beforeEach(async () => {
  sent = [];
  server = createServer(async (request, response) => {
    if (request.method === 'POST') sent.push(await text(request));
    const path = (request.url ?? '').split('?')[0] ?? '';
    const answer = request.method === 'POST' ? {} : answers[path];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => new Promise((done) => server.close(done)));

it('says how many items the runs of the week put aside', async () => {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = (id: number, days: number) => ({
    id,
    status: 'COMPLETED',
    sources: ['github'],
    started_at: new Date(Date.now() - days * 86_400_000).toISOString(),
    finished_at: null,
    error_message: null,
  });
  answers = {
    '/repos/a/b/pages': { html_url: `${base}/site/`, build_type: 'workflow' },
    '/repos/a/b/actions/workflows/pipeline.yml/runs': { total_count: 0, workflow_runs: [] },
    '/site/api/v1/dashboard/stats.json': {
      generated_at: '2026-01-02T03:04:05.000Z',
      repositories: 1,
      contributors: 2,
      contributions: 3,
      runs: [run(4, 1), run(3, 2), run(2, 3), run(1, 9)],
    },
    '/site/api/v1/runs/4.json': { counts: { items_refused: 2 } },
    '/site/api/v1/runs/3.json': { counts: { items_refused: 3 } },
    '/site/api/v1/runs/1.json': { counts: { items_refused: 50 } },
  };
  await reportWeek({
    GITHUB_TOKEN: 't',
    GITHUB_REPOSITORY: 'a/b',
    GITHUB_API_URL: base,
    GITHUB_SERVER_URL: base,
    WEBHOOK_URL: `${base}/hook`,
  });
  expect(sent.join('')).toContain('Put aside, while the rest was stored: 5 items.');
});
