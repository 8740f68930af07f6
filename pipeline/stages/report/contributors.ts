import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import type { Person } from '../../../db/queries/report/boards.ts';
import {
  type Contributor,
  contributorActivitySchema,
  contributorRepositoriesSchema,
  contributorSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import type { Report } from './context.ts';
import { type Activity, readActivities, unknownIntervals } from './contributor-activity.ts';
import { buildRepositories } from './contributor-repositories.ts';
import { writeShards } from './contributor-shards.ts';
import { buildPerson, buildStanding } from './entry.ts';
import { unknownKindsOf } from './knowledge.ts';
import type { Plan } from './plan.ts';
import type { Standings } from './standings.ts';

/** Contributors read at once: their contributions take some ten megabytes. */
const BATCH = 1_000;

/** Writes the documents of contributors: profile, repositories and activity. */
export async function writeContributors(
  report: Report,
  { people, withPage, shards }: Plan,
  standings: Standings,
): Promise<void> {
  for (const person of people) writeProfile(report, person, standings);
  const own = people.filter(({ github_id }) => withPage.has(github_id));
  for (let start = 0; start < own.length; start += BATCH) {
    const batch = own.slice(start, start + BATCH);
    const activityOf = await readActivities(
      report,
      batch.map(({ github_id }) => github_id),
    );
    for (const person of batch) writeOwn(report, person, standings, activityOf(person.github_id));
  }
  const others = people.filter(({ github_id }) => !withPage.has(github_id));
  await writeShards(report, { people: others, shards }, standings, BATCH);
}

function writeProfile(
  { head, appearance, knowledge, weights, folder }: Report,
  person: Person,
  standings: Standings,
): void {
  const periods = standings.periodsOf(person.github_id).map(({ line }) => {
    const { period, user_id: _, ...standing } = line;
    const unknown_kinds = unknownKindsOf(knowledge, GLOBAL_BOARD, period);
    const total = standings.totals.get(period) ?? 0;
    return [period, { ...buildStanding(standing, weights), total, unknown_kinds }] as const;
  });
  const { company, location, login: username } = person;
  const document: Contributor = {
    ...head,
    contributor: { ...buildPerson(person, appearance), company, location },
    periods: Object.fromEntries(periods) as Contributor['periods'],
  };
  folder.write(documentPath('contributor', { username }), contributorSchema, document);
}

/** Writes the documents that only people with a page have. */
function writeOwn(
  report: Report,
  { github_id, login: username }: Person,
  standings: Standings,
  activity: Activity,
): void {
  const { head, folder } = report;
  const repositories = buildRepositories(report, standings.repositoriesOf(github_id));
  folder.write(
    documentPath('contributor_repositories', { username }),
    contributorRepositoriesSchema,
    { ...head, username, repositories },
  );
  folder.write(documentPath('contributor_activity', { username }), contributorActivitySchema, {
    ...head,
    username,
    ...activity,
    unknown: unknownIntervals(report),
  });
}
