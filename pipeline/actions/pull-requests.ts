import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ConfigPreview } from './config-preview-document.ts';
import { commitSchema, pullNumber } from './proposal.ts';
import type { RepositoryApi } from './repository-api.ts';

/** Pull requests of this repository, and our comments on them. */

/** The run that made a preview, and what GitHub says of the pull request that it is of. */
export interface PreviewRun {
  readonly id: number;
  readonly attempt: number;
  readonly url: string;
  /** The branch and the commit that a pull request has started it with. */
  readonly head: Head | null;
  /** The pull request that it was started for by hand, or by another workflow. */
  readonly number: number | null;
}

interface Head {
  readonly repositoryId: number;
  readonly owner: string;
  readonly branch: string;
  readonly commit: string;
}

const eventSchema = z.object({
  workflow_run: z
    .object({
      id: z.int().positive(),
      run_attempt: z.int().positive(),
      event: z.string(),
      head_sha: commitSchema,
      head_branch: z.string().nullable(),
      head_repository: z.object({ id: z.int(), owner: z.object({ login: z.string() }) }).nullable(),
      html_url: z.string(),
    })
    .optional(),
  inputs: z.object({ pull_request: pullNumber }).nullish(),
});

/** From the event: of another run that has ended, or of this one, which was started with a number. */
export function readPreviewRun({ url }: RepositoryApi, variables: NodeJS.ProcessEnv): PreviewRun {
  const text = readFileSync(variables.GITHUB_EVENT_PATH ?? '', 'utf8');
  const { workflow_run: run, inputs } = eventSchema.parse(JSON.parse(text));
  if (!run) {
    const id = Number(variables.GITHUB_RUN_ID);
    const attempt = Number(variables.GITHUB_RUN_ATTEMPT);
    const number = inputs?.pull_request ?? null;
    return { id, attempt, url: `${url}/actions/runs/${id}`, head: null, number };
  }
  const { id, run_attempt: attempt, html_url, head_repository: from, head_branch: branch } = run;
  const isOfPull = run.event === 'pull_request' && from !== null && branch !== null;
  const head = isOfPull
    ? { repositoryId: from.id, owner: from.owner.login, branch, commit: run.head_sha }
    : null;
  return { id, attempt, url: html_url, head, number: null };
}

/**
 * The number of the one open pull request that a preview is of; null: there is none, several, or its
 * newest commit is another one. What the preview says of itself must agree with GitHub.
 */
export async function findPullRequest(
  api: RepositoryApi,
  { head, number }: PreviewRun,
  { pull_request, commit }: Pick<ConfigPreview, 'pull_request' | 'commit'>,
): Promise<number | null> {
  const isOfHead = head?.commit === commit;
  const found = head && isOfHead ? await findByHead(api, head) : number;
  if (found !== pull_request) return null;
  return isOfHead || (await isNewest(api, found, commit)) ? found : null;
}

async function findByHead(
  { octokit, owner, repo }: RepositoryApi,
  head: Head,
): Promise<number | null> {
  const { data } = await octokit.rest.pulls.list({
    owner,
    repo,
    state: 'open',
    head: `${head.owner}:${head.branch}`,
    per_page: 100,
  });
  const found = data.filter(
    ({ head: { repo: from, ref, sha } }) =>
      from?.id === head.repositoryId && ref === head.branch && sha === head.commit,
  );
  return found.length === 1 ? (found[0]?.number ?? null) : null;
}

async function isNewest(
  { octokit, owner, repo }: RepositoryApi,
  pull_number: number,
  commit: string,
): Promise<boolean> {
  const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number });
  return data.state === 'open' && data.head.sha === commit;
}

/** Whether it changes files under `.github/`, or more files than GitHub lists. */
export async function changesWorkflows(
  { octokit, owner, repo }: RepositoryApi,
  pull_number: number,
): Promise<boolean> {
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
    owner,
    repo,
    pull_number,
    per_page: 100,
  });
  const isOfWorkflows = (path = '') => path.startsWith('.github/');
  return (
    files.length >= MOST_FILES ||
    files.some((file) => isOfWorkflows(file.filename) || isOfWorkflows(file.previous_filename))
  );
}

/** GitHub lists no more of a pull request. */
const MOST_FILES = 3_000;

/** Writes the one comment that begins with the marker. Resolves to what was done. */
export async function saveComment(
  { octokit, owner, repo }: RepositoryApi,
  pull_number: number,
  marker: string,
  body: string,
): Promise<string> {
  const here = { owner, repo, issue_number: pull_number };
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    ...here,
    per_page: 100,
  });
  // A person may have copied the marker.
  const own = comments.find(
    (comment) => comment.user?.type === 'Bot' && comment.body?.startsWith(marker),
  );
  if (!own) {
    await octokit.rest.issues.createComment({ ...here, body });
    return `Commented on pull request ${pull_number}.`;
  }
  await octokit.rest.issues.updateComment({ owner, repo, comment_id: own.id, body });
  return `Brought the comment on pull request ${pull_number} up to date.`;
}
