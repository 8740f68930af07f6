import {
  CONTRIBUTION_KIND_TABLE,
  CONTRIBUTION_KINDS,
  type ContributionKind,
} from './contribution-kinds.ts';

/** What coverage is measured of: each kind of contribution, and the lines that a score counts. */
export type CoverageKind = ContributionKind | 'LINES';

export const COVERAGE_KINDS: readonly CoverageKind[] = [...CONTRIBUTION_KINDS, 'LINES'];

const kindName = (kind: CoverageKind) =>
  kind === 'LINES' ? 'lines' : CONTRIBUTION_KIND_TABLE[kind].name;

const list = new Intl.ListFormat('en-GB');

/** `commits, releases and lines` */
export const nameKinds = (kinds: readonly CoverageKind[]) => list.format(kinds.map(kindName));
