import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ZodType, z } from 'zod';
import * as published from '../pipeline/published/documents.ts';
import { SiteError } from './options.ts';

/**
 * Parses every document that the site reads, before anything is built: a document that is
 * missing or not as agreed stops the build and is named.
 */
export function checkDocuments(data: string): published.Index {
  const check = createChecker(data);
  const index = check('index.json', published.indexSchema);
  check('config/scoring.json', published.scoringSchema);
  const { repositories } = check('repositories.json', published.repositoriesSchema);
  checkBoards(check, 'global', index);
  for (const repository of repositories) {
    const name = `${checkName(repository.owner)}/${checkName(repository.name)}`;
    check(`repositories/${name}.json`, published.repositoryDocumentSchema);
    checkBoards(check, name, index);
  }
  for (const username of index.contributors) checkContributor(check, checkName(username));
  checkDashboard(check, data);
  return index;
}

type Check = <T>(path: string, schema: ZodType<T>) => T;

function createChecker(data: string): Check {
  return (path, schema) => {
    const file = join(data, 'api/v1', path);
    const parsed = schema.safeParse(readJson(file));
    if (parsed.success) return parsed.data;
    throw new SiteError(
      `${file} is not as agreed in pipeline/published/documents.ts:\n` +
        `${z.prettifyError(parsed.error)}\nMake the documents again: npm run pipeline`,
    );
  };
}

function readJson(file: string): unknown {
  if (!existsSync(file))
    throw new SiteError(`${file} is missing: run npm run pipeline first, it writes the documents.`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new SiteError(`${file} is not JSON; make it again: npm run pipeline`, { cause });
  }
}

function checkBoards(check: Check, scope: string, { periods }: published.Index): void {
  for (const period of periods) {
    const path = (page: number) => `leaderboard/${scope}/${period}/${page}.json`;
    const { pages } = check(path(1), published.leaderboardSchema);
    for (let page = 2; page <= pages; page++) check(path(page), published.leaderboardSchema);
  }
}

function checkContributor(check: Check, username: string): void {
  check(`contributors/${username}.json`, published.contributorSchema);
  check(`contributors/${username}/activity.json`, published.contributorActivitySchema);
  check(`contributors/${username}/repositories.json`, published.contributorRepositoriesSchema);
}

/** The dashboard does without what was never written, but not with what is wrong. */
function checkDashboard(check: Check, data: string): void {
  const documents: readonly (readonly [string, ZodType])[] = [
    ['jobs.json', published.jobsSchema],
    ['dashboard/stats.json', published.statsSchema],
    ['dashboard/errors.json', published.errorsSchema],
    ['dashboard/costs.json', published.costsSchema],
    ['dashboard/coverage.json', published.coverageSchema],
  ];
  for (const [path, schema] of documents)
    if (existsSync(join(data, 'api/v1', path))) check(path, schema);
}

/** Names become folders: one that climbs out of its folder ends here. */
function checkName(name: string): string {
  if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) return name;
  throw new SiteError(`${JSON.stringify(name)} cannot be the name of a page; see index.json.`);
}
