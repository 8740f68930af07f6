import { ARCHIVE_BEGINS, ARCHIVE_DAMAGED_SINCE } from './archive-event.ts';
import type { ContributionKind } from './contribution-kinds.ts';
import { COVERAGE_KINDS, type CoverageKind } from './coverage-kinds.ts';
import { SOURCE_TRAITS, type SourceName } from './source.ts';
import type { TimeWindow } from './window.ts';

/**
 * What each source can know of each kind, by the time of the event. The one table of the project:
 * coverage, and the kinds that boards and profiles call not known, follow from it.
 */

/** Shares from 0, nothing, to 1, all. */
export type KnownShares = Readonly<Record<CoverageKind, number>>;

/** The settings that decide which kinds a source can know. */
export interface CoverageSettings {
  /** The kind whose lines count, `lines.from` of the weights. */
  readonly linesFrom: ContributionKind;
}

/** From a moment on, until the next era of the same source. */
interface Era {
  readonly since: Date;
  /** Share of the events that the source has, the lowest that was measured. */
  readonly share: number;
  /** Kinds that it does not have at all. */
  readonly without: readonly CoverageKind[];
}

const era = (since: Date, share: number, ...without: CoverageKind[]): Era => ({
  since,
  share,
  without,
});

const day = (text: string) => new Date(`${text}T00:00:00Z`);

/**
 * GH Archive. The shares are those of pull requests in busy repositories, and count for all kinds:
 * the crawler loses events of all types alike. Sources: igrigorik/gharchive.org issues 310, 312,
 * 320, 323 and PR 317; cncf/devstatscode, rust/docs/ghapi2db-gha-gaps.md.
 *
 * Not in the table, because nobody has measured it: a push has at most 20 of its commits.
 */
const ARCHIVE_ERAS: readonly Era[] = [
  era(ARCHIVE_BEGINS, 1),
  // GitHub has reviews since then, its events only four years later: igrigorik/gharchive.org issue
  // 197 (none in 2018), isaacs/github issue 1318 (seen by 25 August 2020).
  era(day('2016-09-14'), 1, 'PR_REVIEWED'),
  era(day('2020-09-01'), 1),
  // One page of three is read: 42 to 52 %.
  era(ARCHIVE_DAMAGED_SINCE, 0.42),
  // 18,241 events of a day, where there were over 2 million.
  era(day('2025-10-08'), 0),
  // 2 to 16 %, and payloads are trimmed: a push has no commits, a pull request no lines, and the
  // end of a pull request does not say whether it was merged.
  era(day('2025-10-14'), 0.02, 'COMMIT', 'LINES', 'PR_MERGED'),
  // The action `merged` is seen since about December 2025.
  era(day('2025-12-01'), 0.02, 'COMMIT', 'LINES'),
];

/** Calendar months at the start of a sample whose payloads are full; later ones are trimmed. */
const FULL_SAMPLE_MONTHS = 3;

/** The start of the month from which on the payloads of the sample are trimmed. */
export function sampleTrimmedFrom(windowStart: Date): Date {
  const month = windowStart.getUTCMonth() + FULL_SAMPLE_MONTHS;
  return new Date(Date.UTC(windowStart.getUTCFullYear(), month, 1));
}

const COMPLETE: readonly Era[] = [era(new Date(0), 1)];

/** The sample has every event of the hours that it has, and reports merges as such. */
const sampleEras = (window: TimeWindow): readonly Era[] => [
  ...COMPLETE,
  era(sampleTrimmedFrom(window.from), 1, 'COMMIT', 'LINES'),
];

/** What a source can know from a moment on, until the next such row. */
export interface KnownSince {
  readonly since: Date;
  readonly shares: KnownShares;
  /** The source has lost events of all types. */
  readonly isDamaged: boolean;
}

/**
 * What a source can know of the kinds in a window that it read, oldest era first. A source that is
 * not among ours knows all.
 */
export function knownBy(
  source: string,
  window: TimeWindow,
  { linesFrom }: CoverageSettings,
): KnownSince[] {
  const eras = isSourceName(source) ? SOURCE_TRAITS[source].eras : 'complete';
  // No event of an hour file states the lines of a commit, in any era.
  const hasLines = eras === 'complete' || linesFrom !== 'COMMIT';
  return listEras(eras, window).map(({ since, share, without }) => ({
    since,
    shares: mapCoverageKinds((kind) =>
      without.includes(kind) || (kind === 'LINES' && !hasLines) ? 0 : share,
    ),
    isDamaged: share < 1,
  }));
}

function isSourceName(source: string): source is SourceName {
  return Object.hasOwn(SOURCE_TRAITS, source);
}

function listEras(
  eras: (typeof SOURCE_TRAITS)[SourceName]['eras'],
  window: TimeWindow,
): readonly Era[] {
  if (eras === 'archive') return ARCHIVE_ERAS;
  return eras === 'sample' ? sampleEras(window) : COMPLETE;
}

/** An object with a value for each kind. */
export function mapCoverageKinds<T>(value: (kind: CoverageKind) => T): Record<CoverageKind, T> {
  return Object.fromEntries(COVERAGE_KINDS.map((kind) => [kind, value(kind)])) as Record<
    CoverageKind,
    T
  >;
}

/**
 * The kinds that are counted by the number of an issue or a pull request: of these, some is missing
 * where numbers are missing.
 */
export function isCountedByNumber(kind: CoverageKind, { linesFrom }: CoverageSettings): boolean {
  const counted = kind === 'LINES' ? linesFrom : kind;
  return ['PR_OPENED', 'PR_MERGED', 'ISSUE_OPENED', 'ISSUE_CLOSED'].includes(counted);
}
