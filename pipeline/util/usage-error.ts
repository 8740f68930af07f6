/** Exit codes: done; failed; wrong use or configuration. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Something that the person who started the command can put right: the message says how. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly exitCode = EXIT.usage;
}
