import { z } from 'zod';
import type { MissingNumber } from '../../domain/repository.ts';
import { ACTOR_FRAGMENT } from './actor.ts';
import type { GithubClient } from './client.ts';
import { UnexpectedAnswerError } from './errors.ts';
import { classifyIssue, ISSUE_FRAGMENT, issueSchema } from './issues.ts';
import { isPutAside, parseItem, putAsideFor } from './items.ts';
import { type MakeContribution, makeContributionFor, type Outcome } from './outcome.ts';
import {
  createPageSizes,
  fetchInChunks,
  parseAnswer,
  rateLimitFields,
  refuseProblems,
} from './pages.ts';
import {
  classifyPullRequest,
  fetchFurtherReviews,
  PULL_REQUEST_FRAGMENT,
  pullRequestSchema,
} from './pull-requests.ts';

import { describeRefusal, type GraphqlProblem, remedyOf } from './remedies.ts';

/** Issues and pull requests requested by their numbers, to close the gaps in what is known. */

/** What a number turned out to be. */
export interface NumberOutcomes {
  readonly outcomes: readonly Outcome[];
  /** Numbers of neither an issue nor a pull request: of a discussion, or of something deleted. */
  readonly missing: readonly MissingNumber[];
}

/** A query for `count` numbers. */
export function numbersQuery(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const fields = indexes.map(
    (i) => `n${i}: issueOrPullRequest(number: $number${i}) { __typename ...issue ...pullRequest }
    d${i}: discussion(number: $number${i}) { number }`,
  );
  return `
query numbers($owner: String!, $name: String!, ${indexes.map((i) => `$number${i}: Int!`).join(', ')}) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    ${fields.join('\n    ')}
  }
}
${ISSUE_FRAGMENT}
${PULL_REQUEST_FRAGMENT}
${ACTOR_FRAGMENT}`;
}

const foundSchema = z.discriminatedUnion('__typename', [
  issueSchema.extend({ __typename: z.literal('Issue') }),
  pullRequestSchema.extend({ __typename: z.literal('PullRequest') }),
]);

const answerSchema = z.object({ repository: z.record(z.string(), z.unknown()) });

/** Everything of the given numbers. Numbers that GitHub does not find are reported in `missing`. */
export async function fetchNumbers(
  client: GithubClient,
  repository: { readonly id: number; readonly owner: string; readonly name: string },
  numbers: readonly number[],
  signal: AbortSignal,
): Promise<NumberOutcomes> {
  const sizes = createPageSizes();
  const makeContribution = makeContributionFor(repository.id);
  const fetchChunk = async (chunk: readonly number[]): Promise<NumberResult[]> => {
    const variables = Object.fromEntries(chunk.map((number, index) => [`number${index}`, number]));
    const { owner, name } = repository;
    const query = numbersQuery(chunk.length);
    const { data, problems } = await client.graphql(query, { ...variables, owner, name }, signal);
    refuseProblems(problems.filter((problem) => !isAbsence(problem)));
    const absent = new Set(
      problems.flatMap(({ type, path }) => (type === 'NOT_FOUND' ? [path?.[1]] : [])),
    );
    const answer = parseAnswer(answerSchema, data).repository;
    const context = { client, signal, sizes };
    return Promise.all(
      chunk.map((number, i) =>
        classifyNumber(number, { answer, absent }, i, makeContribution, context),
      ),
    );
  };
  const setAside = (number: number, { message }: Error): NumberResult[] => [
    { outcomes: [putAsideFor(describeRefusal(message), { list: 'numbers', number })] },
  ];
  const chunks = await fetchInChunks<number, NumberResult[]>(
    client,
    numbers,
    sizes.lookups,
    signal,
    fetchChunk,
    setAside,
  );
  const results = chunks.flat();
  return {
    outcomes: results.flatMap((result) => ('outcomes' in result ? result.outcomes : [])),
    missing: results.filter((result) => 'reason' in result),
  };
}

/** What a field is not there for: nothing has the number, or discussions are not for our token. */
function isAbsence(problem: GraphqlProblem): boolean {
  const { type, path } = problem;
  const [root, alias, ...inside] = path ?? [];
  if (root !== 'repository' || inside.length > 0) return false;
  if (/^n\d+$/.test(String(alias))) return type === 'NOT_FOUND';
  return /^d\d+$/.test(String(alias)) && remedyOf(problem) === 'put_aside';
}

type NumberResult = { readonly outcomes: Outcome[] } | MissingNumber;

interface Answer {
  readonly answer: Readonly<Record<string, unknown>>;
  /** The fields for which GitHub reports that nothing exists. */
  readonly absent: ReadonlySet<unknown>;
}

async function classifyNumber(
  number: number,
  { answer, absent }: Answer,
  index: number,
  makeContribution: MakeContribution,
  context: Parameters<typeof fetchFurtherReviews>[0],
): Promise<NumberResult> {
  const found = answer[`n${index}`];
  if (!found) {
    if (answer[`d${index}`]) return { number, reason: 'DISCUSSION' };
    // Remembered for ever: only what GitHub itself says it does not find.
    if (absent.has(`n${index}`)) return { number, reason: 'GONE' };
    throw new UnexpectedAnswerError(`GitHub's answer says nothing about the number ${number}`);
  }
  const node = parseItem(foundSchema, found);
  if (isPutAside(node)) return { outcomes: [node] };
  if (node.__typename === 'Issue') return { outcomes: classifyIssue(node, makeContribution) };
  const further = await fetchFurtherReviews(context, [node]);
  return { outcomes: classifyPullRequest(node, further.get(node.number) ?? [], makeContribution) };
}
