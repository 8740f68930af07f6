import { notice } from '@actions/core';
import { isoDate } from '../domain/time.ts';
import { print } from '../util/printable.ts';
import {
  type IssueMemory,
  isAfter,
  issueBody,
  issueMarker,
  issueTitle,
  recoveryComment,
  repeatComment,
} from './failure-issue.ts';
import { type FinishedRun, outcomeOf, readFailure, readFinishedRun } from './finished-run.ts';
import { ensureLabel, type Label } from './labels.ts';
import { openRepository, type RepositoryApi, statusOf } from './repository-api.ts';

/** Issues of this workflow have it, so that they are found again. */
const LABEL: Label = {
  name: 'leaderboard-run',
  color: 'd73a4a',
  description: 'A workflow of the leaderboard fails',
};

interface OpenIssue {
  readonly number: number;
  readonly body: string;
  readonly memory: IssueMemory;
}

/**
 * `actions:report-run`: opens an issue about a failed run, comments on it when it fails again, and
 * closes it after a good run. If the issues can't be listed, it throws and writes nothing.
 */
export async function reportRun(variables: NodeJS.ProcessEnv = process.env): Promise<void> {
  const api = openRepository(variables);
  const run = readFinishedRun(variables.GITHUB_EVENT_PATH ?? '');
  const outcome = outcomeOf(run);
  if (outcome === 'neither') return print(`Run ${run.run_number}: nothing to report.`);
  try {
    const issue = await findIssue(api, run);
    await (outcome === 'failed' ? reportFailure(api, run, issue) : reportRecovery(api, run, issue));
  } catch (error) {
    // GitHub answers 410 where issues are off.
    if (statusOf(error) !== 410) throw error;
    notice(`Issues are off in this repository: switch them on at ${api.url}/settings.`);
  }
}

/** By label and marker through the list, which is never behind as the search is. */
async function findIssue(api: RepositoryApi, run: FinishedRun): Promise<OpenIssue | null> {
  const { octokit, owner, repo } = api;
  const issues = await octokit.paginate(octokit.rest.issues.listForRepo, {
    owner,
    repo,
    labels: LABEL.name,
    state: 'open',
    sort: 'created',
    direction: 'asc',
    per_page: 100,
  });
  for (const { number, body, user } of issues) {
    const memory = issueMarker.read(body ?? '');
    // A person may have copied the marker.
    if (memory?.workflow === run.name && user?.type === 'Bot') {
      return { number, body: body ?? '', memory };
    }
  }
  return null;
}

const placeOf = (run: FinishedRun) => ({ run: run.run_number, attempt: run.run_attempt });

async function reportFailure(
  api: RepositoryApi,
  run: FinishedRun,
  issue: OpenIssue | null,
): Promise<void> {
  if (issue && !isAfter(placeOf(run), issue.memory)) {
    return print(`Issue ${issue.number} knows of run ${run.run_number}.`);
  }
  if (await hasRecovered(api, run)) return print(`A run after ${run.run_number} succeeded.`);
  await (issue ? reportRepeat(api, run, issue) : openIssue(api, run));
}

/** Events may arrive late: a run after this one may have succeeded already. */
async function hasRecovered(api: RepositoryApi, run: FinishedRun): Promise<boolean> {
  const { octokit, owner, repo } = api;
  const { data } = await octokit.rest.actions.listWorkflowRuns({
    owner,
    repo,
    workflow_id: run.workflow_id,
    status: 'success',
    per_page: 1,
  });
  const [good] = data.workflow_runs;
  if (!good) return false;
  return isAfter({ run: good.run_number, attempt: good.run_attempt ?? 1 }, placeOf(run));
}

async function openIssue(api: RepositoryApi, run: FinishedRun): Promise<void> {
  const { octokit, owner, repo } = api;
  const failure = await readFailure(api, run);
  const memory = {
    workflow: run.name,
    ...placeOf(run),
    failures: 1,
    commented_at: new Date().toISOString(),
  };
  await ensureLabel(api, LABEL);
  const { data } = await octokit.rest.issues.create({
    owner,
    repo,
    title: issueTitle(run),
    body: issueBody(run, failure, memory),
    labels: [LABEL.name],
  });
  print(`Opened issue ${data.number}.`);
}

/** The failure is counted in the issue itself, quietly; a comment is made once a day (UTC). */
async function reportRepeat(api: RepositoryApi, run: FinishedRun, issue: OpenIssue): Promise<void> {
  const { octokit, owner, repo } = api;
  const { number, memory } = issue;
  const now = new Date();
  const isDue = isoDate(now) !== memory.commented_at.slice(0, 10);
  const next = {
    ...memory,
    ...placeOf(run),
    failures: memory.failures + 1,
    ...(isDue && { commented_at: now.toISOString() }),
  };
  if (isDue) {
    const body = repeatComment(run, await readFailure(api, run), next);
    await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });
  }
  const body = issueMarker.replace(issue.body, next);
  await octokit.rest.issues.update({ owner, repo, issue_number: number, body });
  print(`Issue ${number}: failure ${next.failures}${isDue ? ', with a comment' : ''}.`);
}

async function reportRecovery(
  api: RepositoryApi,
  run: FinishedRun,
  issue: OpenIssue | null,
): Promise<void> {
  if (!issue) return print('No issue is open.');
  if (!isAfter(placeOf(run), issue.memory)) {
    return print(`Issue ${issue.number} is about a later run: it stays open.`);
  }
  const { octokit, owner, repo } = api;
  const here = { owner, repo, issue_number: issue.number };
  const body = recoveryComment(run, issue.memory);
  await octokit.rest.issues.createComment({ ...here, body });
  await octokit.rest.issues.update({ ...here, state: 'closed', state_reason: 'completed' });
  print(`Closed issue ${issue.number}.`);
}
