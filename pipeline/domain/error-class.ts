/** The kind of a failure; it decides whether a job is tried again. */
export type ErrorClass =
  | 'timeout'
  | 'quota'
  | 'connection'
  | 'constraint'
  | 'budget'
  | 'not_found'
  | 'unauthorized'
  | 'refused'
  | 'unknown';

/** HIGH: a person has to act. MEDIUM: something is missing until a later run. LOW: it passes. */
export const SEVERITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;

export interface ErrorTraits {
  /** What the pipeline does; a failure of another kind than RETRY would occur again. */
  readonly action: 'RETRY' | 'SKIP_ITEM' | 'END_JOB';
  readonly severity: (typeof SEVERITIES)[number];
}

const TRAITS: Readonly<Record<ErrorClass, ErrorTraits>> = {
  timeout: { action: 'RETRY', severity: 'LOW' },
  quota: { action: 'RETRY', severity: 'MEDIUM' },
  connection: { action: 'RETRY', severity: 'LOW' },
  constraint: { action: 'SKIP_ITEM', severity: 'MEDIUM' },
  budget: { action: 'END_JOB', severity: 'MEDIUM' },
  not_found: { action: 'END_JOB', severity: 'LOW' },
  unauthorized: { action: 'END_JOB', severity: 'HIGH' },
  // A repository, a list or an item that its source does not show: put aside, the rest is read.
  refused: { action: 'SKIP_ITEM', severity: 'MEDIUM' },
  unknown: { action: 'RETRY', severity: 'HIGH' },
};

/** What a class means; one that another version has stored counts as unknown. */
export function errorTraits(errorClass: string): ErrorTraits {
  return TRAITS[errorClass as ErrorClass] ?? TRAITS.unknown;
}

/** What a person can do about each kind, in a sentence. */
const ADVICE: Readonly<Record<ErrorClass, string>> = {
  timeout: 'It took too long: run it again. What was finished is kept, so that it goes on there.',
  quota: 'A limit of GitHub or BigQuery is used up: the next run goes on. Nothing has to be done.',
  connection: 'A server did not answer: check DATABASE_URL and the network, and run it again.',
  constraint: 'The database refused a row: the dashboard lists it, and the rest is stored.',
  budget: 'The budget is used up: raise it in config/budget.yaml, or wait.',
  not_found: 'A repository is gone or private: remove or rename it in config/repos.yaml.',
  unauthorized:
    'A token or a right is missing or has expired: run npm run preflight, or the workflow Set-up check.',
  refused: 'A source does not show all of it: the coverage page names what, and the rest is read.',
  unknown: 'Read the message and the log, and run it again.',
};

/** What to do about failures of these classes, each sentence once. */
export const adviceFor = (classes: Iterable<string>): string[] => [
  ...new Set([...classes].map((name) => ADVICE[name as ErrorClass] ?? ADVICE.unknown)),
];

export function isWorthRetrying(errorClass: ErrorClass): boolean {
  return TRAITS[errorClass].action === 'RETRY';
}

/** An error of a source with its kind of failure. */
export class SourceError extends Error {
  override readonly name: string = 'SourceError';
  readonly errorClass: ErrorClass;
  constructor(errorClass: ErrorClass, message: string, options?: ErrorOptions) {
    super(message, options);
    this.errorClass = errorClass;
  }
}

/** Node's codes for a connection that could not be made or was cut. */
export const CONNECTION_CODES: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
];
const TIMEOUT_CODES = /^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|57014)$/;
/** SQLSTATE class 23: a constraint; 22: a value that does not fit. */
const CONSTRAINT_CODES = /^2[23][0-9A-Z]{3}$/;
/**
 * SQLSTATE class 08 and 57P: the server went away; 25P03 and 25P04: it ended a transaction that
 * lasted too long; 53300: it has no connection free; 40: a conflict with another transaction.
 * All five characters, so that HTTP's 404 does not match.
 */
const DATABASE_AWAY_CODES = /^(?:(?:08[0-9A-Z]|57P|40[0-9A-Z])[0-9A-Z]{2}|25P0[34]|53300)$/;

/** Classifies a failure by the codes of the source, Node or PostgreSQL, causes included. */
export function classifyError(error: unknown): ErrorClass {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof SourceError) return at.errorClass;
    const code = String((at as { code?: unknown }).code ?? '');
    if (at.name === 'TimeoutError' || TIMEOUT_CODES.test(code)) return 'timeout';
    if (CONNECTION_CODES.includes(code) || DATABASE_AWAY_CODES.test(code)) return 'connection';
    if (CONSTRAINT_CODES.test(code)) return 'constraint';
  }
  return 'unknown';
}
