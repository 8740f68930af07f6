import type { Person } from '../../../db/queries/report/boards.ts';
import { asciiLower } from '../../domain/names.ts';
import { type ContributorShard, contributorShardSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { shardOf, thinStanding } from '../../published/shards.ts';
import type { Report } from './context.ts';
import { readActivities, unknownIntervals, type WholeActivity } from './contributor-activity.ts';
import { buildColumns } from './contributor-events.ts';
import { buildRepositories } from './contributor-repositories.ts';
import type { GlobalStanding, Standings } from './standings.ts';

/** A person as a shard shows them. */
type ShardedPerson = ContributorShard['contributors'][number];

interface Built {
  readonly person: ShardedPerson;
  readonly repositories: ReturnType<typeof buildRepositories>;
}

/**
 * Writes the shards of the people without a page, also those without people, some at a time.
 * @param most people read at once, about
 */
export async function writeShards(
  report: Report,
  { people, shards }: { readonly people: readonly Person[]; readonly shards: number },
  standings: Standings,
  most: number,
): Promise<void> {
  const byShard = Map.groupBy(people, ({ login }) => shardOf(login, shards));
  const atOnce = Math.max(1, Math.floor((most * shards) / Math.max(1, people.length)));
  for (let start = 0; start < shards; start += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, shards - start) }, (_, i) => start + i);
    const ids = numbers.flatMap((shard) => (byShard.get(shard) ?? []).map((own) => own.github_id));
    const activityOf = await readActivities(report, ids);
    for (const shard of numbers) {
      const contributors = (byShard.get(shard) ?? [])
        .sort(compareLogins)
        .map((person) => ({ person, whole: activityOf(person.github_id) }));
      const built = contributors.map(({ person, whole }) =>
        buildPart(report, person, standings, whole),
      );
      writeShard(report, shard, {
        ...unknownOf(built),
        contributions: buildColumns(
          report,
          contributors.flatMap(({ whole }) => whole.recent),
        ),
        contributors: built.map(({ person }) => person),
      });
    }
  }
}

function writeShard(
  report: Report,
  shard: number,
  parts: Pick<ContributorShard, 'unknown_kinds' | 'contributions' | 'contributors'>,
): void {
  const document: ContributorShard = {
    ...report.head,
    shard,
    unknown: unknownIntervals(report),
    ...parts,
  };
  const path = documentPath('contributor_shard', { shard });
  report.folder.write(path, contributorShardSchema, document);
}

function buildPart(
  report: Report,
  { github_id, login: username }: Person,
  standings: Standings,
  { activity: { weeks, ...activity }, recent, older }: WholeActivity,
): Built {
  const repositories = buildRepositories(report, standings.repositoriesOf(github_id));
  const person = {
    username,
    places: placesOf(standings.periodsOf(github_id)),
    repositories: repositories.map(thinStanding),
    ...activity,
    ...(older.length > 0 && { weeks }),
    contributions: recent.length,
  };
  return { person, repositories };
}

/** What is not known of the repositories of a shard. */
function unknownOf(built: readonly Built[]): Pick<ContributorShard, 'unknown_kinds'> {
  const all = built.flatMap(({ repositories }) => repositories);
  const lacking = all.filter(({ unknown_kinds }) => unknown_kinds.length > 0);
  if (lacking.length === 0) return {};
  const kinds = new Map(lacking.map((one) => [one.repository, one.unknown_kinds]));
  return { unknown_kinds: Object.fromEntries(kinds) };
}

const placesOf = (standings: readonly GlobalStanding[]): ShardedPerson['places'] =>
  Object.fromEntries(standings.map(({ line, place }) => [line.period, place]));

const compareLogins = (a: Person, b: Person) =>
  asciiLower(a.login) < asciiLower(b.login) ? -1 : 1;
