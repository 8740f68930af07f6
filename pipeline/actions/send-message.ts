import { warning } from '@actions/core';
import { readConfig } from '../config/load.ts';
import { checkUrl } from '../config/variable-checks.ts';
import { SECOND_MS } from '../domain/time.ts';
import { print } from '../util/printable.ts';
import { UsageError } from '../util/usage-error.ts';
import { formatMessage, type Message } from './webhook-message.ts';

const TIMEOUT_MS = 20 * SECOND_MS;

/**
 * Sends what there is to say to WEBHOOK_URL, if it is set; `build` is called only then. A receiver
 * that does not answer is a warning: the run itself is not concerned.
 *
 * @throws UsageError for a text that is not an address
 */
export async function sendMessage(
  variables: NodeJS.ProcessEnv,
  build: () => Promise<Message | null>,
): Promise<void> {
  const address = readAddress(variables.WEBHOOK_URL);
  if (address === null) return print('No webhook: the secret WEBHOOK_URL is not set.');
  // Read
  const { format } = readConfig('config').site.webhook;
  const message = await build();
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
