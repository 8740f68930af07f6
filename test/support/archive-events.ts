/** Small archive events of both eras for tests: only the fields that the project uses. */

export const alice = { id: 1, login: 'alice' };
export const bob = { id: 2, login: 'bob' };

interface EventParts {
  readonly type: string;
  readonly payload: unknown;
  readonly actor?: { id: number; login: string };
  readonly repo?: { id: number; name: string };
  readonly created_at?: string;
  readonly id?: string;
}

export function archiveEvent({ id = '1', type, actor = alice, payload, ...rest }: EventParts) {
  const { repo = { id: 10, name: 'acme/tool' }, created_at = '2024-03-04T05:06:07Z' } = rest;
  return { id, type, actor, repo, payload, public: true, created_at };
}

/** A 40-digit commit id that ends with the number. */
export function sha(number: number): string {
  return number.toString(16).padStart(40, '0');
}

export function push(ref: string, commits: { sha: string; distinct: boolean }[] | undefined) {
  return { type: 'PushEvent', payload: { ref, ...(commits ? { commits } : {}) } };
}

export function pullRequest(action: string, pull: Record<string, unknown>) {
  return { type: 'PullRequestEvent', payload: { action, pull_request: { number: 7, ...pull } } };
}
