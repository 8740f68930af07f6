import type { Db } from '../../db/client.ts';
import { readListPositions } from '../../db/queries/github-lists.ts';
import { countMade, readUnseenNumbers } from '../../db/queries/looks.ts';
import { findTrackedRepository } from '../../db/queries/repositories.ts';
import type { GithubMemory } from '../sources/github/fetch-repository.ts';

/** What the source `github` remembers, in the database. */
export function githubMemory(db: Db): GithubMemory {
  return {
    readPositions: (repositoryId) => readListPositions(db, repositoryId),
    readUnseenNumbers: (repositoryId, list) => readUnseenNumbers(db, repositoryId, list),
    countMade: (repositoryId, list, from, to) => countMade(db, repositoryId, list, from, to),
    findTracked: (owner, name) => findTrackedRepository(db, owner, name),
  };
}
