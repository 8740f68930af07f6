import type { ZodType } from 'zod';
import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import type { Person } from '../../../db/queries/report/boards.ts';
import {
  type Contributor,
  contributorActivitySchema,
  contributorRepositoriesSchema,
  contributorSchema,
} from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { writeAvatars } from './avatars.ts';
import { countAll } from './boards.ts';
import type { Report } from './context.ts';
import {
  buildRecent,
  readActivities,
  unknownIntervals,
  type WholeActivity,
} from './contributor-activity.ts';
import { writeEvents } from './contributor-events.ts';
import { buildRepositories } from './contributor-repositories.ts';
import { writeShards } from './contributor-shards.ts';
import { buildPerson, buildStanding } from './entry.ts';
import { unknownKindsOf } from './knowledge.ts';
import { type MovementOf, readMovements } from './movements.ts';
import type { Plan } from './plan.ts';
import type { Standings } from './standings.ts';

/** People, and about as many contributions, that are read at once: these take some megabytes. */
const BATCH = 1_000;
const BATCH_CONTRIBUTIONS = 20_000;

/** Writes the documents of contributors, profile, repositories and activity, and their pictures. */
export async function writeContributors(
  report: Report,
  { people, withPage, shards }: Plan,
  standings: Standings,
): Promise<void> {
  const movementOf = await readMovements(report, standings);
  for (const person of people) writeProfile(report, person, standings, movementOf);
  const own = people.filter(({ github_id }) => withPage.has(github_id));
  for (const batch of batchesOf(own, standings)) {
    const activityOf = await readActivities(
      report,
      batch.map(({ github_id }) => github_id),
    );
    for (const person of batch) writeOwn(report, person, standings, activityOf(person.github_id));
  }
  const others = people.filter(({ github_id }) => !withPage.has(github_id));
  await writeShards(report, { people: others, shards }, standings, BATCH);
  await writeAvatars(report);
}

/** People whose contributions are read at once; somebody with many is a batch alone. */
function* batchesOf(people: readonly Person[], standings: Standings): Generator<Person[]> {
  let batch: Person[] = [];
  let contributions = 0;
  for (const person of people) {
    const all = standings.periodsOf(person.github_id).find(({ line }) => line.period === 'all');
    batch.push(person);
    contributions += all ? countAll(all.line) : 0;
    if (batch.length < BATCH && contributions < BATCH_CONTRIBUTIONS) continue;
    yield batch;
    [batch, contributions] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function writeProfile(
  { head, appearance, knowledge, weights, folder }: Report,
  person: Person,
  standings: Standings,
  movementOf: MovementOf,
): void {
  const periods = standings.periodsOf(person.github_id).map(({ line }) => {
    const { period, user_id: _, ...standing } = line;
    const unknown_kinds = unknownKindsOf(knowledge, GLOBAL_BOARD, period);
    const total = standings.totals.get(period) ?? 0;
    const movement = movementOf(person.github_id, period);
    const own = { ...buildStanding(standing, weights), total, unknown_kinds };
    return [period, { ...own, ...(movement && { movement }) }] as const;
  });
  const { company, location, login: username } = person;
  const links = linksOf(person);
  const document: Contributor = {
    ...head,
    contributor: { ...buildPerson(person, appearance), company, location, ...links },
    periods: Object.fromEntries(periods) as Contributor['periods'],
  };
  folder.write(documentPath('contributor', { username }), contributorSchema, document);
}

/** Writes the documents that only people with a page have. */
function writeOwn(
  report: Report,
  { github_id, login: username }: Person,
  standings: Standings,
  { activity, recent, older }: WholeActivity,
): void {
  const { head, folder } = report;
  const repositories = buildRepositories(report, standings.repositoriesOf(github_id));
  folder.write(
    documentPath('contributor_repositories', { username }),
    contributorRepositoriesSchema,
    { ...head, username, repositories },
  );
  const parts = writeEvents(report, username, older);
  folder.write(documentPath('contributor_activity', { username }), contributorActivitySchema, {
    ...head,
    username,
    ...activity,
    recent: recent.map((row) => buildRecent(row, report)),
    unknown: unknownIntervals(report),
    ...(parts > 0 && { older_parts: parts }),
  });
}

/** What an account states of itself, as far as it is an address. */
function linksOf({ website, twitter, linkedin }: Person) {
  const {
    website: page,
    x_username,
    linkedin: profile,
  } = contributorSchema.shape.contributor.shape;
  const fits = (schema: ZodType, value: string | null) => schema.safeParse(value).success;
  return {
    ...(website !== null && fits(page, website) && { website }),
    ...(twitter !== null && fits(x_username, twitter) && { x_username: twitter }),
    ...(linkedin !== null && fits(profile, linkedin) && { linkedin }),
  };
}
