import { encodeNodeId } from './node-id.ts';
import { exampleOf } from './openapi.ts';
import { commitsOf, reachable, type Snapshot } from './snapshot.ts';
import {
  type CommentData,
  type CommitData,
  hiddenAt,
  type IssueData,
  loginAt,
  type Person,
  type ReleaseData,
  type ReviewCommentData,
} from './world.ts';

/** REST answers: GitHub's own examples with our data as values. */

/** The account that replaces a deleted user. */
export const GHOST: Person = { id: 10137, login: 'ghost', type: 'User' };

const memo = new Map<string, unknown>();

/** An example, read once. It is shared, so it must not be changed. */
// biome-ignore lint/suspicious/noExplicitAny: a foreign document, copied without its types.
function example(path: string): any {
  if (!memo.has(path)) memo.set(path, exampleOf(path));
  return memo.get(path);
}

const repo = (path: string) => example(`/repos/{owner}/{repo}${path}`);

export function userBody(person: Person | null, now: string) {
  const { id, type, ...rest } = person ?? GHOST;
  return {
    ...repo('/issues/comments')[0].user,
    id,
    type,
    login: loginAt({ id, type, ...rest }, now),
    node_id: encodeNodeId(type === 'Bot' ? 'BOT' : 'U', id),
  };
}

export function repositoryBody(view: Snapshot) {
  const { data } = view;
  const { organization, parent, source, template_repository, ...whole } = repo('');
  return {
    ...whole,
    id: data.id,
    node_id: encodeNodeId('R', data.id),
    name: data.name,
    full_name: `${data.owner}/${data.name}`,
    owner: { ...whole.owner, login: data.owner },
    description: data.description ?? null,
    stargazers_count: data.stars ?? 0,
    forks_count: data.forks ?? 0,
    language: data.language ?? null,
    topics: data.topics ?? [],
    license: data.license ? { ...whole.license, spdx_id: data.license } : null,
    default_branch: data.defaultBranch,
    archived: data.archived ?? false,
    has_issues: !data.off?.includes('issues'),
    disabled: data.disabled ?? false,
  };
}

export function issueBody(view: Snapshot, issue: Pick<IssueData, 'id' | 'number'>) {
  const url = `https://api.github.example/repos/${view.data.owner}/${view.data.name}`;
  return {
    ...repo('/issues/{issue_number}'),
    id: issue.id,
    number: issue.number,
    repository_url: url,
    url: `${url}/issues/${issue.number}`,
  };
}

export function commentBody(view: Snapshot, comment: CommentData) {
  const reason = hiddenAt(comment, view.now);
  const base = `https://api.github.example/repos/${view.data.owner}/${view.data.name}`;
  return {
    ...repo('/issues/comments')[0],
    id: comment.id,
    node_id: encodeNodeId('IC', view.data.id, comment.id),
    user: userBody(comment.author, view.now),
    issue_url: `${base}/issues/${comment.number}`,
    created_at: comment.createdAt,
    updated_at: updatedAt(view, comment),
    minimized: reason === null ? null : { reason },
  };
}

export function reviewCommentBody(view: Snapshot, comment: ReviewCommentData) {
  const base = `https://api.github.example/repos/${view.data.owner}/${view.data.name}`;
  return {
    ...repo('/pulls/comments')[0],
    id: comment.id,
    node_id: encodeNodeId('PRRC', view.data.id, comment.id),
    user: userBody(comment.author, view.now),
    pull_request_url: `${base}/pulls/${comment.pullNumber}`,
    created_at: comment.createdAt,
    updated_at: updatedAt(view, comment),
  };
}

export function releaseBody(view: Snapshot, release: ReleaseData) {
  return {
    ...repo('/releases')[0],
    id: release.id,
    node_id: encodeNodeId('RE', view.data.id, release.id),
    tag_name: release.tag,
    name: release.name ?? null,
    author: userBody(release.author, view.now),
    draft: release.publishedAt === null,
    created_at: release.createdAt,
    published_at: release.publishedAt,
  };
}

/** `git log base..head`, a page of it, oldest first as GitHub gives it; null if a commit is gone. */
export function comparisonBody(view: Snapshot, basehead: string, page: number, perPage: number) {
  const [base = '', head = ''] = basehead.split('...');
  const commits = commitsOf(view.data);
  if (!commits.has(base) || !commits.has(head)) return null;
  const below = new Set(reachable(view.data, base).map((commit) => commit.sha));
  const above = reachable(view.data, head);
  const ahead = above.filter((commit) => !below.has(commit.sha)).reverse();
  const shared = new Set(above.map((commit) => commit.sha));
  const behind = [...below].filter((sha) => !shared.has(sha)).length;
  const whole = repo('/compare/{basehead}');
  return {
    ...whole,
    status: statusOf(ahead.length, behind),
    ahead_by: ahead.length,
    behind_by: behind,
    total_commits: ahead.length,
    commits: ahead
      .slice((page - 1) * perPage, page * perPage)
      .map((commit) => commitBody(whole.commits[0], commit)),
    files: [],
  };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

function commitBody(whole: Record<string, unknown> & { parents: object[] }, commit: CommitData) {
  return {
    ...whole,
    sha: commit.sha,
    node_id: `C_${commit.sha}`,
    parents: commit.parents.map((sha) => ({ ...whole.parents[0], sha })),
  };
}

function updatedAt(view: Snapshot, comment: { createdAt: string; editedAt?: string }): string {
  return comment.editedAt && comment.editedAt <= view.now ? comment.editedAt : comment.createdAt;
}
