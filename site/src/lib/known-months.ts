import type { Month, RepositoryCoverage } from './coverage.ts';

/** The months of all repositories by how much is known of each: whole, part, damaged, nothing. */
export interface KnownMonths {
  readonly whole: number;
  readonly part: number;
  readonly damaged: number;
  readonly unknown: number;
  readonly all: number;
}

export function countKnownMonths(repositories: readonly RepositoryCoverage[]): KnownMonths {
  const months = repositories.flatMap((repository) => repository.months);
  const count = (state: ReturnType<typeof stateOf>) =>
    months.filter((month) => stateOf(month) === state).length;
  return {
    whole: count('whole'),
    part: count('part'),
    damaged: count('damaged'),
    unknown: count('unknown'),
    all: months.length,
  };
}

/** A month of a repository. A damaged one is no whole one, however much is known of it. */
export function stateOf({ coverage, damaged }: Month): 'whole' | 'part' | 'damaged' | 'unknown' {
  if (damaged) return 'damaged';
  if (coverage === 0) return 'unknown';
  return coverage === 100 ? 'whole' : 'part';
}
