import { warning } from '@actions/core';
import { readConfig } from '../config/load.ts';
import { checkUrl } from '../config/variable-checks.ts';
import { SECOND_MS } from '../domain/time.ts';
import type { WebhookSubject } from '../runtime/options.ts';
import { print } from '../util/printable.ts';
import { UsageError } from '../util/usage-error.ts';
import { outcomeOf, readFailure, readFinishedRun } from './finished-run.ts';
import { RECORD_PATH } from './report-run.ts';
import { openRepository } from './repository-api.ts';
import { readRunRecord } from './run-record.ts';
import { formatMessage, type Message } from './webhook-message.ts';
import { buildWeekly } from './weekly-summary.ts';

const TIMEOUT_MS = 20 * SECOND_MS;

/**
 * `actions:webhook`: sends what there is to say, if WEBHOOK_URL is set. A receiver that does not
 * answer is a warning: the run itself is not concerned.
 *
 * @throws UsageError for an address that is none
 */
export async function sendWebhook(
  subject: WebhookSubject,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const address = readAddress(variables.WEBHOOK_URL);
  if (address === null) return print('No webhook: the secret WEBHOOK_URL is not set.');
  // Read
  const { format } = readConfig('config').site.webhook;
  const message = await (subject === 'run' ? aboutRun(variables) : buildWeekly(variables));
  if (!message) return print('No message: there is nothing to say.');
  // Write
  try {
    await post(address, formatMessage(message, format));
    print(`Sent: ${message.title}`);
  } catch (error) {
    // Its causes may name the address, which is secret.
    const reason = error instanceof RefusedError ? error.message : 'no answer';
    warning(`The webhook was not delivered: ${reason}.`);
  }
}

function readAddress(text: string | undefined): string | null {
  if (!text?.trim()) return null;
  const result = checkUrl(text.trim());
  if ('problem' in result) throw new UsageError(`WEBHOOK_URL: ${result.problem}`);
  // Its path is taken as it was given.
  return text.trim();
}

class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

async function post(address: string, body: object): Promise<void> {
  const { status, ok } = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // The receiver alone was entrusted with the message.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!ok) throw new RefusedError(`the receiver answers ${status}`);
}

/** A failure, or the warnings of a good run; null if there is neither. */
async function aboutRun(variables: NodeJS.ProcessEnv): Promise<Message | null> {
  const api = openRepository(variables);
  const run = readFinishedRun(variables.GITHUB_EVENT_PATH ?? '');
  const outcome = outcomeOf(run);
  const url = run.html_url;
  const warnings = readRunRecord(RECORD_PATH)?.warnings ?? [];
  if (outcome === 'failed') {
    const { stages, errorClasses, repositories } = await readFailure(api, run, RECORD_PATH);
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
