import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, type ApiErrorAnswer, apiErrors, toErrorBody } from './api-error.ts';
import { QueryJobs } from './query-jobs.ts';
import type { SqlEngine, SqlTable } from './sql-engine.ts';

/** A BigQuery on this machine: its REST API over HTTP, its SQL run by Google's own engine. */

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests inspect bodies of every route
  readonly body: any;
}

/** A fault of a request, instead of (or, for `wait`, before) its answer. */
export type FaultKind =
  | { readonly error: ApiError }
  | { readonly raw: { readonly status: number; readonly body: string } }
  | { readonly drop: 'before' | 'after' }
  | { readonly hang: true }
  | { readonly change: (answer: string) => string };

export type Fault = FaultKind & {
  readonly when: (request: RecordedRequest) => boolean;
  /** Number of times; once if absent. */
  times?: number;
};

const JOBS = /^\/bigquery\/v2\/projects\/([^/]+)\/(jobs|queries)(?:\/([^/]+))?$/;
/** The token that a subject token is exchanged for; every other call must have it. */
export const ACCESS_TOKEN = 'local-access-token';

export class LocalBigQuery {
  readonly tables = new Map<string, SqlTable>();
  readonly requests: RecordedRequest[] = [];
  readonly faults: Fault[] = [];
  readonly location = 'US';
  /** false: an emulator, which lets everyone in. */
  checksTokens = true;
  bytesScale = 1;
  pendingPolls = 0;
  pageRows = 10_000;
  jobs: QueryJobs;
  readonly #engine: SqlEngine;
  readonly #server: Server;

  constructor(engine: SqlEngine) {
    this.#engine = engine;
    this.jobs = new QueryJobs(engine, this);
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(engine: SqlEngine): Promise<LocalBigQuery> {
    const local = new LocalBigQuery(engine);
    await new Promise<void>((resolve) => local.#server.listen(0, '127.0.0.1', resolve));
    return local;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Removes jobs, requests and faults; the tables stay. */
  reset(): void {
    this.jobs = new QueryJobs(this.#engine, this);
    this.requests.length = 0;
    this.faults.length = 0;
    Object.assign(this, { bytesScale: 1, pendingPolls: 0, pageRows: 10_000 });
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(incoming);
      this.requests.push(request);
      const fault = this.#takeFault(request);
      if (fault && 'hang' in fault) return;
      if (fault && 'drop' in fault && fault.drop === 'before')
        return void incoming.socket.destroy();
      if (fault && 'raw' in fault) return send(response, fault.raw.status, fault.raw.body);
      if (fault && 'error' in fault) throw fault.error;
      const answer = await this.#answer(request, incoming.headers.authorization);
      if (fault && 'drop' in fault) return void incoming.socket.destroy();
      const text = JSON.stringify(answer);
      send(response, 200, fault && 'change' in fault ? fault.change(text) : text);
    } catch (error) {
      const answer = toAnswer(error);
      send(response, answer.code, JSON.stringify(toErrorBody(answer)));
    }
  }

  #takeFault(request: RecordedRequest): Fault | null {
    const fault = this.faults.find((f) => (f.times ?? 1) > 0 && f.when(request));
    if (fault) fault.times = (fault.times ?? 1) - 1;
    return fault ?? null;
  }

  async #answer(request: RecordedRequest, authorization: string | undefined): Promise<unknown> {
    const { method, path, body, query } = request;
    if (path === '/id-token') return { value: SUBJECT_TOKEN };
    if (path === '/v1/token') return exchangeToken(body);
    if (this.checksTokens && authorization !== `Bearer ${ACCESS_TOKEN}`) {
      throw apiErrors.unauthenticated();
    }
    const [, project = '', kind, id] = JOBS.exec(path) ?? [];
    switch (`${method} ${kind}${id ? '/id' : ''}`) {
      case 'POST jobs':
        return this.jobs.insert(project, body);
      case 'POST queries':
        return this.jobs.query(project, body);
      case 'GET jobs/id':
        return this.jobs.get(id ?? '');
      case 'GET queries/id':
        return this.jobs.results(id ?? '', query);
      default:
        throw apiErrors.notFound(path);
    }
  }
}

/** Google's Security Token Service: exchanges an identity provider's token for one of Google's. */
function exchangeToken(form: Record<string, string>): unknown {
  if (form.subject_token !== SUBJECT_TOKEN) throw apiErrors.unauthenticated();
  return {
    access_token: ACCESS_TOKEN,
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: 3600,
  };
}

/** The token of the identity provider (in GitHub Actions: the job's OIDC token). */
export const SUBJECT_TOKEN = 'local-subject-token';

async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
  const url = new URL(incoming.url ?? '/', 'http://local');
  const text = Buffer.concat(await incoming.toArray()).toString();
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body: parseBody(text, incoming.headers['content-type'] ?? ''),
  };
}

function parseBody(text: string, type: string): unknown {
  if (text === '') return undefined;
  return type.includes('form') ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
}

function toAnswer(error: unknown): ApiErrorAnswer {
  if (error instanceof ApiError) return error.answer;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 500, reason: 'internalError', message };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(body);
}
