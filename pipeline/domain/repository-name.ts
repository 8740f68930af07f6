export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** `owner/name`, as GitHub writes it in addresses. */
export function fullName({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}
