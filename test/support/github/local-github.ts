import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { blobOf, type Copy } from './copy.ts';
import {
  type ChooseFault,
  type Fault,
  type Reply,
  refusalReply,
  type SeenRequest,
} from './faults.ts';
import { checkCall, type GraphqlCall, runCall } from './graphql.ts';
import { Forbidden } from './graphql-resolvers.ts';
import { Allowance } from './rate-limit.ts';
import { createRestApi, type RestApi } from './rest.ts';
import { type Snapshot, snapshotAt } from './snapshot.ts';
import type { RepositoryData, World } from './world.ts';

/** A request with its price and its answer. */
export interface LoggedRequest extends SeenRequest {
  /** Points of GraphQL; 0 for REST. */
  readonly points: number;
  status: number;
  /** It got a fault instead of an answer. */
  isFault: boolean;
}

export interface LocalGithubOptions {
  readonly world: World;
  /** The moment of the shown world; `setNow` changes it. Default: after all data. */
  readonly now?: string;
  readonly limits?: { readonly core?: number; readonly graphql?: number };
  /** The clock of the rate limits, in milliseconds. */
  readonly clock?: () => number;
  readonly fault?: ChooseFault;
  /** The repository whose workflows run. */
  readonly copy?: Copy;
}

/** A GitHub on this machine, over real HTTP. */
export interface LocalGithub {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly requests: readonly LoggedRequest[];
  /** All requests that GitHub would have refused, and all wrong answers of this server. */
  readonly violations: readonly string[];
  readonly core: Allowance;
  readonly graphql: Allowance;
  setNow(now: string): void;
  setWorld(world: World): void;
  setFault(fault: ChooseFault): void;
  /** Empties `requests`: a server that answers for long does not keep them all. */
  forgetRequests(): void;
  close(): Promise<void>;
}

/** A moment after all data. */
const EVER = '9999-12-31T23:59:59Z';

