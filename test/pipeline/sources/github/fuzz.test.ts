import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Contribution } from '../../../../pipeline/domain/contribution.ts';
import type { SourceBatch } from '../../../../pipeline/domain/source.ts';
import { storageFault } from '../../../../pipeline/domain/stored-value.ts';
import { createGithubSource } from '../../../../pipeline/sources/github/source.ts';
import type { ChooseFault, Reply, SeenRequest } from '../../../support/github/faults.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import { at, MONTH, makeWorld } from '../../../support/github/made-up-world.ts';
import { connect, createTestClock } from '../../../support/github/scrape.ts';
import {
  type Mutation,
  mutate,
  mutation,
  NASTY,
  WRONG_BODIES,
} from '../../../support/mutations.ts';
import { runs } from '../../../support/runs.ts';

/** Answers of GitHub that are not as agreed, read by the client and the source that users run. */
let github: LocalGithub;
let whole: Result;
/** Requests of an undisturbed reading. */
let length = 0;

interface Result {
  readonly batches: readonly SourceBatch[];
  readonly error: unknown;
}

/** Reads everything of the made-up repository, while answers are changed. */
async function read(fault: ChooseFault): Promise<Result> {
  github.forgetRequests();
  github.setFault(fault);
  const source = createGithubSource({
    client: connect(github, createTestClock(), { timeoutMs: 5_000, maximumWaitMs: 1e9 }),
    coAuthors: true,
    countHidden: false,
    memory: {
      readPositions: async () => new Map(),
      readUnseenNumbers: async () => [],
      countMade: async () => 0,
      findTracked: async () => null,
    },
  });
  const batches: SourceBatch[] = [];
  const repository = { id: 1, owner: 'guild', name: 'engine', githubId: null, defaultBranch: null };
  const window = { from: new Date(MONTH.from), to: new Date(MONTH.to) };
  const { signal } = new AbortController();
  const rest = { now: new Date(at(32)), signal, batchSize: 100, onProgress() {} };
  try {
    for await (const batch of source({ repositories: [repository], window, ...rest })) {
      batches.push(batch);
    }
    return { batches, error: null };
  } catch (error) {
    return { batches, error };
  } finally {
    length = github.requests.length;
  }
}

const contributionsOf = ({ batches }: Result): Map<string, Contribution> =>
  new Map(batches.flatMap((batch) => batch.contributions).map((one) => [one.eventId, one]));

const skippedOf = ({ batches }: Result): number =>
  batches.flatMap(({ skipped }) => Object.values(skipped)).reduce((sum, count) => sum + count, 0);

/** An error that is a fault of our own. */
const OWN_FAULTS = ['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'ZodError'];

/** The keys of what says of a whole list that it is put aside. */
const LIST_ASIDE = 'repository_id,list';

/** Keys that say where an item was, and not which one. */
const OF_PLACE = ['repository_id', 'list', 'pull_request', 'index'];

/** What holds for every reading, whatever GitHub answers. */
function expectSound(result: Result): void {
  const { batches, error } = result;
  const isUnnamedThere = batches.some(({ refused = [] }) =>
    refused.some(({ item }) => Object.keys(item as object).every((key) => OF_PLACE.includes(key))),
  );
  for (const { contributions, read, kept, skipped, refused = [] } of batches) {
    expect(read).toBe(kept + Object.values(skipped).reduce((sum, count) => sum + count, 0));
    // A whole list that is put aside is no item that was read.
    const items = refused.filter(({ item }) => Object.keys(item as object).join() !== LIST_ASIDE);
    const unnamed = (skipped.constraint ?? 0) - items.length;
    expect(unnamed).toBeGreaterThanOrEqual(0);
    // Items of a list with nothing to find them by are reported once.
    if (unnamed > 0) expect(isUnnamedThere).toBe(true);
    expect(contributions.map(storageFault).filter((fault) => fault !== null)).toEqual([]);
  }
  for (const update of batches.flatMap(({ updates = [] }) => updates)) {
    const text = JSON.stringify(update);
    if (update.type === 'positions') expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/);
  }
  if (error === null) return;
  expect(error).toBeInstanceOf(Error);
  expect(OWN_FAULTS).not.toContain((error as Error).name);
  expect((error as Error).message.length).toBeLessThan(100_000);
  expect(length).toBeLessThan(400);
}

/** The true answers by page and its size: repeating them is faster than making them. */
const known = new Map<string, Reply>();
const keyOf = ({ page, variables }: SeenRequest) => `${page} ${variables.size}`;

