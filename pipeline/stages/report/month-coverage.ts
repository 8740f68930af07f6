import { COVERAGE_KINDS, type CoverageKind } from '../../domain/coverage-kinds.ts';
import type { StoredMonthCoverage } from '../../domain/month-record.ts';
import type { MonthParts } from './month-document.ts';

/** Below this, in per cent, a kind is not known: an hour that the archive lacks is above it. */
const LEAST_KNOWN = 99;

const unknownOf = ({ kinds }: StoredMonthCoverage): CoverageKind[] =>
  COVERAGE_KINDS.filter((kind) => (kinds[kind] ?? 0) < LEAST_KNOWN);

/** How much is known of a month, of all repositories and of each. */
export function buildCoverage({ record: { coverage }, names }: MonthParts) {
  const unknown = new Set(coverage.flatMap(unknownOf));
  const mean = coverage.reduce((sum, own) => sum + own.coverage, 0) / Math.max(1, coverage.length);
  return {
    // As of repositories: rounded down, so that 100 is all.
    coverage: Math.floor(mean * 10 + 1e-9) / 10,
    unknown_kinds: COVERAGE_KINDS.filter((kind) => unknown.has(kind)),
    repositories: coverage.flatMap((own) => {
      const repository = names.get(own.repository_id);
      return repository === undefined
        ? []
        : [{ repository, coverage: own.coverage, unknown_kinds: unknownOf(own) }];
    }),
  };
}
