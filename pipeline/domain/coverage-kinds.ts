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

/** Made when it is first used: a browser takes some milliseconds. */
let list: Intl.ListFormat | undefined;

/** `commits, releases and lines` */
export function nameKinds(kinds: readonly CoverageKind[]): string {
  list ??= new Intl.ListFormat('en-GB');
  return list.format(kinds.map(kindName));
}
