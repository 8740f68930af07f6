import { type RepositoryApi, statusOf } from '../repository-api.ts';

/**
 * Files of the configuration at a commit, and branches with one changed, by GitHub's API alone: no
 * text from outside meets a shell or git's command line.
 */

/** Where a change begins: the head of the default branch. */
export interface Base {
  readonly branch: string;
  readonly commit: string;
}

export async function readBase(api: RepositoryApi, branch: string): Promise<Base> {
  const commit = await readHead(api, branch);
  if (commit === null) throw new Error(`There is no branch ${branch}`);
  return { branch, commit };
}

/** The commit of a branch; null if there is no such branch. */
async function readHead({ octokit, owner, repo }: RepositoryApi, branch: string) {
  try {
    const { data } = await octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` });
    return data.object.sha;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** The text of a file at a commit or branch; empty if there is none. */
export async function readFileAt(
  { octokit, owner, repo }: RepositoryApi,
  path: string,
  ref: string,
): Promise<string> {
  try {
    const { data } = await octokit.rest.repos.getContent({ owner, repo, path, ref });
    if (Array.isArray(data) || data.type !== 'file') throw new Error(`${path} is no file`);
    return Buffer.from(data.content, 'base64').toString('utf8');
  } catch (error) {
    if (statusOf(error) === 404) return '';
    throw error;
  }
}

interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** The branch is the base and one commit, whatever it was before. Returns that commit. */
export async function writeBranch(
  api: RepositoryApi,
  branch: string,
  base: Base,
  message: string,
  { path, text }: NewFile,
): Promise<string> {
  const { octokit, owner, repo } = api;
  const here = { owner, repo };
  const { data: tree } = await octokit.rest.git.createTree({
    ...here,
    base_tree: base.commit,
    tree: [{ path, mode: '100644', type: 'blob', content: text }],
  });
  const { data: commit } = await octokit.rest.git.createCommit({
    ...here,
    message,
    tree: tree.sha,
    parents: [base.commit],
  });
  if ((await readHead(api, branch)) === null) {
    await octokit.rest.git.createRef({ ...here, ref: `refs/heads/${branch}`, sha: commit.sha });
  } else {
    const ref = `heads/${branch}`;
    await octokit.rest.git.updateRef({ ...here, ref, sha: commit.sha, force: true });
  }
  return commit.sha;
}

/** Whether a branch has nothing after a commit of ours: a person may have added to it. */
export async function isUntouched(
  { octokit, owner, repo }: RepositoryApi,
  head: string,
): Promise<boolean> {
  const { data } = await octokit.rest.git.getCommit({ owner, repo, commit_sha: head });
  return data.message.includes(TRAILER);
}

/** Ends the message of a commit that was made from a form. */
export const TRAILER = 'Made-from-form: yes';
