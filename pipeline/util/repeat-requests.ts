import type { Octokit } from '@octokit/rest';
import { withRetries } from './retry.ts';

/** Repeats of a request that does not say how often, after a server error or a lost connection. */
const RETRIES = 3;
/** Answers that stay as they are: those of Octokit's own plugin, and 409 of an empty repository. */
const NEVER_REPEATED = [400, 401, 403, 404, 409, 410, 422, 451];

/**
 * A plugin of Octokit: repeats a request after an error of the server or a dropped connection, after
 * 1, 4 and 9 seconds. Octokit's plugin for it, like its throttling, goes by the clock of the machine:
 * where this is set back while a request begins, it holds the request until the clock shows the old
 * time again.
 */
export function repeatFailed(
  octokit: Pick<Octokit, 'hook'>,
  { secondMs = 1000 }: object & { secondMs?: number },
) {
  octokit.hook.wrap('request', (request, endpoint) => {
    const { retries = RETRIES, signal = new AbortController().signal } = endpoint.request;
    const delaysMs = Array.from({ length: retries }, (_, place) => secondMs * (place + 1) ** 2);
    const policy = { delaysMs, isTransient: isRepeated };
    return withRetries(async () => await request(endpoint), policy, signal as AbortSignal);
  });
  return {};
}

/** An error without its request is the end of the run, or a mistake of our own. */
function isRepeated(error: unknown): boolean {
  if (!(error instanceof Error && 'request' in error && 'status' in error)) return false;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && !NEVER_REPEATED.includes(status);
}
