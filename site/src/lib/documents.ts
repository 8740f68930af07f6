import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Contributor,
  ContributorActivity,
  ContributorRepositories,
  Costs,
  Coverage,
  Errors,
  Index,
  Jobs,
  Leaderboard,
  Repositories,
  RepositoryDocument,
  Scoring,
  Stats,
} from '../../../pipeline/published/documents.ts';

/**
 * Reads the published documents. Each was parsed by its schema before the build began
 * (site/check.ts), so here they are only read, when a page needs them.
 */
const folder = () => join(process.env.SITE_DATA ?? 'site/data', 'api/v1');

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join(folder(), path), 'utf8')) as T;
}

function readIfThere<T>(path: string): T | null {
  return existsSync(join(folder(), path)) ? read<T>(path) : null;
}

/** The few documents that every page needs are kept; boards and people are too many to keep. */
const kept = new Map<string, unknown>();

function readOnce<T>(path: string): T {
  if (!kept.has(path)) kept.set(path, read<T>(path));
  return kept.get(path) as T;
}

export const readIndex = () => readOnce<Index>('index.json');
export const readScoring = () => readOnce<Scoring>('config/scoring.json');
export const readRepositories = () => readOnce<Repositories>('repositories.json').repositories;

export const readBoard = (scope: string, period: string, page: number) =>
  read<Leaderboard>(`leaderboard/${scope}/${period}/${page}.json`);
export const readRepository = (fullName: string) =>
  read<RepositoryDocument>(`repositories/${fullName}.json`);

export const readContributor = (username: string) =>
  read<Contributor>(`contributors/${username}.json`);
export const readContributorRepositories = (username: string) =>
  read<ContributorRepositories>(`contributors/${username}/repositories.json`);
export const readActivity = (username: string) =>
  read<ContributorActivity>(`contributors/${username}/activity.json`);

export const readCoverage = () => readIfThere<Coverage>('dashboard/coverage.json');
export const readStats = () => readIfThere<Stats>('dashboard/stats.json');
export const readErrors = () => readIfThere<Errors>('dashboard/errors.json');
export const readCosts = () => readIfThere<Costs>('dashboard/costs.json');
export const readJobs = () => readIfThere<Jobs>('jobs.json');
