import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { SECOND_MS } from '../domain/time.ts';
import { UsageError } from '../util/usage-error.ts';
import type { RepositoryApi } from './repository-api.ts';

/** A pull request that is looked at. */
export interface Proposal {
  readonly pull_request: number;
  /** Its newest commit. */
  readonly commit: string;
  /** What merging it would make, for which its base has moved on perhaps. */
  readonly merged: string;
}

/** A commit of git. */
export const commitSchema = z.string().regex(/^[0-9a-f]{40}$/);

const pullNumber = z.coerce.number().int().positive();

/** Of `pull_request`, and of `workflow_dispatch` with a number. */
const eventSchema = z.object({
  number: pullNumber.optional(),
  pull_request: z.object({ head: z.object({ sha: commitSchema }) }).optional(),
  inputs: z.object({ pull_request: pullNumber }).nullish(),
});

/**
 * The pull request that the workflow runs for.
 * @throws UsageError if there is none, or it can't be merged
 */
export async function findProposal(
  api: RepositoryApi,
  { GITHUB_EVENT_PATH = '', GITHUB_SHA }: NodeJS.ProcessEnv,
): Promise<Proposal> {
  const { data } = eventSchema.safeParse(JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')));
  // The commit of the event is the merge that GitHub made to try it.
  if (data?.number && data.pull_request) {
    const { sha: commit } = data.pull_request.head;
    return { pull_request: data.number, commit, merged: commitSchema.parse(GITHUB_SHA) };
  }
  if (data?.inputs) return askForProposal(api, data.inputs.pull_request);
  throw new UsageError('The event names no pull request: give its number.');
}

/** GitHub makes the merge after it is asked for the first time. */
const TRIES = 6;
const PAUSE_MS = 2 * SECOND_MS;

async function askForProposal(api: RepositoryApi, pull_number: number): Promise<Proposal> {
  const { octokit, owner, repo } = api;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await wait(PAUSE_MS);
    const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number });
    if (data.state !== 'open') break;
    const { mergeable, merge_commit_sha: merged, head } = data;
    if (mergeable && merged) return { pull_request: pull_number, commit: head.sha, merged };
    if (mergeable === false) break;
  }
  throw new UsageError(`Pull request ${pull_number} is closed, or can't be merged as it is.`);
}
