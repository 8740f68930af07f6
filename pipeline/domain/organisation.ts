import { asciiLower, fullName, type RepositoryName } from './names.ts';
import type { ConfiguredRepository } from './repository.ts';

/** Organisations of the configuration, whose repositories are followed as they come and go. */

export interface FollowedOrganisation {
  readonly org: string;
  /** Names of its repositories that are left out. */
  readonly exclude: readonly string[];
  readonly includeForks: boolean;
  readonly includeArchived: boolean;
  /** Only repositories with one of these; empty: all. */
  readonly topics: readonly string[];
}

/** A public repository of an organisation, as GitHub lists it. */
export interface ListedRepository extends RepositoryName {
  /** GitHub's numeric id. */
  readonly githubId: number;
  readonly isFork: boolean;
  readonly isArchived: boolean;
  /** Switched off by GitHub: nothing can be read. */
  readonly isDisabled: boolean;
  readonly topics: readonly string[];
}

/** Whether a repository is followed, by what the configuration says of its organisation. */
export function isFollowed(
  { isFork, isArchived, isDisabled, topics, ...repository }: ListedRepository,
  organisation: FollowedOrganisation,
): boolean {
  const { includeForks, includeArchived } = organisation;
  const hasTopic = topics.some((topic) => organisation.topics.includes(topic));
  return (
    belongsTo(repository, organisation) &&
    !isDisabled &&
    (includeForks || !isFork) &&
    (includeArchived || !isArchived) &&
    (organisation.topics.length === 0 || hasTopic)
  );
}

/** A repository with the owners that it had before; those are in lower case. */
type KnownName = RepositoryName & { readonly formerOwners?: readonly string[] };

/** Whether a repository is an organisation's, and not left out. */
function belongsTo(
  { owner, name, formerOwners = [] }: KnownName,
  { org, exclude }: FollowedOrganisation,
): boolean {
  const isExcluded = exclude.some((one) => asciiLower(one) === asciiLower(name));
  return [asciiLower(owner), ...formerOwners].includes(asciiLower(org)) && !isExcluded;
}

/**
 * The repositories of organisations among those that were tracked in the last run, or published by
 * it: where GitHub is not asked, that is who they are. An organisation that was renamed since keeps
 * its repositories by their former owner.
 */
export const knownOf = <T extends KnownName>(
  organisations: readonly FollowedOrganisation[],
  known: readonly T[],
): T[] => known.filter((one) => organisations.some((organisation) => belongsTo(one, organisation)));

/**
 * What is listed by name, with its settings, and what is followed beside it. A repository `a/b.json`
 * beside `a/b` is left out: both would have the same published path.
 */
export function withFollowed(
  listed: readonly ConfiguredRepository[],
  followed: readonly RepositoryName[],
): ConfiguredRepository[] {
  const all = new Map(listed.map((one) => [keyOf(one), one]));
  for (const { owner, name } of followed) {
    const own = { owner, name, neverRescrapeBefore: null, defaultBranch: null };
    if (!all.has(keyOf(own))) all.set(keyOf(own), own);
  }
  return [...all]
    .filter(([key]) => !key.endsWith('.json') || !all.has(key.replace(/\.json$/, '')))
    .map(([, one]) => one);
}

const keyOf = (repository: RepositoryName) => asciiLower(fullName(repository));
