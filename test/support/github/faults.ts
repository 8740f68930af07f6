/** Faults between us and GitHub, in the form that GitHub gives them. */

/** A request as the local GitHub received it. */
export interface SeenRequest {
  /** Counted from 0. */
  readonly index: number;
  readonly kind: 'rest' | 'graphql';
  /** The path of a REST call, or the operation of a GraphQL call. */
  readonly name: string;
  /** The key of the page: the full address, or operation and variables without the page size. */
  readonly page: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A text as body is sent as it is. */
export interface Reply {
  readonly status: number;
  body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Fault =
  | { readonly type: 'drop' }
  | { readonly type: 'cut' }
  | { readonly type: 'slow'; readonly milliseconds: number }
  | {
      /** The answer without some of its data, with GraphQL's errors about it. */
      readonly type: 'partial';
      readonly leaveOut: (data: never) => void;
      readonly errors: readonly { type?: string; message: string; path?: (string | number)[] }[];
    }
  | {
      /** The true answer, changed in any way. */
      readonly type: 'changed';
      readonly change: (reply: Reply) => Reply;
    }
  | {
      readonly type: 'answer';
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    };

export type ChooseFault = (request: SeenRequest) => Fault | undefined;

const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes.';

/** GitHub's words for what it could not read, with the number of the request. */
export const WENT_WRONG =
  'Something went wrong while executing your query. This may be the result of a timeout, or it ' +
  'could be a GitHub bug. Please include `8D8C:2CAA82:1F7EDE5:207AE41:67E23597` when reporting this issue.';

/** What an organisation's settings make of a token: 403 by REST, `FORBIDDEN` by GraphQL. */
export const ORGANIZATION_REFUSALS = {
  lifetime:
    "The 'corp' organization forbids access via a fine-grained personal access tokens if the " +
    "token's lifetime is greater than 366 days. Please adjust your token's lifetime at the " +
    'following URL: https://github.com/settings/personal-access-tokens/12345678',
  classic:
    "The 'corp' enterprise forbids access via a personal access tokens (classic) if the token's " +
    "lifetime is greater than 365 days. Please adjust your token's lifetime at the following URL: " +
    'https://github.com/settings/tokens/99202709',
  kind: '`corp` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.',
  saml: 'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
  ipAllowList:
    'Although you appear to have the correct authorization credentials, the `corp` organization ' +
    'has an IP allow list enabled, and 13.52.4.51 is not permitted to access this resource.',
  permission: 'Resource not accessible by personal access token',
  integration: 'Resource not accessible by integration',
} as const;

export type OrganizationRefusal = keyof typeof ORGANIZATION_REFUSALS;

/** The answer of REST to a token that an organisation refuses. */
export function refusalReply(refusal: OrganizationRefusal): Reply {
  const sso = 'required; url=https://github.com/orgs/corp/sso?authorization_request=AZSCKtL4U8';
  return {
    status: 403,
    body: {
      message: ORGANIZATION_REFUSALS[refusal],
      documentation_url: 'https://docs.github.com/rest',
      status: '403',
    },
    ...(refusal === 'saml' && { headers: { 'x-github-sso': sso } }),
  };
}

/** An answer of GraphQL without data: 200, and one error. */
export function graphqlError(error: object, headers: Readonly<Record<string, string>> = {}): Fault {
  return { type: 'answer', status: 200, body: { data: null, errors: [error] }, headers };
}

const secondary = (status: number, retryAfter: number | null, message = SECONDARY): Fault => ({
  type: 'answer',
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest/rate-limits' },
  headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
});

const ABUSE =
  'You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.';

export const FAULTS = {
  /** GitHub's answer to a query that takes longer than ten seconds: HTML. */
  badGateway: { type: 'answer', status: 502, body: '<html>502 Bad Gateway</html>' },
  serverError: { type: 'answer', status: 500, body: { message: 'Server Error' } },
  forbidden: { type: 'answer', status: 403, body: { message: 'Resource not accessible' } },
  droppedSocket: { type: 'drop' },
  /** The connection ends in the middle of the body. */
  cutBody: { type: 'cut' },
  secondary403: secondary(403, 2),
  secondary429: secondary(429, 2),
  /** The form of GraphQL: status 200, and a message instead of data. */
  secondary200: secondary(200, 2),
  /** The same without a word on how long. */
  secondary403Bare: secondary(403, null),
  secondary429Bare: secondary(429, null),
  secondary200Bare: secondary(200, null),
  /** The older words. */
  abuse200: secondary(200, null, ABUSE),
  abuse403: secondary(403, 2, ABUSE),
  secondaryError: graphqlError(
    { type: 'RATE_LIMITED', message: SECONDARY },
    { 'retry-after': '2' },
  ),
  resourceLimits: graphqlError({
    type: 'RESOURCE_LIMITS_EXCEEDED',
    message: 'Resource limits for this query exceeded.',
  }),
  nodeLimit: graphqlError({
    type: 'MAX_NODE_LIMIT_EXCEEDED',
    message:
      'This query requests up to 1,000,000 possible nodes which exceeds the maximum limit of 500,000.',
  }),
  wentWrong: graphqlError({ message: WENT_WRONG }),
  /** 502 with JSON, as GraphQL sends it after ten seconds. */
  timeout502: {
    type: 'answer',
    status: 502,
    body: { data: null, errors: [{ message: WENT_WRONG }] },
  },
  timedOut: graphqlError({
    message: "We couldn't respond to your request in time. Sorry about that.",
  }),
  unavailable: graphqlError({ type: 'SERVICE_UNAVAILABLE', message: 'Service unavailable' }),
  staleData: graphqlError({ type: 'STALE_DATA', message: 'The data is stale. Please try again.' }),
} as const satisfies Record<string, Fault>;

export const slow = (milliseconds: number): Fault => ({ type: 'slow', milliseconds });

/** GitHub's null and error for a part that it could not read. */
export function leftOut(leaveOut: (data: never) => void, path: (string | number)[] = []): Fault {
  return { type: 'partial', leaveOut, errors: [{ message: 'Something is wrong.', path }] };
}

/** Each fault once, at the request of its index. */
export function faultsAt(faults: Readonly<Record<number, Fault>>): ChooseFault {
  return (request) => faults[request.index];
}
