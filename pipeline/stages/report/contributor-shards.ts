import { asciiLower } from '../../domain/names.ts';
import type {
  ContributorActivity,
  ContributorRepositories,
  ContributorShard,
} from '../../published/documents.ts';
import { contributorShardSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { shardOf, thinStanding } from '../../published/shards.ts';
import type { Report } from './context.ts';

type Person = ContributorShard['contributors'][number];

/** People without a page of their own, until all of them are known. */
export interface ShardedPeople {
  readonly add: (
    username: string,
    repositories: ContributorRepositories['repositories'],
    activity: Pick<ContributorActivity, 'weeks' | 'recent'>,
  ) => void;
  /** Writes all shards, also those without people. */
  readonly write: (report: Report, unknown: ContributorActivity['unknown']) => void;
}

export function createShards(shards: number): ShardedPeople {
  const people: Person[][] = Array.from({ length: shards }, () => []);
  return {
    add: (username, repositories, { weeks, recent }) => {
      const person = { username, repositories: repositories.map(thinStanding), weeks, recent };
      people[shardOf(username, shards)]?.push(person);
    },
    write: ({ head, folder }, unknown) => {
      for (const [shard, own] of people.entries()) {
        const key = ({ username }: Person) => asciiLower(username);
        const contributors = own.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
        const document: ContributorShard = { ...head, shard, unknown, contributors };
        folder.write(
          documentPath('contributor_shard', { shard }),
          contributorShardSchema,
          document,
        );
      }
    },
  };
}
