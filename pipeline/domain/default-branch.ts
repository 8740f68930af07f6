/** Which pushes of the archive reach the default branch, as it was when they happened. */

export interface DefaultBranch {
  /** From the configuration, else from GitHub; null: not known. */
  readonly name: string | null;
  /** Branches that were the default one until a moment. */
  readonly former: readonly FormerBranch[];
  /** The first push to the branch that is known. */
  readonly firstPushAt: Date | null;
}

export interface FormerBranch {
  readonly branch: string;
  /** When another one was stated or configured. */
  readonly until: Date;
}

/** The names that GitHub gives the default branch: `main` since 2020-10, `master` before. */
const USUAL = ['main', 'master'];

export const isUsualBranch = (branch: string | null) => branch !== null && USUAL.includes(branch);

/** The branch of a reference; null for a tag and anything else. */
export function branchOfRef(ref: string): string | null {
  const prefix = 'refs/heads/';
  return ref.startsWith(prefix) ? ref.slice(prefix.length) : null;
}

/**
 * Whether a push to a branch counts. What was the default branch then counts, whatever is today: a
 * branch that is known to have been it, and the other one of `main` and `master` until the first push
 * to the one that is known. Where none is known, both count.
 */
export function reachesDefaultBranch(
  branch: string | null,
  at: Date,
  { name, former, firstPushAt }: DefaultBranch,
): boolean {
  if (branch === null) return false;
  if (branch === name) return true;
  if (former.some((one) => one.branch === branch && at < one.until)) return true;
  if (!isUsualBranch(branch)) return false;
  return name === null || (isUsualBranch(name) && (firstPushAt === null || at < firstPushAt));
}
