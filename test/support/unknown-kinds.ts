import type { CoverageKind } from '../../pipeline/domain/coverage-kinds.ts';
import { REPOSITORIES } from './community.ts';
import { GLOBAL } from './oracle.ts';

/** What the invented documents of real people lack: these kinds, in one month of one repository. */
export const UNKNOWN = {
  repository: REPOSITORIES[0],
  kinds: ['COMMIT', 'LINES'],
  from: '2025-10-01T00:00:00.000Z',
  to: '2025-11-01T00:00:00.000Z',
} as const;

/** The kinds that a board or a profile does not know in a period; the week is after that month. */
export function unknownOf(sample: boolean, scope: string, period: string): CoverageKind[] {
  const concerns = scope === GLOBAL || scope === UNKNOWN.repository;
  return sample || !concerns || period === 'week' ? [] : [...UNKNOWN.kinds];
}