/** Starts a local GitHub on a free port. */
export async function startLocalGithub(options: LocalGithubOptions): Promise<LocalGithub> {
  const github = new Github(options);
  github.rest = await createRestApi({
    get world() {
      return github.world;
    },
    now: () => github.now,
    find: (owner, name) => github.find(owner, name),
    ...(options.copy && { copy: options.copy }),
  });
  const server = createServer((request, response) => void github.serve(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  github.apiUrl = apiUrl;
  return Object.assign(github, {
    graphqlUrl: `${apiUrl}/graphql`,
    forgetRequests: () => {
      github.requests.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  });
}

class Github {
  world: World;
  now: string;
  apiUrl = '';
  rest: RestApi | undefined;
  readonly requests: LoggedRequest[] = [];
  readonly refusals: string[] = [];
  readonly core: Allowance;
  readonly graphql: Allowance;
  fault: ChooseFault;
  readonly copy: Copy | undefined;
  #snapshots = new Map<RepositoryData, Snapshot>();

  constructor(options: LocalGithubOptions) {
    const clock = options.clock ?? Date.now;
    this.world = options.world;
    this.now = options.now ?? EVER;
    this.copy = options.copy;
    this.fault = options.fault ?? (() => undefined);
    this.core = new Allowance('core', options.limits?.core ?? 5000, clock);
    this.graphql = new Allowance('graphql', options.limits?.graphql ?? 5000, clock);
  }

  get violations(): readonly string[] {
    return [...this.refusals, ...(this.rest?.violations ?? [])];
  }

  setNow(now: string): void {
    this.now = now;
    this.#snapshots.clear();
  }

  setWorld(world: World): void {
    this.world = world;
    this.#snapshots.clear();
  }

  setFault(fault: ChooseFault): void {
    this.fault = fault;
  }

  find(owner: string, name: string): Snapshot | undefined {
    const data = this.lookUp(`${owner}/${name}`);
    if (typeof data?.refused === 'string') throw new Forbidden(data.refused);
    return data && !data.refused ? this.snapshot(data) : undefined;
  }

  snapshot(data: RepositoryData): Snapshot {
    const view = this.#snapshots.get(data) ?? snapshotAt(data, this.now);
    this.#snapshots.set(data, view);
    return view;
  }

  /** The repository of a name, present or former. */
  lookUp(slug: string): RepositoryData | undefined {
    const wanted = slug.toLowerCase();
    const named = (name: string) => name.toLowerCase() === wanted;
    return (
      this.world.repositories.find((data) => named(`${data.owner}/${data.name}`)) ??
      this.world.repositories.find((data) => data.formerNames?.some(named))
    );
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', this.apiUrl);
    const blob = blobOf(this.copy, url.pathname);
    if (blob) return void response.end(blob);
    const isGraphql = url.pathname === '/graphql';
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const call = isGraphql ? (body as GraphqlCall) : null;
    const entry = this.log(url, call);
    const fault = this.fault(entry);
    if (fault?.type === 'slow') await wait(fault.milliseconds);
    if (fault?.type === 'drop') return void request.socket.destroy();
    const given =
      fault?.type === 'answer'
        ? fault
        : await (call
            ? this.answerGraphql(call, entry)
            : this.answerRest(url, request.method, body));
    if (fault?.type === 'partial') leaveOut(given, fault);
    const copy = () => ({ ...given, body: JSON.parse(JSON.stringify(given.body)) });
    const reply = fault?.type === 'changed' ? fault.change(copy()) : given;
    entry.status = reply.status;
    entry.isFault = ['answer', 'cut', 'partial', 'changed'].includes(fault?.type ?? '');
    this.send(response, reply, call ? this.graphql : this.core, fault);
  }

  log(url: URL, call: GraphqlCall | null): LoggedRequest {
    const { size, ...rest } = call?.variables ?? {};
    const name = call ? (/query (\w+)/.exec(call.query)?.[1] ?? 'query') : url.pathname;
    const entry: LoggedRequest = {
      index: this.requests.length,
      kind: call ? 'graphql' : 'rest',
      name,
      page: call ? `${name} ${JSON.stringify(rest)}` : `${url.pathname}${url.search}`,
      variables: call?.variables ?? Object.fromEntries(url.searchParams),
      points: call ? checkCall(call).cost.points : 0,
      status: 0,
      isFault: false,
    };
    this.requests.push(entry);
    return entry;
  }

  async answerGraphql(call: GraphqlCall, entry: LoggedRequest): Promise<Reply> {
    const { cost, refusal } = checkCall(call);
    if (refusal) {
      this.refusals.push(`${entry.name}: ${refusal.errors?.map((e) => e.message).join('; ')}`);
      return { status: 200, body: refusal };
    }
    if (!this.graphql.take(cost.points)) {
      const error = { type: 'RATE_LIMITED', message: 'API rate limit exceeded for installation.' };
      return { status: 200, body: { errors: [error] } };
    }
    const find = (owner: string, name: string) => this.find(owner, name);
    const rateLimit = this.graphql.field(cost.points);
    return { status: 200, body: await runCall(call, this.world, this.now, find, rateLimit) };
  }

  async answerRest(url: URL, method = 'GET', body?: unknown): Promise<Reply> {
    if (url.pathname === '/rate_limit') return { status: 200, body: this.limits() };
    if (!this.core.take(1)) {
      return { status: 403, body: { message: 'API rate limit exceeded for installation.' } };
    }
    const slug = /^\/repos\/([^/]+\/[^/]+)/.exec(url.pathname)?.[1];
    const data = slug ? this.lookUp(slug) : undefined;
    if (data?.refused) return refuse(data.refused);
    if (slug && data && slug.toLowerCase() !== `${data.owner}/${data.name}`.toLowerCase()) {
      return moved(url, `/repos/${slug}`, `${this.apiUrl}/repositories/${data.id}`);
    }
    const query = Object.fromEntries(url.searchParams);
    const path = this.byName(url.pathname);
    // GitHub's description does not have this route: a repository that is no more.
    if (path.startsWith('/repositories/')) return { status: 404, body: { message: 'Not Found' } };
    const answer = await this.rest?.handle({ method, path, query, body });
    if (!answer) throw new Error('the REST side is not there yet');
    const location = answer.location && { location: `${this.apiUrl}${answer.location}` };
    const headers = { ...this.link(url, answer.hasNext), ...location };
    return { status: answer.code, body: answer.body, headers };
  }

  /** Asking for the limits costs nothing. */
  limits() {
    const of = ({ limit, used, remaining, resetAt }: Allowance) => ({
      limit,
      used,
      remaining,
      reset: Math.ceil(resetAt / 1000),
    });
    const core = of(this.core);
    return { resources: { core, search: core, graphql: of(this.graphql) }, rate: core };
  }

  /** `/repositories/1/…`, where a redirect leads, as `/repos/owner/name/…`. */
  byName(path: string): string {
    const id = Number(/^\/repositories\/(\d+)/.exec(path)?.[1]);
    const data = this.world.repositories.find((candidate) => candidate.id === id);
    return data ? path.replace(/^\/repositories\/\d+/, `/repos/${data.owner}/${data.name}`) : path;
  }

  link(url: URL, hasNext = false): Record<string, string> {
    if (!hasNext) return {};
    const next = new URL(url);
    next.searchParams.set('page', String(Number(url.searchParams.get('page') ?? 1) + 1));
    return { link: `<${next}>; rel="next"` };
  }

  send(response: ServerResponse, reply: Reply, allowance: Allowance, fault?: Fault): void {
    const isText = typeof reply.body === 'string';
    const body = isText ? String(reply.body) : (JSON.stringify(reply.body) ?? '');
    response.writeHead(reply.status, {
      // The time of the shown world.
      ...(this.now < EVER && { date: new Date(this.now).toUTCString() }),
      'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
      ...allowance.headers(),
      ...reply.headers,
    });
    if (fault?.type !== 'cut') return void response.end(body);
    response.write(body.slice(0, Math.floor(body.length / 2)), () => response.destroy());
  }
}

/** graphql-js gives objects that are shared or have no prototype, so changes are made to a copy. */
function leaveOut(reply: { body: unknown }, fault: Fault & { type: 'partial' }): void {
  const body = JSON.parse(JSON.stringify(reply.body)) as { data: never; errors?: object[] };
  fault.leaveOut(body.data);
  reply.body = { ...body, errors: [...(body.errors ?? []), ...fault.errors] };
}

function refuse(refused: NonNullable<RepositoryData['refused']>): Reply {
  if (typeof refused === 'string') return refusalReply(refused);
  const status = refused;
  const reason = status === 451 ? 'dmca' : 'tos';
  return {
    status,
    body: { message: 'Repository access blocked', block: { reason, created_at: '', html_url: '' } },
  };
}

function moved(url: URL, from: string, to: string): Reply {
  const location = `${to}${url.pathname.slice(from.length)}${url.search}`;
  const body = { message: 'Moved Permanently', url: location, documentation_url: '' };
  return { status: 301, body, headers: { location } };
}
