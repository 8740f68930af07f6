import { z } from 'zod';
import { type BudgetShortage, describeShortage } from '../../domain/budget.ts';
import { CONNECTION_CODES, type ErrorClass, SourceError } from '../../domain/error-class.ts';

/** Classifies errors of BigQuery by their reason, and by the HTTP code only if there is none. */

export type FailureKind =
  /** A wait helps: rate limits, backend errors. */
  | 'rate_limit'
  | 'backend'
  | 'timeout'
  | 'connection'
  /** Only a wait of hours helps: the breaker opens at once. */
  | 'quota'
  /** The query would cost more than was reserved. */
  | 'budget'
  /** Only a change of the set-up helps. */
  | 'auth'
  | 'query'
  | 'unknown';

/** An error of BigQuery with its kind and, if a person must act, with advice. */
export class BigQueryFailure extends SourceError {
  readonly kind: FailureKind;
  /** BigQuery's reason code, for example `rateLimitExceeded`. */
  readonly reason: string | null;
  /** The failure will last, so the circuit opens at once. */
  readonly opensBreaker: boolean;

  constructor(kind: FailureKind, reason: string | null, message: string, cause?: unknown) {
    super(CLASSES[kind], message, { cause });
    this.kind = kind;
    this.reason = reason;
    this.opensBreaker = kind === 'quota';
  }
}

/** Failures for which a short wait may help. After others, the job is tried again minutes later. */
const TRANSIENT: readonly FailureKind[] = ['rate_limit', 'backend', 'connection'];

export function isTransient(error: unknown): boolean {
  return error instanceof BigQueryFailure && TRANSIENT.includes(error.kind);
}

/** The remaining budget is too small. Nothing was spent; the run goes on without this query. */
export class BudgetExceededError extends SourceError {
  readonly shortage: BudgetShortage;

  constructor(shortage: BudgetShortage) {
    super('budget', describeShortage(shortage));
    this.shortage = shortage;
  }
}

/** The class of each kind in the job queue: `budget`, `constraint` and `unauthorized` are final. */
const CLASSES: Readonly<Record<FailureKind, ErrorClass>> = {
  rate_limit: 'quota',
  backend: 'connection',
  timeout: 'timeout',
  connection: 'connection',
  quota: 'quota',
  budget: 'budget',
  auth: 'unauthorized',
  query: 'constraint',
  unknown: 'unknown',
};

/** https://cloud.google.com/bigquery/docs/error-messages */
const BY_REASON: Readonly<Record<string, FailureKind>> = {
  rateLimitExceeded: 'rate_limit',
  userRateLimitExceeded: 'rate_limit',
  jobRateLimitExceeded: 'rate_limit',
  resourceInUse: 'rate_limit',
  backendError: 'backend',
  jobBackendError: 'backend',
  internalError: 'backend',
  jobInternalError: 'backend',
  tableUnavailable: 'backend',
  timeout: 'timeout',
  stopped: 'timeout',
  quotaExceeded: 'quota',
  bytesBilledLimitExceeded: 'budget',
  billingTierLimitExceeded: 'budget',
  authError: 'auth',
  accessDenied: 'auth',
  blocked: 'auth',
  billingNotEnabled: 'auth',
  invalidUser: 'auth',
  required: 'auth',
  invalidQuery: 'query',
  invalid: 'query',
  badRequest: 'query',
  notFound: 'query',
  responseTooLarge: 'query',
  resourcesExceeded: 'query',
};

const CONNECTION_WORDS = new RegExp(
  [...CONNECTION_CODES, 'socket hang up', 'premature close'].join('|'),
  'i',
);
const TIMEOUT_CODES = /ETIMEDOUT|ESOCKETTIMEDOUT|network timeout|request-timeout/i;
/** Messages of Google's libraries about missing or rejected credentials. */
const AUTH_TEXTS =
  /default credentials|invalid_grant|invalid_client|invalid_target|unauthorized_client|unable to (detect a Project Id|impersonate|retrieve)|private key|DECODER routines/i;

/** The members of the client's errors that we use; each of them may be missing. */
const errorSchema = z.object({
  message: z.string().catch(''),
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  errors: z
    .array(z.object({ reason: z.string().nullish() }))
    .nullish()
    .catch(null),
});

/** Turns any error of the client into a failure with its kind and advice. */
export function toFailure(error: unknown): BigQueryFailure {
  if (error instanceof BigQueryFailure) return error;
  const { message, code, errors } = errorSchema.parse(Object(error));
  const reason = errors?.[0]?.reason ?? null;
  const kind = classify(reason, code ?? null, message);
  const advice = ADVICE[kind];
  return new BigQueryFailure(kind, reason, [message, advice].filter(Boolean).join(' — '), error);
}

function classify(reason: string | null, code: string | number | null, text: string): FailureKind {
  const known = reason === null ? undefined : BY_REASON[reason];
  if (known) return known;
  const words = `${code ?? ''} ${text}`;
  if (TIMEOUT_CODES.test(words)) return 'timeout';
  if (CONNECTION_WORDS.test(words)) return 'connection';
  if (AUTH_TEXTS.test(words)) return 'auth';
  const status = Number(code);
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rate_limit';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'backend' : 'unknown';
}

/** Advice for the kinds of failure that need a person. */
const ADVICE: Readonly<Partial<Record<FailureKind, string>>> = {
  auth:
    'check the credentials (BIGQUERY_CREDENTIALS, or Application Default Credentials), ' +
    'GOOGLE_CLOUD_PROJECT, and that the account has the role BigQuery Job User in that project',
  quota: "the project's quota is used up: wait for the next day or raise it in the Google console",
  budget: 'the query needs more than was reserved for it; nothing was billed',
};
