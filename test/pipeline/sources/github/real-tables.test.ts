import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Db } from '../../../../db/client.ts';
import { useDatabase } from '../../../support/databases.ts';
import { type LocalGithub, startLocalGithub } from '../../../support/github/local-github.ts';
import {
  hasRealTables,
  isAppAddress,
  readRealWorld,
  readTable,
  readText,
} from '../../../support/github/real-tables.ts';
import {
  connect,
  createTestClock,
  openSource,
  runScrape,
  track,
} from '../../../support/github/scrape.ts';
import { describeWith } from '../../../support/github/skip-without.ts';

/**
 * One repository's real April 2025, through the local GitHub into the tables. The dump ends on
 * 2025-04-13 at 23:03. The totals published beside it were made from it, so they can be compared
 * if the definitions are the same.
 */
const APRIL = { from: '2025-04-01T00:00:00Z', to: '2025-05-01T00:00:00Z' };

const isInApril = (time: unknown) => String(time) >= APRIL.from && String(time) < APRIL.to;

describeWith(hasRealTables, '../shared/data', 'the real tables of a repository', () => {
  const database = useDatabase();
  let github: LocalGithub;

  beforeAll(async () => {
    github = await startLocalGithub({ world: readRealWorld() });
    await track(database.db, 'elizaos/eliza');
    const source = openSource(database.db, connect(github, createTestClock()));
    await runScrape(database.db, source, APRIL);
  });
  afterAll(() => github.close());

  it('sends no request that GitHub would refuse', () => {
    expect(github.violations).toEqual([]);
  });

  it('gives the published totals', async () => {
    const published = JSON.parse(readText('published-month-2025-04.json'));
    const counts = await countByKind(database.db);
    expect(counts.PR_OPENED).toBe(published.newPRs);
    expect(counts.PR_MERGED).toBe(published.mergedPRs);
    expect(counts.ISSUE_OPENED).toBe(published.newIssues);
    expect(counts.ISSUE_CLOSED).toBe(published.closedIssues);
    // The published total contains merge commits, which are not contributions here.
    const merges = readTable('raw_commits').filter(
      (row) => isInApril(row.committed_date) && String(row.message_headline).startsWith('Merge '),
    );
    expect((counts.COMMIT ?? 0) + merges.length).toBe(published.codeChanges.commitCount);
  });

  it("gives everybody's counts as a simple computation over the tables does", async () => {
    expect(await countByPerson(database.db)).toEqual(countTables());
  });

  it('gives the lines of merged pull requests', async () => {
    const sum = await database.db
      .selectFrom('contribution_events')
      .select(({ fn }) => [
        fn.sum('lines_added').as('added'),
        fn.sum('lines_deleted').as('deleted'),
      ])
      .where('kind', '=', 'PR_MERGED')
      .executeTakeFirstOrThrow();
    const merged = readTable('raw_pull_requests').filter((row) => isInApril(row.merged_at));
    const total = (column: string) => merged.reduce((all, row) => all + Number(row[column]), 0);
    expect(Number(sum.added)).toBe(total('additions'));
    expect(Number(sum.deleted)).toBe(total('deletions'));
  });

  it('costs under 20 points and 10 requests of REST', async () => {
    const spent = await database.db
      .selectFrom('github_usage')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(spent.points).toBe(github.graphql.total);
    expect(spent.points).toBeLessThan(20);
    expect(github.core.total).toBeLessThan(10);
  });
});

async function countByKind(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('contribution_events')
    .select(({ fn }) => ['kind', fn.countAll<number>().as('count')])
    .groupBy('kind')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.kind, row.count]));
}

/** `login kind` → count. */
async function countByPerson(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('contribution_events as c')
    .leftJoin('github_users as u', 'u.github_id', 'c.user_id')
    .select(({ fn }) => ['u.login', 'c.kind', fn.countAll<number>().as('count')])
    .groupBy(['u.login', 'c.kind'])
    .execute();
  return Object.fromEntries(rows.map((row) => [`${row.login} ${row.kind}`, row.count]));
}

/** The same from the tables alone, in the simplest way. */
function countTables(): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (author: unknown, kind: string, time: unknown) => {
    if (!isInApril(time)) return;
    const key = `${author === null ? null : loginOf(String(author))} ${kind}`;
    counts[key] = (counts[key] ?? 0) + 1;
  };
  const pulls = readTable('raw_pull_requests');
  const authors = new Map(pulls.map((pull) => [pull.id, pull.author]));
  for (const pull of pulls) {
    count(pull.author, 'PR_OPENED', pull.created_at);
    if (pull.merged_at) count(pull.author, 'PR_MERGED', pull.merged_at);
  }
  for (const review of readTable('pr_reviews')) {
    const isOwn = review.author === authors.get(review.pr_id);
    if (!isOwn) count(review.author, 'PR_REVIEWED', review.created_at);
  }
  for (const issue of readTable('raw_issues')) {
    count(issue.author, 'ISSUE_OPENED', issue.created_at);
    if (issue.closed_at) count(null, 'ISSUE_CLOSED', issue.closed_at);
  }
  for (const comment of [...readTable('pr_comments'), ...readTable('issue_comments')]) {
    count(comment.author, 'COMMENT', comment.created_at);
  }
  for (const commit of readTable('raw_commits')) {
    const isMerge = String(commit.message_headline).startsWith('Merge ');
    if (!isMerge) count(commitAuthor(commit), 'COMMIT', commit.committed_date);
  }
  return counts;
}

const apps = () =>
  new Set(
    readTable('users')
      .filter((user) => !/\/u\/\d+/.test(String(user.avatar_url)))
      .map((user) => String(user.username).replace('[bot]', '')),
  );
let known: Set<string> | undefined;

function isApp(login: string): boolean {
  known ??= apps();
  return known.has(login.replace('[bot]', ''));
}

/** Here, apps have the suffix that GraphQL leaves out. */
function loginOf(login: string): string {
  return isApp(login) ? `${login.replace('[bot]', '')}[bot]` : login;
}

/** GraphQL gives no user for the commits of an app; the e-mail address may contain its id. */
function commitAuthor(commit: ReturnType<typeof readTable>[number]): unknown {
  const isApps = commit.author !== null && isApp(String(commit.author));
  return isApps && !isAppAddress(commit.author_email) ? null : commit.author;
}