/** Changes the answers for which the function returns another one. */
const changing =
  (change: (reply: Reply, request: SeenRequest) => Reply): ChooseFault =>
  (request) => {
    const key = keyOf(request);
    const reply = structuredClone(known.get(key));
    if (reply) return { type: 'answer', ...change(reply, request) };
    return {
      type: 'changed',
      change(fresh) {
        known.set(key, structuredClone(fresh));
        return change(fresh, request);
      },
    };
  };

beforeAll(async () => {
  const world = makeWorld();
  github = await startLocalGithub({ world, now: at(32), limits: { core: 1e9, graphql: 1e9 } });
  whole = await read(changing((reply) => reply));
  expect(whole.error).toBeNull();
});
afterAll(() => github.close());

/** Names of the requests of a reading, each once. */
const NAMES = [
  ...['/repos/guild/engine', 'head', 'history', 'pullRequests', 'furtherReviews', 'issues'],
  ...['/repos/guild/engine/releases', '/repos/guild/engine/issues/comments'],
  ...['/repos/guild/engine/pulls/comments', 'commitComments', 'hidden', 'older'],
];

/** Those that are a list of pages. */
const LISTS = NAMES.filter(
  (name) => !['/repos/guild/engine', 'head', 'hidden', 'older'].includes(name),
);

it('knows every request of a reading', () => {
  expect([...new Set(github.requests.map(({ name }) => name))].toSorted()).toEqual(
    NAMES.toSorted(),
  );
});

describe('an answer of GitHub', () => {
  it('may be changed in any place: all that is read is sound, or an error says what is wrong', async () => {
    const changes = fc.array(mutation, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES), changes, async (name, mutations) => {
        const result = await read(
          changing((reply, request) => {
            if (request.name === name) for (const one of mutations) mutate(reply.body, one);
            return reply;
          }),
        );
        expectSound(result);
      }),
      runs(8),
    );
  });

  it('may be no answer at all', async () => {
    const headers = fc.constantFrom('application/json', 'text/html', 'application/octet-stream');
    const status = fc.constantFrom(200, 200, 200, 202, 206, 304, 400, 410, 418, 422, 500, 503);
    await fc.assert(
      fc.asyncProperty(
        ...([
          fc.constantFrom(...NAMES),
          fc.constantFrom(...WRONG_BODIES),
          headers,
          status,
        ] as const),
        async (name, body, type, code) => {
          const wrong = { status: code, body, headers: { 'content-type': type } };
          const result = await read(
            changing((reply, request) => (request.name === name ? wrong : reply)),
          );
          expectSound(result);
        },
      ),
      {
        ...runs(8),
        examples: [
          ['older', '{"errors":"x"}', 'application/json', 503],
          ['/repos/guild/engine', '{"errors":[null]}', 'application/json', 400],
          ['issues', '{"data":{},"errors":[{"message":"x","path":"y"}]}', 'application/json', 410],
        ],
      },
    );
  });

  it('may have headers that make no sense', async () => {
    const value = fc.constantFrom('', '0', '-5', 'NaN', '1e300', '9'.repeat(30), 'soon', '3600');
    const names = ['retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'link'] as const;
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, value])), {
      requiredKeys: [],
    });
    const status = fc.constantFrom(200, 403, 429, 503);
    await fc.assert(
      fc.asyncProperty(
        ...([fc.constantFrom(...NAMES), headers, status] as const),
        async (name, changed, code) => {
          let times = 0;
          const result = await read(
            changing((reply, request) => {
              if (request.name !== name || ++times > 3) return reply;
              const all = { ...reply.headers, ...(changed as Record<string, string>) };
              return { ...reply, status: code, headers: all };
            }),
          );
          expectSound(result);
        },
      ),
      runs(8),
    );
  });
});

/** The lists of an answer, each with the items that are put aside one by one. */
function listsOf(body: unknown): unknown[][] {
  if (Array.isArray(body)) return [body];
  const { repository } = (body as { data?: { repository?: object } }).data ?? {};
  return Object.values(repository ?? {}).flatMap((value) => nodesOf(value));
}

function nodesOf(value: unknown): unknown[][] {
  if (typeof value !== 'object' || value === null) return [];
  const { nodes, history } = value as { nodes?: unknown[]; history?: unknown };
  return nodes ? [nodes] : nodesOf(history);
}

