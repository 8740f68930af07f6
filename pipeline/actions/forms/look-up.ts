import { type RepositoryApi, statusOf } from '../repository-api.ts';
import type { Account } from './issue.ts';

/** What GitHub knows of a name in a form. */

/** The account of a login; null if there is none. */
export async function findAccount(
  { octokit }: RepositoryApi,
  login: string,
): Promise<Account | null> {
  const found = await orNull(octokit.rest.users.getByUsername({ username: login }));
  if (!found) return null;
  const { id, login: present, type } = found.data;
  return { id, login: present, isBot: type === 'Bot' };
}

/** A repository by its present name, whatever it was called; null if the token can't see it. */
export interface FoundRepository {
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly isFork: boolean;
}

export async function findRepository(
  { octokit }: RepositoryApi,
  name: string,
): Promise<FoundRepository | null> {
  const [owner = '', repo = ''] = name.split('/');
  const found = await orNull(octokit.rest.repos.get({ owner, repo }));
  if (!found) return null;
  const { full_name, private: isPrivate, archived, fork } = found.data;
  return { fullName: full_name, isPrivate, isArchived: archived, isFork: fork };
}

/** GitHub answers 451 for what was taken down, and 403 for what is blocked. */
const NOTHING = [403, 404, 451];

async function orNull<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    const status = statusOf(error);
    if (status !== null && NOTHING.includes(status)) return null;
    throw error;
  }
}
