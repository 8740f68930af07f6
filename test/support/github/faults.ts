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

const secondary = (status: number, retryAfter: number): Fault => ({
  type: 'answer',
  status,
  body: { message: SECONDARY, documentation_url: 'https://docs.github.com/rest/rate-limits' },
  headers: { 'retry-after': String(retryAfter) },
});

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
  resourceLimits: {
    type: 'answer',
    status: 200,
    body: {
      data: null,
      errors: [
        {
          type: 'RESOURCE_LIMITS_EXCEEDED',
          message: 'Resource limits for this query exceeded.',
        },
      ],
    },
  },
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
