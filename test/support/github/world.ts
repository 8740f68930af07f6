import type { OrganizationRefusal } from './faults.ts';

/**
 * The data of the local GitHub: plain data with times, so that any past moment can be shown.
 * Times are `YYYY-MM-DDTHH:MM:SSZ`, so that they sort as text.
 */

export interface Person {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization' | 'Mannequin';
  readonly name?: string;
  readonly company?: string;
  readonly location?: string;
  readonly email?: string;
  readonly twitter?: string;
  readonly website?: string;
  readonly accounts?: readonly { provider: string; url: string }[];
  /** From `at` on, the account is called `login`. */
  readonly renames?: readonly { at: string; login: string }[];
}

/** When something that is not there for ever is shown. */
export interface Fate {
  /** From when on; absent: from its creation on. A transferred issue keeps its time of creation. */
  readonly shownAt?: string;
  /** When it is deleted, or transferred away. */
  readonly goneAt?: string;
}

/** Something that can be hidden ("minimized") by those who may. */
export interface Hideable {
  readonly hidden?: { readonly at: string; readonly reason: string };
}

export interface CommitData {
  readonly sha: string;
  /** Null for an e-mail address that no account has. */
  readonly author: Person | null;
  readonly authorEmail: string;
  readonly coAuthors?: readonly Person[];
  readonly committedAt: string;
  readonly additions: number;
  readonly deletions: number;
  readonly parents: readonly string[];
  readonly message?: string;
}

export interface PullRequestData extends Fate {
  readonly id: number;
  readonly number: number;
  readonly author: Person | null;
  readonly createdAt: string;
  readonly mergedAt?: string | null;
  readonly closedAt?: string | null;
  readonly additions: number;
  readonly deletions: number;
  readonly title?: string;
  /** Other moments at which it changed (an edit, a label). */
  readonly touchedAt?: readonly string[];
}

export interface ReviewData extends Fate, Hideable {
  readonly id: number;
  readonly pullNumber: number;
  readonly author: Person | null;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly submittedAt: string | null;
}

export interface IssueData extends Fate {
  readonly id: number;
  readonly number: number;
  readonly author: Person | null;
  readonly createdAt: string;
  readonly title?: string;
  readonly closings?: readonly { at: string; actor: Person | null }[];
  readonly reopenedAt?: readonly string[];
  readonly touchedAt?: readonly string[];
  /** Where it is from `goneAt` on, with its comments; absent: it is deleted. */
  readonly movedTo?: { readonly repositoryId: number; readonly number: number };
}

/** A comment on an issue or a pull request. */
export interface CommentData extends Fate, Hideable {
  readonly id: number;
  readonly number: number;
  readonly author: Person | null;
  readonly createdAt: string;
  readonly editedAt?: string;
}

export interface ReviewCommentData extends Fate, Hideable {
  readonly id: number;
  readonly pullNumber: number;
  readonly author: Person | null;
  readonly createdAt: string;
  readonly editedAt?: string;
}

export interface CommitCommentData extends Fate, Hideable {
  readonly id: number;
  readonly sha: string;
  readonly author: Person | null;
  readonly createdAt: string;
}

export interface ReleaseData extends Fate {
  readonly id: number;
  readonly tag: string;
  readonly name?: string;
  readonly author: Person;
  readonly createdAt: string;
  /** Null for a draft. */
  readonly publishedAt: string | null;
}

/** Where a repository is found. */
type Address = Pick<RepositoryData, 'owner' | 'name' | 'defaultBranch'>;

export interface RepositoryData extends Fate {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** Names that answer 301. */
  readonly formerNames?: readonly string[];
  readonly defaultBranch: string;
  /** What of these changed later, oldest first; `asOf` applies it. */
  readonly changes?: readonly (Partial<Address> & { readonly at: string })[];
  readonly description?: string;
  readonly stars?: number;
  readonly forks?: number;
  readonly language?: string;
  readonly topics?: readonly string[];
  readonly license?: string;
  readonly archived?: boolean;
  readonly isFork?: boolean;
  readonly disabled?: boolean;
  /** Answers this instead of the repository: 451 (taken down), 403 (blocked), or its organisation's refusal. */
  readonly refused?: 451 | 403 | OrganizationRefusal;
  /** Switched off in its settings. */
  readonly off?: readonly ('issues' | 'pull requests')[];
  /** What GitHub can't show, for ever: `pr:12`, `issue:3`, `review:7`, `comment:8`, `release:9`, `commit:…`. */
  readonly unshown?: readonly string[];
  readonly commits: readonly CommitData[];
  /** The head of the default branch, from each moment on. */
  readonly pushes: readonly { at: string; head: string }[];
  readonly pullRequests: readonly PullRequestData[];
  readonly reviews: readonly ReviewData[];
  readonly reviewComments: readonly ReviewCommentData[];
  readonly issues: readonly IssueData[];
  readonly comments: readonly CommentData[];
  readonly commitComments: readonly CommitCommentData[];
  readonly releases: readonly ReleaseData[];
  /** Numbers of discussions. */
  readonly discussions?: readonly number[];
}

export interface World {
  readonly repositories: readonly RepositoryData[];
  readonly people: readonly Person[];
}

/** A repository with the names and the default branch of a moment; its former names lead to it. */
export function asOf(data: RepositoryData, now: string): RepositoryData {
  const fullName = ({ owner, name }: Address) => `${owner}/${name}`;
  let [address, formerNames] = [data as Address, [...(data.formerNames ?? [])]];
  for (const { at, ...change } of data.changes ?? []) {
    if (at > now) break;
    formerNames = [...formerNames, fullName(address)];
    address = { ...address, ...change };
    formerNames = formerNames.filter((name) => name !== fullName(address));
  }
  return { ...data, ...address, formerNames };
}

/** Whether something is there at a moment. */
export function isShown({ shownAt = '', goneAt }: Fate, now: string): boolean {
  return shownAt <= now && (goneAt === undefined || goneAt > now);
}

/** Why something is hidden at a moment, in GitHub's words; null: it is not. */
export function hiddenAt({ hidden }: Hideable, now: string): string | null {
  return hidden && hidden.at <= now ? hidden.reason : null;
}

/** What GitHub shows where the world says nothing: the same wherever it is shown. */
export const titleOf = ({ title, number }: Pick<IssueData, 'title' | 'number'>) =>
  title ?? `Number ${number}`;
export function messageOf({ message, sha, coAuthors = [] }: CommitData): string {
  if (message !== undefined) return message;
  const trailers = coAuthors.map(({ id, login }) => {
    return `\nCo-authored-by: ${login} <${id}+${login}@users.noreply.github.com>`;
  });
  return `Commit ${sha.slice(0, 7)}\n\nMore of it.\n${trailers.join('')}`;
}

/** The login of a person at a moment. */
export function loginAt(person: Person, now: string): string {
  const past = (person.renames ?? []).filter((rename) => rename.at <= now);
  return past.at(-1)?.login ?? person.login;
}

/** The latest of some moments that are not in the future. */
export function latest(now: string, ...moments: (string | null | undefined)[]): string {
  const past = moments.filter((moment): moment is string => !!moment && moment <= now);
  return past.toSorted().at(-1) ?? now;
}
