import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Context } from '../../../../pipeline/runtime/context.ts';
import {
  groupAddress,
  pushMetrics,
  toOpenMetrics,
} from '../../../../pipeline/stages/report/push-metrics.ts';

const METRICS =
  '# HELP a_b What.\n# TYPE a_b gauge\na_b{c="d"} 1\n\n# HELP e F.\n# TYPE e gauge\ne 2\n';

let out: string;
let server: Server;
let requests: { readonly request: IncomingMessage; readonly body: string }[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  out = mkdtempSync(join(tmpdir(), 'push-'));
  mkdirSync(join(out, 'api/v1'), { recursive: true });
  writeFileSync(join(out, 'api/v1/metrics.prom'), METRICS);
  requests = [];
  answer = (response) => response.writeHead(202).end();
  server = createServer(async (request, response) => {
    requests.push({ request, body: await text(request) });
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(out, { recursive: true, force: true });
});

async function push(metricsPushUrl: string | null) {
  const warnings: unknown[] = [];
  const log = { info: () => {}, warn: (...line: unknown[]) => warnings.push(line) };
  await pushMetrics({
    environment: { metricsPushUrl },
    options: { out },
    log,
  } as unknown as Context);
  return warnings;
}
const address = (pair = '') => `http://${pair}127.0.0.1:${(server.address() as AddressInfo).port}`;

it('replaces the metrics of its group, as OpenMetrics and with its password', async () => {
  expect(await push(address('me:s%40same@'))).toEqual([]);
  const [{ request, body }] = requests as [(typeof requests)[number]];
  expect([request.method, request.url]).toEqual(['PUT', '/metrics/job/leaderboard']);
  expect(request.headers['content-type']).toMatch(
    /^application\/openmetrics-text; version=1\.0\.0/,
  );
  expect(request.headers.authorization).toBe(`Basic ${btoa('me:s@same')}`);
  expect(body).toBe(toOpenMetrics(METRICS));
  expect(body).toMatch(/gauge\na_b\{c="d"\} 1\n# HELP e F\..*\n# EOF\n$/s);
});

it.each([
  ['http://gw:9091', 'http://gw:9091/metrics/job/leaderboard'],
  ['https://gw/metrics/job/nightly/instance/a', 'https://gw/metrics/job/nightly/instance/a'],
])('%s stands for %s', (url, group) => {
  expect(groupAddress(url)).toEqual({ address: group, authorization: null });
});

it('pushes nothing where no gateway is named', async () => {
  await push(null);
  expect(requests).toEqual([]);
});

it('only warns of a gateway that refuses, leads elsewhere or is away', async () => {
  answer = (response) => response.writeHead(400).end('x'.repeat(100_000));
  const [refused] = await push(address());
  expect(refused).toMatchObject([
    { err: { message: expect.stringMatching(/answered 400: x{200}$/) } },
    expect.anything(),
  ]);
  answer = (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  expect(await push(address())).toHaveLength(1);
  expect(await push('http://127.0.0.1:1')).toHaveLength(1);
});
