import { print } from '../util/printable.ts';
import { openRepository } from './repository-api.ts';

/** The workflows with a schedule. */
const SCHEDULED = ['pipeline.yml', 'maintenance.yml'] as const;

/**
 * `actions:keep-alive`: enables the scheduled workflows again, which they are already. GitHub
 * switches schedules off in a public repository after 60 days in which nothing was committed, and
 * counts from here on anew.
 */
export async function keepAlive(): Promise<void> {
  const { octokit, owner, repo } = openRepository();
  for (const workflow_id of SCHEDULED) {
    await octokit.rest.actions.enableWorkflow({ owner, repo, workflow_id });
    print(`${workflow_id} stays enabled.`);
  }
}
