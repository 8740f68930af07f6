import { outcomeOf, readFailure, readFinishedRun } from './finished-run.ts';
import { openRepository } from './repository-api.ts';
import { readRunRecord } from './run-record.ts';
import { sendMessage } from './send-message.ts';
import type { Message } from './webhook-message.ts';

/** `actions:webhook`: a message about the run that ended, if it failed or has warnings. */
export async function reportToWebhook(variables: NodeJS.ProcessEnv = process.env): Promise<void> {
  await sendMessage(variables, () => aboutRun(variables));
}

/** A failure, or the warnings of a good run; null if there is neither. */
async function aboutRun(variables: NodeJS.ProcessEnv): Promise<Message | null> {
  const api = openRepository(variables);
  const run = readFinishedRun(variables.GITHUB_EVENT_PATH ?? '');
  const outcome = outcomeOf(run);
  const url = run.html_url;
  const warnings = readRunRecord()?.warnings ?? [];
  if (outcome === 'failed') {
    const { stages, errorClasses, repositories } = await readFailure(api, run);
    const lines = [
      ...named('Stage', stages),
      ...named('Repositories', repositories),
      ...named('Error class', errorClasses),
      ...warnings,
    ];
    return { kind: 'failure', title: `${api.repo}: the workflow ${run.name} failed`, lines, url };
  }
  if (outcome === 'neither' || warnings.length === 0) return null;
  return { kind: 'warning', title: `${api.repo}: warnings of a run`, lines: warnings, url };
}

const named = (name: string, values: readonly string[]) =>
  values.length > 0 ? [`${name}: ${values.join(', ')}`] : [];
