import type { ContributionKind } from './contribution-kinds.ts';

/** A contribution is one row with one natural key; the key is the same from every source. */

export const ACCOUNT_TYPES = ['User', 'Bot', 'Organization', 'Mannequin'] as const;

export type AccountType = (typeof ACCOUNT_TYPES)[number];

/** The type of an account as GitHub states it; null for a type that we do not know. */
export function parseAccountType(type: string | null | undefined): AccountType | null {
  return ACCOUNT_TYPES.find((known) => known === type) ?? null;
}

/** A GitHub account as an event names it. Identity is the numeric id; the login may change. */
export interface Account {
  /** GitHub's numeric id (`databaseId`). */
  readonly id: number;
  readonly login: string;
  readonly type: AccountType | null;
  /** Only an e-mail address of a commit names it, which anybody can write. */
  readonly isClaimed?: boolean;
}

/**
 * When an account was seen under a login that is claimed: before anything else, so that whoever was
 * really seen under it has it, and an account that was really seen keeps its own.
 */
export const CLAIMED_AT = new Date(0);

export interface Contribution {
  /** Our id of the tracked repository (`repositories.id`). */
  readonly repositoryId: number;
  /** Made from the fact itself, never from its source; see `eventIds`. */
  readonly eventId: string;
  readonly kind: ContributionKind;
  /** Who is credited; null while unknown (trimmed merge, unlinked e-mail, deleted user). */
  readonly account: Account | null;
  /** Time of the contribution, by GitHub's clock. */
  readonly occurredAt: Date;
  /** Number of the issue or pull request it belongs to. */
  readonly subjectNumber: number | null;
  /** Lines; null (not 0) if the source does not state them. */
  readonly linesAdded: number | null;
  readonly linesDeleted: number | null;
  /**
   * Of a pull request, an issue or a release; of a commit its first line. Absent or null if the
   * source does not state it.
   */
  readonly title?: string | null;
  /** What its address needs beside its key: the tag of a release, the commit of a comment on one. */
  readonly reference?: string | null;
  /** The branch of a commit of the archive, where it is not today's default branch. */
  readonly branch?: string | null;
}

/** Natural keys: the same fact has the same id from every source. */
export const eventIds = {
  release: (releaseId: number) => `release:${releaseId}`,
  pullRequestMerged: (number: number) => `pr:${number}:merged`,
  pullRequestOpened: (number: number) => `pr:${number}:opened`,
  review: (reviewId: number) => `review:${reviewId}`,
  commit: (sha: string) => `commit:${sha}`,
  /** If configured, a commit also counts for each co-author; only the author gets the lines. */
  coAuthor: (sha: string, accountId: number) => `commit:${sha}:${accountId}`,
  issueOpened: (number: number) => `issue:${number}:opened`,
  issueClosed: (number: number) => `issue:${number}:closed`,
  reviewComment: (commentId: number) => `review_comment:${commentId}`,
  comment: (commentId: number) => `comment:${commentId}`,
  commitComment: (commentId: number) => `commit_comment:${commentId}`,
} as const;

/** `ghost`, the account that GitHub's REST API shows for a deleted user: it gets no credit. */
export const GHOST_ID = 10137;

/** An account seen under a login over an interval of time: the input of the rename rule. */
export interface AccountObservation extends Account {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
}
