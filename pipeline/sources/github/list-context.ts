import { z } from 'zod';
import type { GithubClient } from './client.ts';
import type { MakeContribution } from './outcome.ts';
import { PageSize } from './page-size.ts';
import type { WantedWindow } from './sync.ts';

/** What reading one list of one repository needs. */
export interface ListContext {
  readonly client: GithubClient;
  readonly owner: string;
  readonly name: string;
  /** The branch whose commits count; null: the repository's default branch. */
  readonly branch: string | null;
  readonly makeContribution: MakeContribution;
  readonly wanted: WantedWindow;
  readonly signal: AbortSignal;
  readonly coAuthors: boolean;
  readonly sizes: PageSizes;
}

/** Lengths of the pages of each list; they outlive a repository, since GitHub's load does. */
export interface PageSizes {
  readonly commits: PageSize;
  readonly pullRequests: PageSize;
  readonly issues: PageSize;
  readonly commitComments: PageSize;
  /** Pull requests or numbers asked for by name in one query. */
  readonly lookups: PageSize;
}

/** 50 full pull requests are what GitHub answers in time; a page of commits or issues is lighter. */
export function createPageSizes(): PageSizes {
  return {
    commits: new PageSize(100),
    pullRequests: new PageSize(50),
    issues: new PageSize(100),
    commitComments: new PageSize(100),
    lookups: new PageSize(50),
  };
}

export const pageInfoFields = 'pageInfo { hasNextPage endCursor }';
export const rateLimitFields = 'rateLimit { cost remaining resetAt }';

export const pageInfoSchema = z.object({
  hasNextPage: z.boolean(),
  endCursor: z.string().nullable(),
});

/** GitHub's own form of a time, without milliseconds. */
export function toSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
