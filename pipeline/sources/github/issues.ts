import { z } from 'zod';
import { eventIds } from '../../domain/contribution.ts';
import { storedTitle } from '../../domain/stored-value.ts';
import { ACTOR_FRAGMENT, accountOfActor, actorSchema } from './actor.ts';
import { createPageGuard, githubTime, isPutAside, itemsOf } from './items.ts';
import { fetchListPage, type PagedList } from './list-pages.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import { pageInfoFields, pageInfoSchema, rateLimitFields } from './pages.ts';
import { type ListContext, type PassPage, type SyncPass, toSeconds } from './sync.ts';

/** Issues opened and closed. The first closing counts: a reopening does not take it away. */

export const ISSUE_FRAGMENT = `
fragment issue on Issue {
  number
  title
  createdAt
  closedAt
  author { ...actor }
  timelineItems(itemTypes: [CLOSED_EVENT], first: 1) {
    nodes { ... on ClosedEvent { createdAt actor { ...actor } } }
  }
}`;

/** Oldest change first: an issue that changes meanwhile moves to the end, and none is skipped. */
const issuesQuery = (operation: string, fields: string) => `
query ${operation}($owner: String!, $name: String!, $size: Int!, $after: String, $since: DateTime!) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    issues(first: $size, after: $after, filterBy: { since: $since },
      orderBy: { field: UPDATED_AT, direction: ASC }) {
      nodes { ${fields} }
      ${pageInfoFields}
    }
  }
}`;

export const ISSUES_QUERY = `${issuesQuery('issues', '...issue')}
${ISSUE_FRAGMENT}
${ACTOR_FRAGMENT}`;

export const issueSchema = z.object({
  number: z.int(),
  title: storedTitle,
  createdAt: githubTime,
  /** Null while it is open; after a reopening and closing, the last closing. */
  closedAt: githubTime.nullable(),
  author: actorSchema,
  timelineItems: z.object({
    nodes: z.array(z.object({ createdAt: githubTime, actor: actorSchema }).nullable()),
  }),
});

export type IssueNode = z.infer<typeof issueSchema>;

const ISSUES: PagedList<IssueNode> = {
  name: 'issues',
  query: ISSUES_QUERY,
  places: issuesQuery('issuePlaces', 'number updatedAt'),
  path: ['repository', 'issues'],
  schema: z.object({ nodes: itemsOf(issueSchema), pageInfo: pageInfoSchema }),
  placesSchema: z.object({ nodes: z.array(z.unknown()), pageInfo: pageInfoSchema }),
};

/** One pass over the issues that changed. */
export async function* fetchIssues(context: ListContext, pass: SyncPass): AsyncGenerator<PassPage> {
  const { client, owner, name, sizes, signal, makeContribution } = context;
  const since = toSeconds(pass.changed_since);
  const guard = createPageGuard('issues');
  for (let after = pass.cursor; ; ) {
    guard(after);
    const variables = { owner, name, after, since };
    const request = { client, variables, size: sizes.issues, signal };
    const { nodes, pageInfo } = await fetchListPage(ISSUES, request);
    after = pageInfo.endCursor;
    yield {
      outcomes: nodes.flatMap((issue) =>
        isPutAside(issue) ? issue : classifyIssue(issue, makeContribution),
      ),
      cursor: after,
    };
    if (after === null) return;
  }
}

/** Opened, and closed for the first time. */
export function classifyIssue(issue: IssueNode, makeContribution: MakeContribution): Outcome[] {
  const opened = makeContribution({
    eventId: eventIds.issueOpened(issue.number),
    kind: 'ISSUE_OPENED',
    account: accountOfActor(issue.author),
    occurredAt: issue.createdAt,
    subjectNumber: issue.number,
    title: issue.title,
  });
  const closing = issue.timelineItems.nodes.find((node) => node !== null);
  // An imported issue may be closed without an event that says so.
  const closedAt = closing?.createdAt ?? issue.closedAt;
  if (closedAt === null) return [opened];
  const closed = makeContribution({
    eventId: eventIds.issueClosed(issue.number),
    kind: 'ISSUE_CLOSED',
    account: accountOfActor(closing?.actor),
    occurredAt: closedAt,
    subjectNumber: issue.number,
    title: issue.title,
  });
  return [opened, closed];
}
