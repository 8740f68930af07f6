import { describe, expect, it } from 'vitest';
import { withRetries } from '../../../pipeline/util/retry.ts';

/** A call that fails with each of these in turn and then answers. */
function failing(...failures: readonly string[]) {
  let calls = 0;
  const call = async () => {
    const failure = failures[calls++];
    if (failure !== undefined) throw new Error(failure);
    return calls;
  };
  return { call, calls: () => calls };
}

const policy = {
  delaysMs: [1, 1],
  isTransient: (error: unknown) => error instanceof Error && error.message === 'busy',
};
const { signal } = new AbortController();

describe('withRetries', () => {
  it('makes a call again after a transient failure', async () => {
    expect(await withRetries(failing('busy', 'busy').call, policy, signal)).toBe(3);
  });

  it('gives the last failure when all waits are over', async () => {
    const { call, calls } = failing('busy', 'busy', 'busy', 'busy');
    await expect(withRetries(call, policy, signal)).rejects.toThrow('busy');
    expect(calls()).toBe(3);
  });

  it('makes no call again after another failure', async () => {
    const { call, calls } = failing('forbidden');
    await expect(withRetries(call, policy, signal)).rejects.toThrow('forbidden');
    expect(calls()).toBe(1);
  });

  it('makes no call again once the signal has aborted', async () => {
    const stop = new AbortController();
    const { call, calls } = failing('busy', 'busy');
    const stopping = async () => {
      stop.abort();
      return call();
    };
    await expect(withRetries(stopping, policy, stop.signal)).rejects.toThrow();
    expect(calls()).toBe(1);
  });
});
