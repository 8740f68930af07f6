import type { Db } from '../../db/client.ts';
import { CONFIG_SCHEMAS, type Config, type ConfigName } from '../../pipeline/config/schema.ts';
import type { Account } from '../../pipeline/domain/contribution.ts';
import { eventIds } from '../../pipeline/domain/contribution.ts';
import type { ContributionKind } from '../../pipeline/domain/contribution-kinds.ts';
import type { Log } from '../../pipeline/util/log.ts';

/** What tests of boards and documents need: a configuration, a clock, repositories and people. */

export const NOW = new Date('2026-03-15T02:00:00.000Z');

export const quiet: Log = { info: () => {}, warn: () => {} };

/** The shipped configuration with changes, given as in the YAML files. */
export function configOf(changes: Partial<Record<ConfigName, unknown>> = {}): Config {
  const parse = <N extends ConfigName>(name: N) => CONFIG_SCHEMAS[name].parse(changes[name] ?? {});
  return {
    repositories: [],
    weights: parse('weights') as Config['weights'],
    budget: parse('budget') as Config['budget'],
    pipeline: parse('pipeline') as Config['pipeline'],
    people: parse('people') as Config['people'],
    site: parse('site') as Config['site'],
  };
}

/** Moments before the clock of the tests. */
export function ago(days: number, milliseconds = 0): Date {
  return new Date(NOW.getTime() - days * 86_400_000 - milliseconds);
}

export async function addRepository(
  db: Db,
  owner: string,
  name: string,
  columns: { status?: 'PENDING' | 'ACTIVE' | 'FAILED' | 'ARCHIVED'; dataUntil?: Date } = {},
): Promise<number> {
  const row = await db
    .insertInto('repositories')
    .values({
      owner,
      name,
      status: columns.status ?? 'ACTIVE',
      data_until: columns.dataUntil ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function addUser(
  db: Db,
  id: number,
  login: string,
  columns: { type?: Account['type']; displayName?: string } = {},
): Promise<void> {
  await db
    .insertInto('github_users')
    .values({
      github_id: id,
      login,
      type: columns.type ?? 'User',
      display_name: columns.displayName ?? null,
    })
    .execute();
}

export interface Facts {
  readonly at?: Date;
  /** Number of the issue or pull request; by default one that nothing else has. */
  readonly subject?: number;
  readonly added?: number;
  readonly deleted?: number;
  readonly source?: string;
  /** The number of the first; by default one that nothing else has. */
  readonly from?: number;
}

let serial = 1000;

/** The natural key of a contribution with a serial number. */
function eventIdOf(kind: ContributionKind, n: number): string {
  const ids: Record<ContributionKind, string> = {
    RELEASE: eventIds.release(n),
    PR_MERGED: eventIds.pullRequestMerged(n),
    PR_REVIEWED: eventIds.review(n),
    PR_OPENED: eventIds.pullRequestOpened(n),
    COMMIT: eventIds.commit(n.toString(16).padStart(40, '0')),
    ISSUE_OPENED: eventIds.issueOpened(n),
    ISSUE_CLOSED: eventIds.issueClosed(n),
    PR_REVIEW_COMMENT: eventIds.reviewComment(n),
    COMMENT: eventIds.comment(n),
  };
  return ids[kind];
}

/** Kinds whose key is the number of their issue or pull request; others have an id of their own. */
function numbersSubject(kind: ContributionKind): boolean {
  return /^(PR_OPENED|PR_MERGED|ISSUE_)/.test(kind);
}

/** Adds `count` contributions of a kind. */
export async function contribute(
  db: Db,
  repositoryId: number,
  userId: number | null,
  kind: ContributionKind,
  count = 1,
  facts: Facts = {},
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    serial += 1;
    const number = facts.from === undefined ? serial : facts.from + index;
    return {
      repository_id: repositoryId,
      event_id: eventIdOf(kind, numbersSubject(kind) ? (facts.subject ?? number) : number),
      kind,
      user_id: userId,
      occurred_at: facts.at ?? ago(1),
      subject_number: facts.subject ?? (numbersSubject(kind) ? number : null),
      lines_added: facts.added ?? null,
      lines_deleted: facts.deleted ?? null,
      source: facts.source ?? 'github',
    };
  });
  await db.insertInto('contribution_events').values(rows).execute();
}
