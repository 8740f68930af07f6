import { z } from 'zod';
import { appOfAddress } from '../../domain/commit-people.ts';
import { type Account, eventIds } from '../../domain/contribution.ts';
import { storedTitle } from '../../domain/stored-value.ts';
import { accountOfActor } from './actor.ts';
import { githubKey, githubTime, itemsOf, type PutAside } from './items.ts';
import type { MakeContribution, Outcome } from './outcome.ts';
import { pageInfoFields, pageInfoSchema, rateLimitFields } from './pages.ts';

/** A commit as GraphQL shows it, what it counts for, and the queries that ask for commits. */

/** People of a commit in its first page; further ones are asked for by `commit-authors.ts`. */
const CO_AUTHORS = 10;

const gitActorFields = 'email user { __typename login databaseId }';

const authorFields = `nodes { ${gitActorFields} } ${pageInfoFields}`;

/**
 * The fields of a commit. `$lines: false` leaves out the lines: GitHub can't count
 * those of some huge commits, and then gives nothing of the commit at all.
 */
const commitFields = (coAuthors: boolean) => `
  id
  oid
  message
  committedDate
  additions @include(if: $lines)
  deletions @include(if: $lines)
  parents { totalCount }
  author { ${gitActorFields} }
  ${coAuthors ? `authors(first: ${CO_AUTHORS}) { ${authorFields} }` : ''}`;

/** Null for an e-mail that no account has, and for apps. */
const gitActorSchema = z
  .object({
    email: z.string().nullable(),
    user: z
      .object({ __typename: z.string(), login: z.string(), databaseId: z.int().nullable() })
      .nullable(),
  })
  .nullable();

const authorsSchema = z.object({ nodes: z.array(gitActorSchema), pageInfo: pageInfoSchema });

const commitSchema = z.object({
  id: githubKey,
  oid: githubKey,
  message: storedTitle,
  committedDate: githubTime,
  additions: z.int().optional(),
  deletions: z.int().optional(),
  parents: z.object({ totalCount: z.int() }),
  author: gitActorSchema,
  authors: authorsSchema.optional(),
});

export type CommitNode = z.infer<typeof commitSchema>;
export type CommitItem = CommitNode | PutAside;

/** A commit of one parent counts for its author and, if so set, for its co-authors. */
export function classifyCommit(commit: CommitNode, makeContribution: MakeContribution): Outcome[] {
  if (commit.parents.totalCount > 1) return [{ skipped: 'merge_commit' }];
  const author = accountOf(commit.author);
  const common = {
    kind: 'COMMIT',
    occurredAt: commit.committedDate,
    subjectNumber: null,
    title: commit.message,
  } as const;
  const own = makeContribution({
    ...common,
    eventId: eventIds.commit(commit.oid),
    account: author,
    linesAdded: commit.additions ?? null,
    linesDeleted: commit.deletions ?? null,
  });
  const others = coAuthorsOf(commit, author).map((account) =>
    makeContribution({ ...common, eventId: eventIds.coAuthor(commit.oid, account.id), account }),
  );
  return [own, ...others];
}

/** Accounts only, each once: co-authors without an account can't be distinguished. */
function coAuthorsOf(commit: CommitNode, author: Account | null): Account[] {
  const accounts = new Map<number, Account>();
  for (const person of commit.authors?.nodes ?? []) {
    const account = accountOf(person);
    if (account && account.id !== author?.id) accounts.set(account.id, account);
  }
  return [...accounts.values()];
}

function accountOf(person: z.infer<typeof gitActorSchema>): Account | null {
  // `user` is null for apps.
  return accountOfActor(person?.user) ?? appOfAddress(person?.email);
}

export const HEAD_QUERY = `
query head($owner: String!, $name: String!, $branch: String!, $isNamed: Boolean!) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    defaultBranchRef @skip(if: $isNamed) { target { oid } }
    ref(qualifiedName: $branch) @include(if: $isNamed) { target { oid } }
  }
}`;

/** How many commits that can be reached from one are dated up to a moment. */
export const OLDER_QUERY = `
query older($owner: String!, $name: String!, $head: GitObjectID!, $until: GitTimestamp!) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    object(oid: $head) { ... on Commit { history(first: 1, until: $until) { totalCount } } }
  }
}`;

export const AUTHORS_QUERY = `
query authors($id: ID!, $size: Int!, $after: String) {
  ${rateLimitFields}
  node(id: $id) { ... on Commit { authors(first: $size, after: $after) { ${authorFields} } } }
}`;

/** From a fixed commit, so that the pages stay where they are while the branch moves on. */
export const historyQuery = (coAuthors: boolean) =>
  pageOfHistory('history', ', $lines: Boolean!', commitFields(coAuthors));

/** The same page without anything that may be too much for GitHub. */
export const HISTORY_PLACES_QUERY = pageOfHistory('historyPlaces', '', 'oid');

function pageOfHistory(operation: string, declared: string, fields: string): string {
  return `
query ${operation}($owner: String!, $name: String!, $head: GitObjectID!, $since: GitTimestamp!,
  $size: Int!, $after: String${declared}) {
  ${rateLimitFields}
  repository(owner: $owner, name: $name) {
    object(oid: $head) {
      ... on Commit {
        history(first: $size, after: $after, since: $since) {
          nodes { ${fields} }
          ${pageInfoFields}
        }
      }
    }
  }
}`;
}

export const commitsByIdQuery = (coAuthors: boolean) => `
query commitsById($ids: [ID!]!, $lines: Boolean!) {
  ${rateLimitFields}
  nodes(ids: $ids) { ... on Commit { ${commitFields(coAuthors)} } }
}`;

const refSchema = z.object({ target: z.object({ oid: githubKey }).nullable() }).nullish();

export const headSchema = z.object({
  repository: z.object({ defaultBranchRef: refSchema, ref: refSchema }),
});

export const historySchema = z.object({
  repository: z.object({
    object: z
      .object({
        history: z.object({ nodes: itemsOf(commitSchema.nullable()), pageInfo: pageInfoSchema }),
      })
      .nullable(),
  }),
});

export const olderSchema = z.object({
  repository: z.object({
    object: z.object({ history: z.object({ totalCount: z.int() }) }).nullable(),
  }),
});

export const moreAuthorsSchema = z.object({
  node: z.object({ authors: authorsSchema }).nullable(),
});

export const historyPlacesSchema = z.object({
  repository: z.object({
    object: z.object({
      history: z.object({
        nodes: z.array(z.object({ oid: githubKey }).nullable()),
        pageInfo: pageInfoSchema,
      }),
    }),
  }),
});

export const byIdSchema = z.object({ nodes: itemsOf(commitSchema.nullable()) });

export const comparisonSchema = z.object({
  status: z.enum(['diverged', 'ahead', 'behind', 'identical']),
  commits: itemsOf(
    z.object({ sha: githubKey, node_id: githubKey, parents: z.array(z.object({})) }),
  ),
});
