import type { Db } from '../../../db/client.ts';
import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import { readMonthNumbers } from '../../../db/queries/report/coverage.ts';
import type { PublishedRepository, WindowRow } from '../../../db/queries/report/repositories.ts';
import { listUnknownKinds, type MonthNumbers } from '../../domain/coverage.ts';
import { COVERAGE_KINDS, type CoverageKind } from '../../domain/coverage-kinds.ts';
import type { CoverageSettings } from '../../domain/known-kinds.ts';
import {
  type KnownSpan,
  listKnownSpans,
  listUnknownIntervals,
  type ScrapedWindow,
  type UnknownInterval,
} from '../../domain/known-spans.ts';
import { PERIODS, type Period } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import type { WindowsById } from './repositories.ts';

/** What is known of one repository. */
export interface RepositoryKnowledge {
  readonly windows: readonly ScrapedWindow[];
  readonly spans: readonly KnownSpan[];
  readonly numbers: readonly MonthNumbers[];
  /** The kinds that are not known for all of a period. */
  readonly unknown: ReadonlyMap<Period, readonly CoverageKind[]>;
}

/** What is known of the repositories, for every document that says it. */
export interface Knowledge {
  readonly settings: CoverageSettings;
  readonly byId: ReadonlyMap<number, RepositoryKnowledge>;
  /**
   * What the boards of all repositories do not know: what is not known of one of them. Those that
   * no source has read yet are left out, because they have no contributions on these boards.
   */
  readonly unknown: RepositoryKnowledge['unknown'];
  /** When which kinds are not known of at least one repository. */
  readonly intervals: readonly UnknownInterval[];
}

/** Reads what is known of each repository: from the windows that were read, and from numbers. */
export async function readKnowledge(
  db: Db,
  repositories: readonly Pick<PublishedRepository, 'id'>[],
  windowsById: WindowsById,
  { lines }: Pick<Weights, 'lines'>,
  now: Date,
): Promise<Knowledge> {
  const settings = { linesFrom: lines.from };
  const numbersById = Map.groupBy(await readMonthNumbers(db), (row) => row.repository_id);
  const spansOf = rememberSpans(settings);
  const byId = new Map(
    repositories.map(({ id }) => {
      const windows = (windowsById.get(id) ?? []).map(toScrapedWindow);
      const spans = spansOf(windows);
      const numbers = numbersById.get(id) ?? [];
      const unknown = new Map(
        PERIODS.map((period) => [period, listUnknownKinds(period, spans, numbers, settings, now)]),
      );
      return [id, { windows, spans, numbers, unknown }];
    }),
  );
  const read = [...byId.values()].filter(({ windows }) => windows.length > 0);
  const intervals = listUnknownIntervals([...new Set(read.map(({ spans }) => spans))]);
  return { settings, byId, unknown: unknownOfAny(read), intervals };
}

/** Sources read many repositories in the same windows: of these, all is worked out once. */
function rememberSpans(settings: CoverageSettings) {
  const known = new Map<string, readonly KnownSpan[]>();
  return (windows: readonly ScrapedWindow[]): readonly KnownSpan[] => {
    const key = JSON.stringify(windows);
    const spans = known.get(key) ?? listKnownSpans(windows, settings);
    known.set(key, spans);
    return spans;
  };
}

function unknownOfAny(repositories: readonly RepositoryKnowledge[]): Knowledge['unknown'] {
  const anyLacks = (kind: CoverageKind, period: Period) =>
    repositories.some(({ unknown }) => unknown.get(period)?.includes(kind));
  return new Map(
    PERIODS.map((period) => [period, COVERAGE_KINDS.filter((kind) => anyLacks(kind, period))]),
  );
}

function toScrapedWindow(row: WindowRow): ScrapedWindow {
  const { source, window_from, window_to, completeness, gaps } = row;
  return {
    source,
    completeness,
    window: { from: window_from, to: window_to },
    gaps: gaps.map(({ from, to }) => ({ from: new Date(from), to: new Date(to) })),
  };
}

/** The kinds that a board of one repository, or of all together (0), does not know in a period. */
export function unknownKindsOf(
  { byId, unknown }: Pick<Knowledge, 'byId' | 'unknown'>,
  repositoryId: number,
  period: Period,
): CoverageKind[] {
  const own = repositoryId === GLOBAL_BOARD ? unknown : byId.get(repositoryId)?.unknown;
  return [...(own?.get(period) ?? [])];
}
