import type { ContributionKind } from './contribution-kinds.ts';
import { isoDate } from './time.ts';

/** A contribution that is one to remember: the first merged pull request, the hundredth review. */
export interface Milestone {
  /** Null: of any kind. */
  readonly kind: ContributionKind | null;
  /** It was this one's turn: 1 is the first. */
  readonly nth: number;
  /** UTC date, `YYYY-MM-DD`. */
  readonly on: string;
}

/** Which contributions of a kind are remembered. The first of all is known from the profile. */
const STEPS: Partial<Readonly<Record<ContributionKind | 'any', readonly number[]>>> = {
  any: [100, 1_000, 10_000],
  RELEASE: [1, 10, 100],
  PR_MERGED: [1, 10, 100, 1_000],
  PR_REVIEWED: [1, 10, 100, 1_000],
  COMMIT: [100, 1_000],
};

/**
 * The milestones among all contributions of a person, newest first.
 * @param contributions all of them, newest first; moments in milliseconds since 1970
 */
export function listMilestones(
  contributions: readonly { readonly kind: ContributionKind; readonly occurred_at: number }[],
): Milestone[] {
  const counts = new Map<ContributionKind | 'any', number>();
  const found: Milestone[] = [];
  const count = (kind: ContributionKind | 'any', moment: number) => {
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    if (STEPS[kind]?.includes(nth))
      found.push({ kind: kind === 'any' ? null : kind, nth, on: isoDate(new Date(moment)) });
  };
  for (let place = contributions.length - 1; place >= 0; place--) {
    const own = contributions[place];
    if (!own) continue;
    count(own.kind, own.occurred_at);
    count('any', own.occurred_at);
  }
  return found.reverse();
}
