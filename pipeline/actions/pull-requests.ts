import { z } from 'zod';
import type { ConfigPreview } from './config-preview-document.ts';
import { commitSchema } from './proposal.ts';
import type { RepositoryApi } from './repository-api.ts';

/** Pull requests of this repository, and our comments on them. */

/** The run that made a preview, as GitHub states it. */
export const previewRunSchema = z.object({
  repository: z.object({ id: z.int(), default_branch: z.string() }),
  workflow_run: z.object({
    id: z.int().positive(),
    run_attempt: z.int().positive(),
    event: z.string(),
    head_sha: commitSchema,
    head_branch: z.string().nullable(),
    head_repository: z.object({ id: z.int(), full_name: z.string() }).nullable(),
    html_url: z.string(),
  }),
});

export type PreviewRun = z.infer<typeof previewRunSchema>;

/**
 * The number of the one open pull request that a preview is of; null: there is none, several, or its
 * newest commit is another one. What the preview says of itself must agree with GitHub.
 */
export async function findPullRequest(
  api: RepositoryApi,
  { repository, workflow_run: run }: PreviewRun,
  { pull_request, commit }: Pick<ConfigPreview, 'pull_request' | 'commit'>,
): Promise<number | null> {
  const { head_repository: head, head_branch: branch } = run;
  if (!head || branch === null) return null;
  if (run.event === 'pull_request') {
    const found = commit === run.head_sha ? await findByHead(api, head, branch, commit) : null;
    return found === pull_request ? found : null;
  }
  // By hand, and by the forms: code of the default branch ran, which takes the number from its form.
  const isOurs = head.id === repository.id && branch === repository.default_branch;
  if (run.event !== 'workflow_dispatch' || !isOurs) return null;
  return (await isNewest(api, pull_request, commit)) ? pull_request : null;
}

async function findByHead(
  { octokit, owner, repo }: RepositoryApi,
  head: { readonly id: number; readonly full_name: string },
  branch: string,
  commit: string,
): Promise<number | null> {
  const [user] = head.full_name.split('/');
  const { data } = await octokit.rest.pulls.list({
    owner,
    repo,
    state: 'open',
    head: `${user}:${branch}`,
    per_page: 100,
  });
  const found = data.filter(
    ({ head: { repo: from, ref, sha } }) =>
      from?.id === head.id && ref === branch && sha === commit,
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

/** Whether it changes files under `.github/`, or so many that GitHub does not list all. */
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
