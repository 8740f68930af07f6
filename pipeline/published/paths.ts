import type { ZodType } from 'zod';
import type { Period } from '../domain/time.ts';
import * as documents from './documents.ts';
import { spellName } from './path-names.ts';

export { avatarFile, SAFE_LOGIN } from './path-names.ts';

/** A kind of document: its path under `api/v1/`, its description and its schema. */
export interface DocumentKind {
  /** With parameters in braces. */
  readonly path: string;
  readonly summary: string;
  readonly schema: ZodType;
}

/** Every kind of document, by name. `openapi.json` describes them and is not in the list. */
export const DOCUMENT_PATHS = {
  index: {
    path: 'index.json',
    summary: 'What there is, and the settings of the site',
    schema: documents.indexSchema,
  },
  repositories: {
    path: 'repositories.json',
    summary: 'Every tracked repository',
    schema: documents.repositoriesSchema,
  },
  repository: {
    path: 'repositories/{owner}/{name}.json',
    summary: 'One repository: its totals and what was read of it',
    schema: documents.repositoryDocumentSchema,
  },
  repository_activity: {
    path: 'repositories/{owner}/{name}/activity.json',
    summary: 'What happens in a repository: weeks, people, reviews, waits',
    schema: documents.repositoryActivitySchema,
  },
  global_leaderboard: {
    path: 'leaderboard/global.json',
    summary: 'First page of the board of all repositories and all time',
    schema: documents.leaderboardSchema,
  },
  global_leaderboard_page: {
    path: 'leaderboard/global/{period}/{page}.json',
    summary: 'One of the first pages of the board of all repositories in a period',
    schema: documents.leaderboardSchema,
  },
  repository_leaderboard: {
    path: 'leaderboard/{owner}/{name}.json',
    summary: 'First page of the board of a repository and all time',
    schema: documents.leaderboardSchema,
  },
  repository_leaderboard_page: {
    path: 'leaderboard/{owner}/{name}/{period}/{page}.json',
    summary: 'One of the first pages of the board of a repository in a period',
    schema: documents.leaderboardSchema,
  },
  global_board: {
    path: 'boards/global/{period}/{shard}.json',
    summary: 'The whole board of all repositories in a period, by columns',
    schema: documents.boardSchema,
  },
  repository_board: {
    path: 'boards/{owner}/{name}/{period}/{shard}.json',
    summary: 'The whole board of a repository in a period, by columns',
    schema: documents.boardSchema,
  },
  facts: {
    path: 'facts.json',
    summary: 'What the last seven days brought, by board',
    schema: documents.factsSchema,
  },
  history: {
    path: 'history.json',
    summary: 'Ranks of the past by board and week',
    schema: documents.historySchema,
  },
  months: {
    path: 'months.json',
    summary: 'The months of the calendar, with their first places',
    schema: documents.monthsSchema,
  },
  month: {
    path: 'months/{month}.json',
    summary: 'What a month of the calendar brought; of a closed one, for good',
    schema: documents.monthSchema,
  },
  contributor: {
    path: 'contributors/{username}.json',
    summary: 'Rank, score and parts of a contributor in every period',
    schema: documents.contributorSchema,
  },
  contributor_activity: {
    path: 'contributors/{username}/activity.json',
    summary: 'Contributions of a contributor with a page by week, and the last ones',
    schema: documents.contributorActivitySchema,
  },
  contributor_events: {
    path: 'contributors/{username}/events/{part}.json',
    summary: 'The contributions of a contributor with a page before the last 100, by columns',
    schema: documents.contributorEventsSchema,
  },
  contributor_repositories: {
    path: 'contributors/{username}/repositories.json',
    summary: 'Rank, score and parts of a contributor with a page in each repository',
    schema: documents.contributorRepositoriesSchema,
  },
  contributor_shard: {
    path: 'contributor-shards/{shard}.json',
    summary: 'Activity and repositories of contributors without a page',
    schema: documents.contributorShardSchema,
  },
  renames: {
    path: 'renames.json',
    summary: 'Former logins, and what they are now',
    schema: documents.renamesSchema,
  },
  scoring: {
    path: 'config/scoring.json',
    summary: 'The weights in force',
    schema: documents.scoringSchema,
  },
  jobs: {
    path: 'jobs.json',
    summary: 'The last units of scraping',
    schema: documents.jobsSchema,
  },
  stats: {
    path: 'dashboard/stats.json',
    summary: 'How much there is, and the last runs',
    schema: documents.statsSchema,
  },
  run: {
    path: 'runs/{id}.json',
    summary: 'One of the last runs, with its stages and its log',
    schema: documents.runSchema,
  },
  errors: {
    path: 'dashboard/errors.json',
    summary: 'Most recent failures',
    schema: documents.errorsSchema,
  },
  costs: {
    path: 'dashboard/costs.json',
    summary: 'What was spent, against the budget',
    schema: documents.costsSchema,
  },
  trends: {
    path: 'dashboard/trends.json',
    summary: 'What the last runs and days were like',
    schema: documents.trendsSchema,
  },
  coverage: {
    path: 'dashboard/coverage.json',
    summary: 'How much is known of each repository and month',
    schema: documents.coverageSchema,
  },
  manifest: {
    path: 'manifest.json',
    summary: 'Every file of the API, with its size and its SHA-256',
    schema: documents.manifestSchema,
  },
} as const satisfies Record<string, DocumentKind>;

export type DocumentName = keyof typeof DOCUMENT_PATHS;

/** What stands in the place of the braces of a path. */
export type PathParameters = Readonly<Record<string, string | number>>;

/** The path of one document, with its parameters filled in; names are spelled so that it is safe. */
export function documentPath(name: DocumentName, parameters: PathParameters = {}): string {
  return DOCUMENT_PATHS[name].path.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = parameters[key];
    if (value === undefined) throw new Error(`${name} needs the parameter ${key}`);
    return spellName(String(value));
  });
}

/** Name and parameters of a document, as `documentPath` takes them. */
type Addressed<Name extends DocumentName> = readonly [Name, PathParameters];

/** Owner and name of a repository's full name. */
export function splitName(fullName: string): { owner: string; name: string } {
  const [owner = '', name = ''] = fullName.split('/');
  return { owner, name };
}

/** A document of a board by columns. @param scope `global` or `owner/name` */
export const boardDocument = (
  scope: string,
  period: Period,
  shard: number,
): Addressed<'global_board' | 'repository_board'> =>
  scope === 'global'
    ? ['global_board', { period, shard }]
    : ['repository_board', { ...splitName(scope), period, shard }];

/** One of the first pages of a board, with a row for each entry. @param scope `global` or `owner/name` */
export const boardPageDocument = (
  scope: string,
  period: Period,
  page: number,
): Addressed<'global_leaderboard_page' | 'repository_leaderboard_page'> =>
  scope === 'global'
    ? ['global_leaderboard_page', { period, page }]
    : ['repository_leaderboard_page', { ...splitName(scope), period, page }];
