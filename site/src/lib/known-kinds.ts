import type { CoverageKind } from '../../../pipeline/domain/coverage-kinds.ts';
import type { Month, RepositoryCoverage } from './coverage.ts';
import { GROUPS } from './kinds.ts';

export type KindGroup = (typeof GROUPS)[number];

/** What coverage measures of a group of kinds. */
export const kindsOf = ({ id, parts }: Pick<KindGroup, 'id' | 'parts'>) =>
  (id === 'lines' ? ['LINES'] : parts) as readonly CoverageKind[];

/** The least that is known of any kind of the group in a month, in per cent. */
export const shareOfGroup = (month: Month, group: Pick<KindGroup, 'id' | 'parts'>): number =>
  Math.min(...kindsOf(group).map((kind) => month.kinds[kind] ?? month.coverage));

/** How much is known of a group in all months of all repositories. */
export interface KnownGroup {
  readonly group: KindGroup;
  /** The mean, in per cent; rounded down, so that only what is complete shows 100. */
  readonly share: number;
  /** Months of repositories of which all, a part and nothing is known. */
  readonly whole: number;
  readonly part: number;
  readonly unknown: number;
}

export function knownByGroup(repositories: readonly RepositoryCoverage[]): KnownGroup[] {
  const months = repositories.flatMap((repository) => repository.months);
  return GROUPS.map((group) => {
    const shares = months.map((month) => shareOfGroup(month, group));
    const sum = shares.reduce((total, share) => total + share, 0);
    return {
      group,
      share: Math.floor((sum / Math.max(1, shares.length)) * 10 + 1e-9) / 10,
      whole: shares.filter((share) => share >= 100).length,
      part: shares.filter((share) => share > 0 && share < 100).length,
      unknown: shares.filter((share) => share === 0).length,
    };
  });
}
