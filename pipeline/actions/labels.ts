import { type RepositoryApi, statusOf } from './repository-api.ts';

export interface Label {
  readonly name: string;
  /** Six hexadecimal digits. */
  readonly color: string;
  readonly description: string;
}

/** Makes a label of this repository, unless it is there. */
export async function ensureLabel(
  { octokit, owner, repo }: RepositoryApi,
  label: Label,
): Promise<void> {
  try {
    await octokit.rest.issues.getLabel({ owner, repo, name: label.name });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await octokit.rest.issues.createLabel({ owner, repo, ...label });
  }
}
