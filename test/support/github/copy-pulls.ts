import { createHash } from 'node:crypto';
import type { Context } from 'openapi-backend';
import { COPY_OPERATIONS, type Copy } from './copy.ts';
import { exampleOf } from './openapi.ts';
import type { RestAnswer } from './rest.ts';

/** Pull requests to a copy of this project: their commits, as far as `config/` goes, and comments. */

export interface CopyComment {
  readonly id: number;
  body: string;
  readonly by: 'Bot' | 'User';
}

export interface CopyPull {
  readonly number: number;
  state: 'open' | 'closed';
  /** Where its branch is. */
  readonly from: { readonly id: number; readonly full_name: string; readonly branch: string };
  /** Its newest commit. */
  head: string;
  /** The commit that merging makes; null: it can't be merged. */
  merged: string | null;
  /** The files that it changes. */
  files: string[];
  readonly comments: CopyComment[];
}

/** An entry of a tree of git, as GitHub lists it. */
interface GitEntry {
  readonly path: string;
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size?: number;
}

/** What is pushed under a name of `config/`: a file, or what a symbolic link leads to. */
export type Pushed = string | Buffer | { readonly link: string };

/** The objects of git of a copy, and its pull requests. */
export interface CopyGit {
  readonly pulls: CopyPull[];
  readonly trees: Map<string, readonly GitEntry[]>;
  readonly blobs: Map<string, Buffer>;
}

export const createGit = (): CopyGit => ({ pulls: [], trees: new Map(), blobs: new Map() });

const shaOf = (content: string | Buffer) => createHash('sha1').update(content).digest('hex');

/** The tree of a new commit whose `config/` has these files. Its hash takes the place of the commit's. */
export function pushConfig(git: CopyGit, files: Readonly<Record<string, Pushed>>): string {
  const entries = Object.entries(files).map(([path, pushed]) => entryOf(git, path, pushed));
  const config = addTree(git, entries);
  return addTree(git, [{ path: 'config', mode: '040000', type: 'tree', sha: config }]);
}

/** The same with something else in the place of the folder. */
export const pushInPlaceOfConfig = (git: CopyGit, pushed: Pushed): string =>
  addTree(git, [entryOf(git, 'config', pushed)]);

function entryOf(git: CopyGit, path: string, pushed: Pushed): GitEntry {
  const isLink = typeof pushed === 'object' && 'link' in pushed;
  const content = Buffer.from(isLink ? pushed.link : pushed);
  const sha = shaOf(content);
  git.blobs.set(sha, content);
  return { path, mode: isLink ? '120000' : '100644', type: 'blob', sha, size: content.length };
}

function addTree(git: CopyGit, entries: readonly GitEntry[]): string {
  const sha = shaOf(JSON.stringify(entries));
  git.trees.set(sha, entries);
  return sha;
}

const HERE = '/repos/{owner}/{repo}';
const NOT_FOUND: RestAnswer = { code: 404, body: { message: 'Not Found' } };

const paramOf = ({ request }: Context, name: string) => String(request.params[name]);
const queryOf = ({ request }: Context, name: string) => request.query[name]?.toString() ?? '';
const ok = (body: unknown): RestAnswer => ({ code: 200, body });

type Operation = (context: Context, copy: Copy) => RestAnswer;

const pullOf = (context: Context, { git }: Copy, name = 'pull_number') =>
  git.pulls.find(({ number }) => String(number) === paramOf(context, name));

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'git/get-tree': (context, { git }) => {
    const sha = paramOf(context, 'tree_sha');
    const tree = git.trees.get(sha);
    return tree ? ok({ sha, url: `https://x.example/${sha}`, truncated: false, tree }) : NOT_FOUND;
  },
  'git/get-blob': (context, { git }) => {
    const sha = paramOf(context, 'file_sha');
    const content = git.blobs.get(sha);
    if (!content) return NOT_FOUND;
    const text = content.toString('base64').replaceAll(/.{60}/g, '$&\n');
    const blob = { content: text, encoding: 'base64', sha, size: content.length };
    return ok({ ...blob, url: `https://x.example/${sha}`, node_id: 'B' });
  },
  'pulls/get': (context, copy) => {
    const pull = pullOf(context, copy);
    return pull ? ok(pullBody(exampleOf(`${HERE}/pulls/{pull_number}`), pull)) : NOT_FOUND;
  },
  'pulls/list': (context, { git }) => {
    const [example] = exampleOf(`${HERE}/pulls`);
    const [state, head] = [queryOf(context, 'state') || 'open', queryOf(context, 'head')];
    const found = git.pulls
      .filter((pull) => state === 'all' || pull.state === state)
      .filter(({ from }) => `${from.full_name.split('/')[0]}:${from.branch}` === head);
    return ok(found.map((pull) => pullBody(example, pull)));
  },
  'pulls/list-files': (context, copy) => {
    const [example] = exampleOf(`${HERE}/pulls/{pull_number}/files`);
    const { files = [] } = pullOf(context, copy) ?? {};
    return ok(files.map((filename) => ({ ...example, filename })));
  },
  'issues/list-comments': (context, copy) => {
    const { comments = [] } = pullOf(context, copy, 'issue_number') ?? {};
    return ok(comments.map(commentBody));
  },
  'issues/create-comment': (context, copy) => {
    const pull = pullOf(context, copy, 'issue_number');
    if (!pull) return NOT_FOUND;
    const { body } = context.request.requestBody as { body: string };
    const all = copy.git.pulls.flatMap(({ comments }) => comments);
    const comment = { id: all.length + 1, body, by: 'Bot' as const };
    pull.comments.push(comment);
    return { code: 201, body: commentBody(comment) };
  },
  'issues/update-comment': (context, { git }) => {
    const id = Number(paramOf(context, 'comment_id'));
    const comment = git.pulls.flatMap(({ comments }) => comments).find((one) => one.id === id);
    if (!comment) return NOT_FOUND;
    comment.body = (context.request.requestBody as { body: string }).body;
    return ok(commentBody(comment));
  },
};

/** Of a copy without pull requests of this kind, other operations of the same name answer. */
export const PULL_OPERATIONS: Readonly<Record<string, Operation>> = Object.fromEntries(
  Object.entries(OPERATIONS).map(([id, own]) => [
    id,
    (context: Context, copy: Copy) => {
      const other = COPY_OPERATIONS[id];
      return other && copy.git.pulls.length === 0 ? other(context, copy) : own(context, copy);
    },
  ]),
);

// biome-ignore lint/suspicious/noExplicitAny: foreign documents, copied without their types.
function pullBody(example: any, { number, state, from, head, merged }: CopyPull) {
  const repo = { ...example.head.repo, id: from.id, full_name: from.full_name };
  return {
    ...example,
    requested_teams: [],
    ...{ number, state, mergeable: merged !== null, merge_commit_sha: merged },
    head: { ...example.head, ref: from.branch, sha: head, repo },
  };
}

function commentBody({ id, body, by }: CopyComment) {
  const [example] = exampleOf(`${HERE}/issues/{issue_number}/comments`);
  return { ...example, id, body, user: { ...example.user, type: by } };
}
