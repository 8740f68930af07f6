import { createHash } from 'node:crypto';
import { type RepositoryApi, statusOf } from '../repository-api.ts';
import { type Base, isUntouched, readFileAt, TRAILER, writeBranch } from './config-branch.ts';
import type { Change } from './decision.ts';
import type { FormIssue } from './issue.ts';
import { formMarker } from './marker.ts';

/** The pull request of a form: at most one is open, on a branch of its own. */

/** How it ended. `refused`: GitHub lets no workflow create pull requests here. */
export type Proposed =
  | { readonly state: 'new' | 'changed' | 'as before' | 'edited by hand'; readonly number: number }
  | { readonly state: 'closed'; readonly number: number }
  | { readonly state: 'refused'; readonly url: string };

interface Proposal {
  readonly issue: FormIssue;
  readonly change: Change;
  readonly base: Base;
  /** The whole file, edited. */
  readonly path: string;
  readonly text: string;
}

export async function propose(api: RepositoryApi, proposal: Proposal): Promise<Proposed> {
  const branch = `form/issue-${proposal.issue.number}`;
  const found = await findPullRequest(api, branch);
  const isSame = formMarker.read(found?.body ?? '')?.entry === hashOf(proposal.change);
  if (found?.state === 'open') return renew(api, branch, proposal, found);
  // What a maintainer has closed is not opened again.
  if (found && isSame) return { state: 'closed', number: found.number };
  await write(api, branch, proposal);
  return create(api, branch, proposal);
}

/** The newest of a branch of this repository, open or not. */
async function findPullRequest({ octokit, owner, repo }: RepositoryApi, branch: string) {
  const head = `${owner}:${branch}`;
  const here = { owner, repo, head, state: 'all', sort: 'created', direction: 'desc' } as const;
  const { data } = await octokit.rest.pulls.list({ ...here, per_page: 1 });
  return data[0];
}

type Found = NonNullable<Awaited<ReturnType<typeof findPullRequest>>>;

/** Brings an open one up to date with the form and with the default branch. */
async function renew(
  api: RepositoryApi,
  branch: string,
  proposal: Proposal,
  { number, head }: Found,
): Promise<Proposed> {
  const { octokit, owner, repo } = api;
  if (!(await isUntouched(api, head.sha))) return { state: 'edited by hand', number };
  const before = await readFileAt(api, proposal.path, head.sha);
  if (before === proposal.text) return { state: 'as before', number };
  await write(api, branch, proposal);
  await octokit.rest.pulls.update({ owner, repo, pull_number: number, ...textsOf(proposal) });
  return { state: 'changed', number };
}

const write = (api: RepositoryApi, branch: string, { base, change, path, text }: Proposal) =>
  writeBranch(api, branch, base, `${change.title}\n\n${TRAILER}`, { path, text });

async function create(api: RepositoryApi, branch: string, proposal: Proposal): Promise<Proposed> {
  const { octokit, owner, repo, url } = api;
  const { base } = proposal;
  const request = { owner, repo, head: branch, base: base.branch, ...textsOf(proposal) };
  try {
    const { data } = await octokit.rest.pulls.create(request);
    return { state: 'new', number: data.number };
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    return { state: 'refused', url: `${url}/compare/${base.branch}...${branch}?expand=1` };
  }
}

/** Nothing in it is a text that somebody typed. */
function textsOf({ issue, change, path }: Proposal) {
  const body = [
    `From the form in #${issue.number}: one entry in \`${path}\`. Nothing is merged by itself.`,
    ...change.reasons,
    `Closes #${issue.number}.`,
    formMarker.write({ form: issue.number, entry: hashOf(change) }),
  ];
  return { title: change.title, body: body.join('\n\n') };
}

const hashOf = ({ entry }: Change) =>
  createHash('sha256').update(JSON.stringify(entry)).digest('hex').slice(0, 16);

/** The workflow that checks and previews a change of the configuration. */
const PREVIEW = 'config-preview.yml';

/**
 * A pull request made with the token of a workflow starts no workflow, so check and preview are
 * started here. Returns false where there is no such workflow, or it can't be started.
 */
export async function startPreview(
  { octokit, owner, repo }: RepositoryApi,
  branch: string,
  number: number,
): Promise<boolean> {
  try {
    await octokit.rest.actions.createWorkflowDispatch({
      owner,
      repo,
      workflow_id: PREVIEW,
      ref: branch,
      inputs: { pull_request: String(number) },
    });
    return true;
  } catch (error) {
    const status = statusOf(error);
    // 422: it is not started by hand, or by other inputs.
    if (status === 404 || status === 422) return false;
    throw error;
  }
}
