import { createHash } from 'node:crypto';
import type { Context } from 'openapi-backend';
import type { Copy, CopyIssue } from './copy.ts';
import { exampleOf } from './openapi.ts';
import type { RestAnswer } from './rest.ts';
import type { Person } from './world.ts';

/**
 * What workflows change in the copy: its branches, pull requests, and comments with their authors. As
 * plain data that tests set and read.
 */

export interface ForgeComment {
  readonly id: number;
  readonly by: Person;
  body: string;
}

export interface ForgePull {
  readonly number: number;
  readonly head: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
}

interface Commit {
  readonly message: string;
  readonly parents: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

export interface Forge {
  readonly commits: Map<string, Commit>;
  readonly trees: Map<string, Commit['files']>;
  /** By `heads/main`. */
  readonly refs: Map<string, string>;
  readonly pulls: ForgePull[];
  /** By the number of the issue. */
  readonly comments: Map<number, ForgeComment[]>;
  readonly dispatched: { workflow: string; ref: string; inputs: unknown }[];
  /** Whether Actions may create pull requests. */
  allowsPulls: boolean;
}

export const WORKFLOW_BOT: Person = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' };

const hash = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex');

/** A repository whose default branch has these files. */
export function createForge(files: Readonly<Record<string, string>> = {}): Forge {
  const forge: Forge = {
    commits: new Map(),
    trees: new Map(),
    refs: new Map(),
    pulls: [],
    comments: new Map(),
    dispatched: [],
    allowsPulls: true,
  };
  push(forge, 'main', files, 'First');
  return forge;
}

/** Commits the files, and those that were there before. Returns the commit. */
export function push(
  forge: Forge,
  branch: string,
  files: Readonly<Record<string, string>>,
  message: string,
): string {
  const parent = forge.refs.get(`heads/${branch}`);
  const before = parent ? forge.commits.get(parent)?.files : {};
  return commit(forge, `heads/${branch}`, {
    message,
    parents: parent ? [parent] : [],
    files: { ...before, ...files },
  });
}

function commit(forge: Forge, ref: string, one: Commit): string {
  const sha = hash(one);
  forge.commits.set(sha, one);
  forge.refs.set(ref, sha);
  return sha;
}

/** The files of a branch. */
export const filesOf = (forge: Forge, branch: string) =>
  forge.commits.get(forge.refs.get(`heads/${branch}`) ?? '')?.files ?? {};

/** Somebody writes a comment. */
export function comment(forge: Forge, issue: number, by: Person, body: string): ForgeComment {
  const list = forge.comments.get(issue) ?? [];
  const id = 1 + [...forge.comments.values()].flat().length;
  const written = { id, by, body };
  forge.comments.set(issue, [...list, written]);
  return written;
}

// biome-ignore lint/suspicious/noExplicitAny: foreign documents, copied without their types.
type Json = any;
type Operation = (context: Context, copy: Copy) => RestAnswer;

const HERE = '/repos/{owner}/{repo}';
const NOT_FOUND: RestAnswer = { code: 404, body: { message: 'Not Found' } };
const ok = (body: unknown): RestAnswer => ({ code: 200, body });
const made = (body: unknown): RestAnswer => ({ code: 201, body });
const paramOf = ({ request }: Context, name: string) => String(request.params[name]);
const queryOf = ({ request }: Context, name: string) => request.query[name]?.toString() ?? '';
const bodyOf = ({ request }: Context) => (request.requestBody ?? {}) as Json;

const userBody = (example: Json, { id, login, type }: Person) => ({ ...example, id, login, type });

function refBody(ref: string, sha: string) {
  const example = exampleOf(`${HERE}/git/ref/{ref}`);
  return { ...example, ref: `refs/${ref}`, object: { ...example.object, sha } };
}

function commentBody({ id, by, body }: ForgeComment) {
  const [example] = exampleOf(`${HERE}/issues/{issue_number}/comments`);
  return { ...example, id, body, user: userBody(example.user, by) };
}

function pullBody(copy: Copy, { number, title, body, state, head }: ForgePull, method = 'get') {
  const example =
    method === 'get' ? exampleOf(`${HERE}/pulls`)[0] : exampleOf(`${HERE}/pulls`, 'post', '201');
  const sha = copy.forge.refs.get(`heads/${head}`) ?? example.head.sha;
  return {
    ...example,
    number,
    title,
    body,
    state,
    // The example lacks what the description requires of them.
    requested_teams: [],
    user: userBody(example.user, WORKFLOW_BOT),
    head: { ...example.head, ref: head, sha },
  };
}

function issueBody({ number, title, body, state, labels, author }: CopyIssue) {
  const example = exampleOf(`${HERE}/issues/{issue_number}`);
  return {
    ...example,
    number,
    title,
    body,
    state,
    pull_request: undefined,
    user: author ? userBody(example.user, author) : example.user,
    labels: labels.map((name) => ({ ...example.labels[0], name })),
  };
}

/** The files at a commit or on a branch. */
function filesAt({ commits, refs }: Forge, ref: string): Commit['files'] | undefined {
  return (commits.get(ref) ?? commits.get(refs.get(`heads/${ref}`) ?? ''))?.files;
}

export const FORGE_OPERATIONS: Readonly<Record<string, Operation>> = {
  'issues/get': (context, { issues }) => {
    const found = issues.find(({ number }) => String(number) === paramOf(context, 'issue_number'));
    return found ? ok(issueBody(found)) : NOT_FOUND;
  },
  'issues/list-comments': (context, { forge }) =>
    ok((forge.comments.get(Number(paramOf(context, 'issue_number'))) ?? []).map(commentBody)),
  'issues/update-comment': (context, { forge }) => {
    const all = [...forge.comments.values()].flat();
    const found = all.find(({ id }) => String(id) === paramOf(context, 'comment_id'));
    if (!found) return NOT_FOUND;
    found.body = bodyOf(context).body;
    return ok(commentBody(found));
  },
  'git/get-ref': (context, { forge }) => {
    const ref = paramOf(context, 'ref');
    const sha = forge.refs.get(ref);
    return sha ? ok(refBody(ref, sha)) : NOT_FOUND;
  },
  'git/get-commit': (context, { forge }) => {
    const sha = paramOf(context, 'commit_sha');
    const found = forge.commits.get(sha);
    if (!found) return NOT_FOUND;
    return ok({ ...exampleOf(`${HERE}/git/commits/{commit_sha}`), sha, message: found.message });
  },
  'repos/get-content': (context, { forge }) => {
    const path = paramOf(context, 'path');
    const text = filesAt(forge, queryOf(context, 'ref'))?.[path];
    if (text === undefined) return NOT_FOUND;
    const content = Buffer.from(text).toString('base64');
    const facts = { type: 'file', encoding: 'base64', size: text.length, name: path, path };
    const _links = { git: null, self: 'https://api.github.com', html: null };
    const urls = {
      url: 'https://api.github.com',
      git_url: null,
      html_url: null,
      download_url: null,
    };
    return ok({ ...facts, ...urls, content, sha: hash(text), _links });
  },
  'git/create-tree': (context, { forge }) => {
    const { base_tree, tree } = bodyOf(context);
    const changed = tree.map(({ path, content }: Json) => [path, content]);
    const files = { ...filesAt(forge, base_tree), ...Object.fromEntries(changed) };
    const sha = hash(files);
    forge.trees.set(sha, files);
    return made({ ...exampleOf(`${HERE}/git/trees`, 'post', '201'), sha });
  },
  'git/create-commit': (context, { forge }) => {
    const { message, tree, parents } = bodyOf(context);
    const one = { message, parents, files: forge.trees.get(tree) ?? {} };
    const sha = hash(one);
    forge.commits.set(sha, one);
    return made({ ...exampleOf(`${HERE}/git/commits`, 'post', '201'), sha, message });
  },
  'git/create-ref': (context, { forge }) => {
    const { ref, sha } = bodyOf(context);
    const name = String(ref).replace(/^refs\//, '');
    if (forge.refs.has(name)) return { code: 422, body: { message: 'Reference already exists' } };
    forge.refs.set(name, sha);
    return made(refBody(name, sha));
  },
  'git/update-ref': (context, { forge }) => {
    const ref = paramOf(context, 'ref');
    const { sha } = bodyOf(context);
    forge.refs.set(ref, sha);
    return ok(refBody(ref, sha));
  },
  'pulls/list': (context, copy) => {
    const head = queryOf(context, 'head').replace(`${copy.owner}:`, '');
    const found = copy.forge.pulls.filter((pull) => head === '' || pull.head === head).toReversed();
    return ok(found.map((pull) => pullBody(copy, pull)));
  },
  'pulls/create': (context, copy) => {
    const { forge, issues } = copy;
    if (!forge.allowsPulls) {
      const message = 'GitHub Actions is not permitted to create or approve pull requests.';
      return { code: 403, body: { message } };
    }
    const { title, body, head } = bodyOf(context);
    const number = 1 + Math.max(0, ...[...forge.pulls, ...issues].map((one) => one.number));
    const pull: ForgePull = { number, title, body, head, state: 'open' };
    forge.pulls.push(pull);
    return made(pullBody(copy, pull, 'post'));
  },
  'pulls/update': (context, copy) => {
    const wanted = paramOf(context, 'pull_number');
    const found = copy.forge.pulls.find(({ number }) => String(number) === wanted);
    if (!found) return NOT_FOUND;
    const { title = found.title, body = found.body } = bodyOf(context);
    Object.assign(found, { title, body });
    return ok(pullBody(copy, found, 'post'));
  },
  'actions/create-workflow-dispatch': (context, { workflows, forge }) => {
    const workflow = paramOf(context, 'workflow_id');
    if (!workflows.has(workflow)) return NOT_FOUND;
    const { ref, inputs } = bodyOf(context);
    forge.dispatched.push({ workflow, ref, inputs });
    return { code: 204, body: undefined };
  },
};
