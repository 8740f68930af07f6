import type { ArchiveEvent } from '../domain/archive-event.ts';
import type { CreditContext } from '../domain/credit-archive-event.ts';
import { branchOfRef, isUsualBranch } from '../domain/default-branch.ts';
import type { RepositoryUpdate, TrackedRepository } from '../domain/source.ts';
import { earlierOf } from '../domain/window.ts';

type Pushed = Extract<RepositoryUpdate, { type: 'pushed' }>;

/** The first push to the default branch of each repository, as far as it has been read. */
export class BranchPushes {
  readonly #first = new Map<number, Date>();
  /** Repositories that had another id before: what was known of their branches was of that one. */
  readonly #forgotten = new Set<number>();
  #news = new Map<number, Pushed>();

  /** Notes a push to a default branch that may have had another name before. */
  note(repository: TrackedRepository, { type, payload, created_at: at }: ArchiveEvent): void {
    const { id, defaultBranch } = repository;
    if (type !== 'PushEvent' || defaultBranch === null || !isUsualBranch(defaultBranch)) return;
    const { ref } = (payload ?? {}) as { ref?: unknown };
    if (typeof ref !== 'string' || branchOfRef(ref) !== defaultBranch) return;
    const first = this.#firstOf(repository);
    if (first !== null && first <= at) return;
    this.#first.set(id, earlierOf(first ?? at, at));
    this.#news.set(id, { type: 'pushed', repositoryId: id, branch: defaultBranch, at });
  }

  forget({ id }: TrackedRepository): void {
    this.#first.delete(id);
    this.#news.delete(id);
    this.#forgotten.add(id);
  }

  contextOf(repository: TrackedRepository): CreditContext {
    const { id: repositoryId, defaultBranch, formerBranches = [] } = repository;
    const firstPushAt = this.#firstOf(repository);
    return { repositoryId, defaultBranch, formerBranches, firstPushAt };
  }

  /** What is new since the last call. */
  take(): Pushed[] {
    const news = [...this.#news.values()];
    this.#news = new Map();
    return news;
  }

  #firstOf({ id, firstPushAt = null }: TrackedRepository): Date | null {
    return this.#first.get(id) ?? (this.#forgotten.has(id) ? null : firstPushAt);
  }
}
