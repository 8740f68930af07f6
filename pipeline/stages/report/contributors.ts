import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import type { Person } from '../../../db/queries/report/boards.ts';
import {
  type Contributor,
  type ContributorActivity,
  type ContributorRepositories,
  contributorActivitySchema,
  contributorRepositoriesSchema,
  contributorSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { thinStanding } from '../../published/shards.ts';
import type { Report } from './context.ts';
import { readActivities, unknownIntervals } from './contributor-activity.ts';
import { createShards, type ShardedPerson } from './contributor-shards.ts';
import { buildPerson, buildStanding } from './entry.ts';
import { unknownKindsOf } from './knowledge.ts';
import type { Plan } from './plan.ts';
import type { GlobalStanding, RepositoryStanding, Standings } from './standings.ts';

/** Contributors read at once: their contributions take some ten megabytes. */
const BATCH = 1_000;

/** Writes the documents of contributors: profile, repositories and activity. */
export async function writeContributors(
  report: Report,
  { people, shards }: Plan,
  standings: Standings,
): Promise<void> {
  const unknown = unknownIntervals(report);
  const sharded = createShards(shards);
  for (let start = 0; start < people.length; start += BATCH) {
    const batch = people.slice(start, start + BATCH);
    const ids = batch.map(({ github_id }) => github_id);
    const activityOf = await readActivities(report, ids);
    for (const person of batch) {
      const { github_id, login: username } = person;
      writeProfile(report, person, standings);
      const repositories = buildRepositories(report, standings.repositoriesOf(github_id));
      const activity = activityOf(github_id);
      if (report.withPage.has(github_id)) {
        writeOwn(report, username, repositories, { ...activity, unknown });
      } else {
        const places = placesOf(standings.periodsOf(github_id));
        sharded.add({
          username,
          places,
          repositories: repositories.map(thinStanding),
          ...activity,
        });
      }
    }
  }
  sharded.write(report, unknown);
}

const placesOf = (standings: readonly GlobalStanding[]): ShardedPerson['places'] =>
  Object.fromEntries(standings.map(({ line, place }) => [line.period, place]));

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

function buildRepositories(
  { knowledge, weights, repositoryNames }: Report,
  standings: readonly RepositoryStanding[],
): ContributorRepositories['repositories'] {
  return standings.map(({ line, repositoryId }) => {
    const { period: _, user_id: __, ...standing } = line;
    return {
      repository: repositoryNames.get(repositoryId) ?? '',
      ...buildStanding(standing, weights),
      unknown_kinds: unknownKindsOf(knowledge, repositoryId, 'all'),
    };
  });
}

function writeOwn(
  { head, folder }: Report,
  username: string,
  repositories: ContributorRepositories['repositories'],
  activity: Pick<ContributorActivity, 'weeks' | 'recent' | 'unknown'>,
): void {
  folder.write(
    documentPath('contributor_repositories', { username }),
    contributorRepositoriesSchema,
    { ...head, username, repositories },
  );
  folder.write(documentPath('contributor_activity', { username }), contributorActivitySchema, {
    ...head,
    username,
    ...activity,
  });
}
