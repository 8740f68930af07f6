import type { Person } from './community.ts';
import type { SampleRepository } from './repositories.ts';

/** What happens in the sample, before it is put into the words of one era or the other. */

/** What issues and pull requests share: a number, a text and a conversation. */
export interface Thread {
  readonly id: number;
  readonly number: number;
  readonly author: Person;
  readonly title: string;
  readonly body: string | null;
  /** Milliseconds, as all times of facts. */
  readonly openedAt: number;
  /** When comments were made, so that a payload can count those before it. */
  readonly commentedAt: number[];
}

export interface Issue extends Thread {
  readonly isPull: false;
}

export interface Pull extends Thread {
  readonly isPull: true;
  readonly branch: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly mergeSha: string;
  /** The id of the author's fork, or null if the branch is in the repository itself. */
  readonly forkId: number | null;
  readonly added: number;
  readonly deleted: number;
  readonly files: number;
  readonly commits: readonly Commit[];
  readonly reviewCommentedAt: number[];
  /** How it ended, or null while it is open. */
  end: { readonly at: number; readonly by: Person; readonly isMerged: boolean } | null;
}

export interface Commit {
  readonly sha: string;
  readonly author: Person;
  readonly message: string;
  /** False if another branch of the repository had it before. */
  readonly isDistinct: boolean;
}

export interface Remark {
  readonly id: number;
  readonly body: string;
}

export interface Review extends Remark {
  readonly state: 'approved' | 'changes_requested' | 'commented';
}

export type Deed =
  | { readonly kind: 'pull'; readonly action: 'opened' | 'closed' | 'merged'; readonly pull: Pull }
  | { readonly kind: 'review'; readonly pull: Pull; readonly review: Review }
  | {
      readonly kind: 'review-comment';
      readonly pull: Pull;
      readonly review: Review;
      readonly remark: Remark;
    }
  | {
      readonly kind: 'issue';
      readonly action: 'opened' | 'closed' | 'reopened';
      readonly issue: Issue;
    }
  | { readonly kind: 'comment'; readonly thread: Issue | Pull; readonly remark: Remark }
  | { readonly kind: 'commit-comment'; readonly sha: string; readonly remark: Remark }
  | { readonly kind: 'push'; readonly branch: string; readonly commits: readonly Commit[] }
  | { readonly kind: 'branch'; readonly action: 'created' | 'deleted'; readonly branch: string }
  | { readonly kind: 'release'; readonly id: number; readonly tag: string; readonly body: string }
  | { readonly kind: 'watch' }
  | { readonly kind: 'fork'; readonly forkId: number };

/** Someone did something in a repository at a time. */
export type Fact = Deed & {
  readonly at: number;
  readonly actor: Person;
  readonly repository: SampleRepository;
};

/** A fact of one kind. */
export type FactOf<K extends Deed['kind']> = Extract<Fact, { kind: K }>;
