import { toStoredText } from '../../domain/stored-value.ts';
import { isHttpError } from './errors.ts';

/** What to do about an answer of GitHub that is not the one asked for. */
export type Remedy =
  /** A limit of requests: wait until it is over, and ask the same again. */
  | 'wait'
  /** Too much for GitHub in one answer: ask for less. */
  | 'shrink'
  /** GitHub is not well at the moment: ask the same again. */
  | 'again'
  /** Refused, and another attempt changes nothing: put it aside, and read the rest. */
  | 'put_aside';

/** One of the errors that GraphQL gives beside its data. */
export interface GraphqlProblem {
  readonly type?: string;
  readonly code?: unknown;
  readonly extensions?: { readonly code?: unknown } | null;
  readonly message: string;
  readonly path?: readonly (string | number)[];
}

/**
 * By the name that GraphQL gives: `type`, `code` or `extensions.code`. GitHub documents none of
 * them; these are what it was seen to send (octokit/plugin-throttling.js, yanyongyu/githubkit#272,
 * atlassian/github-for-jira, cli/cli#2661).
 */
const BY_NAME: Readonly<Record<string, Remedy>> = {
  RATE_LIMIT: 'wait',
  RATE_LIMITED: 'wait',
  GRAPHQL_RATE_LIMIT: 'wait',
  SECONDARY_RATE_LIMIT: 'wait',
  SECONDARY_RATE_LIMITED: 'wait',
  RESOURCE_LIMITS_EXCEEDED: 'shrink',
  MAX_NODE_LIMIT_EXCEEDED: 'shrink',
  EXCESSIVE_PAGINATION: 'shrink',
  TIMEOUT: 'shrink',
  SERVICE_UNAVAILABLE: 'again',
  STALE_DATA: 'again',
  NOT_FOUND: 'put_aside',
  FORBIDDEN: 'put_aside',
  UNAUTHORIZED: 'put_aside',
  INSUFFICIENT_SCOPES: 'put_aside',
  REPOSITORY_ACCESS_BLOCKED: 'put_aside',
};

/** Limits, in words: they come as 200, 403 or 429, with any name or none. */
const LIMIT =
  /\brate limit\b.*\bexceeded\b|\bexceeded a?\s?(?:secondary )?rate limit\b|\bsecondary rate\b|\babuse detection\b/i;
const SECONDARY_LIMIT = /\bsecondary rate\b|\babuse detection\b/i;

/** By the words of the message, where there is no name that is known. */
const BY_TEXT: readonly (readonly [RegExp, Remedy])[] = [
  [
    /something went wrong while executing your query|timed? ?out|couldn't respond to your request in time/i,
    'shrink',
  ],
  [/exceeds the (?:maximum )?(?:node )?limit\b|\bresource limits\b/i, 'shrink'],
  [
    /\bservice unavailable\b|temporarily unavailable|\bno server is currently available\b/i,
    'again',
  ],
  [
    /\bforbids access via\b|\bSAML enforcement\b|\bIP allow list\b|\bnot accessible by\b|required scopes\b/i,
    'put_aside',
  ],
];

/** Null for an error that nothing is known of. */
export function remedyOf(problem: GraphqlProblem): Remedy | null {
  if (LIMIT.test(problem.message)) return 'wait';
  const names = [problem.type, problem.code, problem.extensions?.code];
  const known = names.map((name) => BY_NAME[String(name).toUpperCase()]).find(Boolean);
  return known ?? BY_TEXT.find(([text]) => text.test(problem.message))?.[1] ?? null;
}

/** Whether a message is of one of GitHub's limits, and of which kind. */
export const isLimit = (message: string) => LIMIT.test(message);
export const isSecondaryLimit = (message: string) => SECONDARY_LIMIT.test(message);

/** What a maintainer can do, by GitHub's words. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/lifetime is greater/i, 'store a token that ends sooner'],
  [/\bSAML\b|\bSSO\b/i, 'authorize the token for the organization (Configure SSO in its settings)'],
  [/IP allow list/i, 'run on a machine whose address the organization allows'],
  [/forbids access via/i, 'store a token of the kind that the organization allows'],
  [
    /not accessible by|required scopes/i,
    'give the token these rights: Contents, Issues, Pull requests, Metadata (read)',
  ],
];

/** GitHub's own words for a refusal, fit to be published, with what to do about it. */
export function describeRefusal(message: string, status?: number): string {
  const plain = message
    .replace(/\bPlease\b[^.]*\bURL: \S+|\s-?\s?https?:\/\/\S+/g, '')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, 'your IP address')
    .trim();
  const words = toStoredText(plain, LONGEST_WORDS) || 'GitHub can not show it, and gives no reason';
  const advice = ADVICE.find(([text]) => text.test(message))?.[1];
  return `${words}${status ? ` (${status})` : ''}${advice ? `: ${advice}` : ''}`;
}

const LONGEST_WORDS = 300;

/** REST's answers that another attempt does not change. */
const REFUSALS: readonly number[] = [403, 404, 410, 451];

interface Body {
  readonly message?: unknown;
  readonly block?: { readonly reason?: unknown } | null;
}

/** Why REST refuses what was asked for; null if it is no refusal, or may be over at the next attempt. */
export function refusalOf(error: unknown): string | null {
  if (!isHttpError(error) || !REFUSALS.includes(error.status)) return null;
  const { status, response } = error;
  const body = (response?.data ?? {}) as Body;
  if (status === 451) {
    return `taken down for legal reasons (451, ${String(body.block?.reason ?? 'no reason given')})`;
  }
  if (body.block) return `access blocked by GitHub (${status}, ${String(body.block.reason)})`;
  const sso = String(response?.headers['x-github-sso'] ?? '');
  const words = String(body.message ?? error.message);
  return describeRefusal(
    /^required/.test(sso) && !/SAML/.test(words) ? `${words} SAML` : words,
    status,
  );
}
