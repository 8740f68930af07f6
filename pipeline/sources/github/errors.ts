import { SourceError } from '../../domain/error-class.ts';

/** What GitHub can send instead of an answer, one error for each way to handle it. */

export type Resource = 'core' | 'graphql';

/** This repository can't be read; the others can. */
export class RepositoryUnavailableError extends Error {
  override readonly name = 'RepositoryUnavailableError';
}

/** Our share of the hour's allowance is spent: stop, and go on in a later run. */
export class AllowanceSpentError extends Error {
  override readonly name = 'AllowanceSpentError';
  readonly resource: Resource;
  readonly resetAt: Date;

  constructor(resource: Resource, resetAt: Date) {
    super(`GitHub's ${resource} allowance for us is spent until ${resetAt.toISOString()}`);
    this.resource = resource;
    this.resetAt = resetAt;
  }
}

/** GitHub's own hourly limit was reached. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError';
  readonly resource: Resource;
  readonly resetAt: Date;

  constructor(resource: Resource, resetAt: Date, options?: ErrorOptions) {
    super(`GitHub's ${resource} rate limit is used up until ${resetAt.toISOString()}`, options);
    this.resource = resource;
    this.resetAt = resetAt;
  }
}

/** The query was too large, or the connection is bad: ask for less, or again. */
export class TooHeavyError extends Error {
  override readonly name = 'TooHeavyError';
}

/** GitHub is not well at the moment, whatever is asked for: ask the same again. */
export class NotNowError extends SourceError {
  override readonly name = 'NotNowError';

  constructor(message: string, options?: ErrorOptions) {
    super('connection', message, options);
  }
}

/** GitHub refuses this list, for a reason that another attempt does not change. */
export class RefusedError extends SourceError {
  override readonly name = 'RefusedError';

  constructor(message: string, options?: ErrorOptions) {
    super('refused', message, options);
  }
}

/** GitHub answered something that we can't use. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

/** Octokit's own error, by its shape: its class is not part of the packages in use. */
export interface HttpError extends Error {
  readonly status: number;
  readonly response?: {
    readonly headers: Readonly<Record<string, string | number | undefined>>;
    readonly data?: unknown;
  };
}

export function isHttpError(error: unknown): error is HttpError {
  return error instanceof Error && typeof (error as Partial<HttpError>).status === 'number';
}

/** Makes an error that Octokit's plugins take for one of their own. */
export function httpError(
  message: string,
  status: number,
  request: object,
  response?: object,
): HttpError {
  return Object.assign(new Error(message), {
    name: 'HttpError',
    status,
    request,
    response,
  }) as never;
}
