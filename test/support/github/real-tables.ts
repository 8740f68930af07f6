import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedPath } from '../shared-data.ts';
import { databaseIdOf, decodeNodeId } from './node-id.ts';
import type {
  CommentData,
  CommitData,
  IssueData,
  Person,
  PullRequestData,
  RepositoryData,
  ReviewData,
  World,
} from './world.ts';

/**
 * One repository's real tables, as a third party published them.
 * They are stored outside of the project, and nothing of them is copied into it.
 */
export const REAL_TABLES = sharedPath('github/elizaos-eliza-2025-04-13');

export const hasRealTables = existsSync(REAL_TABLES);

type Row = Readonly<Record<string, string | number | null>>;

/** One table: rows are arrays; a file beside them has the names of the columns. */
export function readTable(name: string): Row[] {
  const { columns } = JSON.parse(readText(`${name}.metadata.json`)) as { columns: string[] };
  return readText(`${name}.ndjson`)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as (string | number | null)[])
    .map((values) => Object.fromEntries(columns.map((column, i) => [column, values[i] ?? null])));
}

export function readText(file: string): string {
  return readFileSync(join(REAL_TABLES, file), 'utf8');
}

/** Ids of accounts whose avatar's address does not contain one: apps. */
const FIRST_MADE_UP_ID = 900_000_001;

/**
 * The tables as a world. Missing data is filled in the simplest way: commits form one line in the
 * order of their times, "Merge …" has two parents, an issue was closed once by an unknown account.
 */
export function readRealWorld(): World {
  const people = readPeople();
  const who = (login: unknown) => people.get(String(login)) ?? null;
  const pulls = readTable('raw_pull_requests');
  const issues = readTable('raw_issues');
  const numbers = new Map([...pulls, ...issues].map((row) => [row.id, Number(row.number)]));
  const commits = fetchBranchCommits(who);
  const repository: RepositoryData = {
    id: decodeNodeId(String(pulls[0]?.id))[0] ?? 0,
    owner: 'elizaOS',
    name: 'eliza',
    formerNames: ['ai16z/eliza'],
    defaultBranch: 'develop',
    commits,
    pushes: commits.map((commit) => ({ at: commit.committedAt, head: commit.sha })),
    pullRequests: pulls.map((row) => toPullRequest(row, who)),
    reviews: readTable('pr_reviews').map((row) => toReview(row, numbers, who)),
    reviewComments: [],
    issues: issues.map((row) => toIssue(row, who)),
    comments: [...readTable('pr_comments'), ...readTable('issue_comments')].map((row) =>
      toComment(row, numbers, who),
    ),
    commitComments: [],
    releases: [],
  };
  return { repositories: [repository], people: [...new Set(people.values())] };
}

type Who = (login: unknown) => Person | null;

/** All accounts in the tables. An app occurs with and without its suffix: it is one account. */
function readPeople(): Map<string, Person> {
  const people = new Map<string, Person>();
  const appIds = readAppIds();
  let next = FIRST_MADE_UP_ID;
  for (const row of readTable('users')) {
    const name = String(row.username).replace(/\[bot\]$/, '');
    const id = Number(/\/u\/(\d+)/.exec(String(row.avatar_url))?.[1]);
    const isApp = Number.isNaN(id);
    const known = people.get(name);
    const person: Person = isApp
      ? (known ?? { id: appIds.get(name) ?? next++, login: `${name}[bot]`, type: 'Bot' })
      : { id, login: name, type: 'User' };
    people.set(name, person);
    people.set(String(row.username), person);
  }
  return people;
}

/** The e-mail addresses that GitHub gives the commits of apps contain their ids. */
const APP_ADDRESS = /^(\d+)\+(.+)\[bot\]@users\.noreply\.github\.com$/;

export function isAppAddress(address: unknown): boolean {
  return APP_ADDRESS.test(String(address));
}

function readAppIds(): Map<string, number> {
  const found = readTable('raw_commits').map((row) => APP_ADDRESS.exec(String(row.author_email)));
  return new Map(found.flatMap((match) => (match ? [[String(match[2]), Number(match[1])]] : [])));
}

/** Commits in the order of their times, seconds apart, so that they form one line of history. */
function fetchBranchCommits(who: Who): CommitData[] {
  const rows = readTable('raw_commits').toSorted((a, b) =>
    String(a.committed_date).localeCompare(String(b.committed_date)),
  );
  return rows.map((row, index) => {
    const before = rows[index - 1];
    const isMerge = String(row.message_headline).startsWith('Merge ');
    const parents = before ? [String(before.oid)] : [];
    return {
      sha: String(row.oid),
      author: who(row.author),
      authorEmail: String(row.author_email),
      committedAt: String(row.committed_date),
      additions: Number(row.additions),
      deletions: Number(row.deletions),
      parents: isMerge ? [...parents, 'f'.repeat(40)] : parents,
    };
  });
}

function toPullRequest(row: Row, who: Who): PullRequestData {
  return {
    id: databaseIdOf(String(row.id)),
    number: Number(row.number),
    author: who(row.author),
    createdAt: String(row.created_at),
    mergedAt: row.merged_at as string | null,
    closedAt: row.closed_at as string | null,
    additions: Number(row.additions),
    deletions: Number(row.deletions),
    touchedAt: [String(row.updated_at)],
  };
}

function toReview(row: Row, numbers: Map<unknown, number>, who: Who): ReviewData {
  return {
    id: databaseIdOf(String(row.id)),
    pullNumber: numbers.get(row.pr_id) ?? 0,
    author: who(row.author),
    state: row.state as ReviewData['state'],
    submittedAt: String(row.created_at),
  };
}

function toIssue(row: Row, who: Who): IssueData {
  return {
    id: databaseIdOf(String(row.id)),
    number: Number(row.number),
    author: who(row.author),
    createdAt: String(row.created_at),
    closings: row.closed_at ? [{ at: String(row.closed_at), actor: null }] : [],
    touchedAt: [String(row.updated_at)],
  };
}

function toComment(row: Row, numbers: Map<unknown, number>, who: Who): CommentData {
  return {
    id: databaseIdOf(String(row.id)),
    number: numbers.get(row.pr_id ?? row.issue_id) ?? 0,
    author: who(row.author),
    createdAt: String(row.created_at),
    editedAt: String(row.updated_at),
  };
}
