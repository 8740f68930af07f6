/** A repository of the configuration. */
export interface ConfiguredRepository {
  readonly owner: string;
  readonly name: string;
  /** Nothing before it is read again; null: no limit. */
  readonly neverRescrapeBefore: Date | null;
  /** Null: the default branch that GitHub states. */
  readonly defaultBranch: string | null;
}

/** Facts that are shown beside the name of a repository. */
export interface RepositoryDescription {
  readonly owner: string;
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly stars: number;
  readonly topics: readonly string[];
}

/** Which repository a row is, as GitHub states it. */
export interface RepositoryIdentity {
  /** Our id (`repositories.id`). */
  readonly repositoryId: number;
  /** GitHub's numeric id: it survives a rename and a transfer. */
  readonly githubId: number;
  readonly owner: string;
  readonly name: string;
}

/** Why a repository can't be read of which GitHub has nothing under its name and its id. */
export const NOT_FOUND = 'not found: deleted, private or misspelt (404)';

/** Facts that GitHub states about a repository. */
export interface RepositoryMetadata extends RepositoryIdentity {
  readonly defaultBranch: string;
  readonly description: string | null;
  readonly stars: number;
  readonly forks: number;
  readonly language: string | null;
  readonly topics: readonly string[];
  /** SPDX id, such as `MIT`; null if there is none or GitHub does not know it. */
  readonly license: string | null;
  readonly isArchived: boolean;
}

/** A number between two known ones that is neither an issue nor a pull request. */
export interface MissingNumber {
  readonly number: number;
  /** GONE: deleted, moved to another repository or hidden. */
  readonly reason: 'DISCUSSION' | 'GONE';
}