describe('an item of a list that can not be read', () => {
  const LISTS_OF_ITEMS = LISTS.filter((name) => name !== 'furtherReviews');

  it('is counted, and no other item is lost', async () => {
    const place = fc.record({ item: fc.nat(), member: fc.nat() });
    await fc.assert(
      fc.asyncProperty(
        ...([fc.constantFrom(...LISTS_OF_ITEMS), place, fc.constantFrom(...NASTY)] as const),
        async (name, { item, member }, value) => {
          let isDone = false;
          let isAnswer = false;
          const result = await read(
            changing((reply, request) => {
              const [list = []] = request.name === name ? listsOf(reply.body) : [];
              if (isDone || list.length === 0) return reply;
              isDone = true;
              const index = item % list.length;
              const before = structuredClone(list[index]);
              spoil(list, index, { place: member, value, isGone: false });
              isAnswer = isUndone(before, list[index]);
              return reply;
            }),
          );
          expectSound(result);
          expect(result.error).toBeNull();
          expect(isDone).toBe(true);
          const found = contributionsOf(result);
          const lost = [...contributionsOf(whole).values()].filter(
            (one) => !found.has(one.eventId),
          );
          const subjects = new Set(lost.map((one) => subjectOf(one)));
          expect([...subjects].length).toBeLessThanOrEqual(1);
          if (!isAnswer && lost.length > 0 && found.size < contributionsOf(whole).size) {
            // An item that is put aside may have had a part that was skipped before.
            const putAside = result.batches.flatMap(({ refused = [] }) => refused).length;
            expect(putAside || skippedOf(result) - skippedOf(whole)).toBeGreaterThan(0);
          }
        },
      ),
      {
        ...runs(12),
        // An id that is no node id: GitHub finds nothing under it, and shows the others.
        examples: [
          ['/repos/guild/engine/pulls/comments', { item: 0, member: 863_717_466 }, 'yesterday'],
        ],
      },
    );
  });

  /** Whether what was merged or closed is not any more: that is a whole answer, and nothing is refused. */
  function isUndone(before: unknown, after: unknown): boolean {
    const had = before as Record<string, unknown>;
    const has = (after ?? {}) as Record<string, unknown>;
    return ['mergedAt', 'closedAt'].some((name) => had[name] && has[name] === null);
  }

  /** Replaces the item as a whole, or one of its members. */
  function spoil(list: unknown[], index: number, change: Mutation): void {
    if (change.place % 4 === 0) list[index] = structuredClone(change.value);
    else mutate(list[index], change);
  }

  /** What was lost together: a pull request with its reviews, a commit with its co-authors. */
  function subjectOf({ subjectNumber, eventId }: Contribution): string {
    return String(subjectNumber ?? eventId.split(':', 2).join(':'));
  }
});

describe('a list without an end', () => {
  const again = (reply: Reply): Reply => {
    const text = JSON.stringify(reply.body)
      .replaceAll('"hasNextPage":false,"endCursor":null', '"hasNextPage":true,"endCursor":"again"')
      .replaceAll(/"hasNextPage":(?:true|false)/g, '"hasNextPage":true')
      .replaceAll(/"hasPreviousPage":(?:true|false)/g, '"hasPreviousPage":true');
    const link = '<http://127.0.0.1/?page=2>; rel="next"';
    return { ...reply, body: JSON.parse(text), headers: { ...reply.headers, link } };
  };

  it.each(LISTS)('ends with an error that names it: %s', async (name) => {
    let answer: Reply | null = null;
    const result = await read(
      changing((reply, request) => {
        if (request.name !== name) return reply;
        // The same page, whatever was asked for.
        answer ??= again(reply);
        return structuredClone(answer);
      }),
    );
    expect(String(result.error)).toMatch(
      /^UnexpectedAnswerError: GitHub's list of [a-z ]+ has no end/,
    );
    // Each commit that says that it has further authors is asked for them.
    expect(length).toBeLessThan(name === 'history' ? 200 : 40);
  });

  it('and one whose next page has no place is not taken for the end', async () => {
    const result = await read(
      changing((reply, { name }) => {
        if (name !== 'issues') return reply;
        const { issues } = (reply.body as { data: { repository: { issues: object } } }).data
          .repository;
        Object.assign(issues, { pageInfo: { hasNextPage: true, endCursor: null } });
        return reply;
      }),
    );
    expect(String(result.error)).toMatch(/unexpected pageInfo/);
  });
});
