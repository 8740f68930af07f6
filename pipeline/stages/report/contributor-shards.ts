import { asciiLower } from '../../domain/names.ts';
import { type ContributorShard, contributorShardSchema } from '../../published/documents.ts';
import { documentPath } from '../../published/paths.ts';
import { shardOf } from '../../published/shards.ts';
import type { Report } from './context.ts';

/** A person as a shard shows them. */
export type ShardedPerson = ContributorShard['contributors'][number];

/** People without a page of their own, until all of them are known. */
export interface Shards {
  readonly add: (person: ShardedPerson) => void;
  /** Writes all shards, also those without people. */
  readonly write: (report: Report, unknown: ContributorShard['unknown']) => void;
}

export function createShards(shards: number): Shards {
  const people: ShardedPerson[][] = Array.from({ length: shards }, () => []);
  return {
    add: (person) => people[shardOf(person.username, shards)]?.push(person),
    write: ({ head, folder }, unknown) => {
      for (const [shard, own] of people.entries()) {
        const contributors = own.toSorted(compareLogins);
        const document: ContributorShard = { ...head, shard, unknown, contributors };
        const path = documentPath('contributor_shard', { shard });
        folder.write(path, contributorShardSchema, document);
      }
    },
  };
}

const compareLogins = (a: ShardedPerson, b: ShardedPerson) =>
  asciiLower(a.username) < asciiLower(b.username) ? -1 : 1;
