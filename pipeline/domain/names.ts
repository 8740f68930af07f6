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
 * A name as GitHub allows it: the owner has letters, digits and hyphens (in managed accounts also
 * `_`), the repository also dots; it is not `.` or `..` and does not end in `.git`.
 */
export const FULL_NAME =
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/;

/**
 * Lower case of the letters A to Z alone: the one rule by which logins and names of repositories are
 * the same. In the database it is `lower(… COLLATE "C")`. `toLowerCase` and the database's own
 * `lower` go beyond ASCII, each in its way: in Turkish, `I` becomes `ı`.
 */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
