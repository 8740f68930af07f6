/** Names of repositories and accounts. */

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** `owner/name`, as GitHub writes it in addresses. */
export function fullName({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}

/**
 * A login as GitHub ever issued one: today's rule has letters, digits and single hyphens inside,
 * but older accounts begin or end with a hyphen, and managed ones have a `_` (`name_company`). Apps
 * end in `[bot]`.
 */
export const LOGIN = /^[A-Za-z0-9_-]{1,100}(\[bot\])?$/;

/**
 * A name as GitHub has them: the owner is a login (of at most 39 characters, and no app), the
 * repository also has dots; it is not `.` or `..` and does not end in `.git`.
 */
export const FULL_NAME = /^[A-Za-z0-9_-]{1,39}\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/;

/** The part of it before the slash. */
export const OWNER = /^[A-Za-z0-9_-]{1,39}$/;

/** The part of it after the slash. */
export const REPOSITORY_NAME = /^(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/;

/**
 * Lower case of the letters A to Z alone: the one rule by which logins and names of repositories are
 * the same. In the database it is `lower(… COLLATE "C")`. `toLowerCase` and the database's own
 * `lower` go beyond ASCII, each in its way: in Turkish, `I` becomes `ı`.
 */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
