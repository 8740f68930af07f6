/** An error answer of BigQuery, in the form of its REST API. */

export interface ApiErrorAnswer {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly status?: string;
}

export class ApiError extends Error {
  readonly answer: ApiErrorAnswer;

  constructor(answer: ApiErrorAnswer) {
    super(answer.message);
    this.answer = answer;
  }
}

const USAGE_REASONS = ['rateLimitExceeded', 'quotaExceeded'];

export function toErrorBody({ code, message, reason, status }: ApiErrorAnswer) {
  const domain = USAGE_REASONS.includes(reason) ? 'usageLimits' : 'global';
  const errors = [{ message, domain, reason }];
  return { error: { code, message, errors, ...(status ? { status } : {}) } };
}

/** Errors of real use, with BigQuery's own messages. */
export const apiErrors = {
  rateLimitExceeded: () =>
    new ApiError({
      code: 403,
      reason: 'rateLimitExceeded',
      message:
        'Exceeded rate limits: too many concurrent queries for this project_and_region.' +
        ' For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas',
      status: 'PERMISSION_DENIED',
    }),
  quotaExceeded: () =>
    new ApiError({
      code: 403,
      reason: 'quotaExceeded',
      message:
        'Quota exceeded: Your project exceeded quota for free query bytes scanned.' +
        ' For more information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas',
      status: 'PERMISSION_DENIED',
    }),
  backendError: () =>
    new ApiError({
      code: 503,
      reason: 'backendError',
      message: 'Error encountered during execution. Retrying may solve the problem.',
    }),
  backendErrorForbidden: () =>
    new ApiError({
      code: 403,
      reason: 'backendError',
      message: 'Backend error. Retrying may solve the problem.',
    }),
  accessDenied: (project: string) =>
    new ApiError({
      code: 403,
      reason: 'accessDenied',
      message: `Access Denied: Project ${project}: User does not have bigquery.jobs.create permission in project ${project}.`,
      status: 'PERMISSION_DENIED',
    }),
  unauthenticated: () =>
    new ApiError({
      code: 401,
      reason: 'authError',
      message:
        'Request had invalid authentication credentials. Expected OAuth 2 access token,' +
        ' login cookie or other valid authentication credential.',
      status: 'UNAUTHENTICATED',
    }),
  invalidQuery: (message: string) =>
    new ApiError({ code: 400, reason: 'invalidQuery', message, status: 'INVALID_ARGUMENT' }),
  notFound: (what: string) =>
    new ApiError({
      code: 404,
      reason: 'notFound',
      message: `Not found: ${what}`,
      status: 'NOT_FOUND',
    }),
  duplicate: (what: string) =>
    new ApiError({
      code: 409,
      reason: 'duplicate',
      message: `Already Exists: ${what}`,
      status: 'ALREADY_EXISTS',
    }),
  /** Arrives as an HTTP 500. */
  bytesBilledLimitExceeded: (limit: string, billed: number) =>
    new ApiError({
      code: 500,
      reason: 'bytesBilledLimitExceeded',
      message: `Query exceeded limit for bytes billed: ${limit}. ${billed} or higher required.`,
    }),
} as const;
