import type { Db } from '../../../db/client.ts';
import {
  countMonthPeople,
  readFirstMerged,
  readNewcomers,
  readReleases,
} from '../../../db/queries/count-month.ts';
import { readTrackedSince } from '../../../db/queries/months.ts';
import type { WindowRow } from '../../../db/queries/report/repositories.ts';
import { coverMonths } from '../../domain/coverage.ts';
import { isPastKnown, type TrackedRepository } from '../../domain/month-closing.ts';
import {
  type MonthRecord,
  pickPeople,
  type StoredMonthCoverage,
} from '../../domain/month-record.ts';
import { monthWindow } from '../../domain/months.ts';
import { isoMonth } from '../../domain/time.ts';
import type { Knowledge } from '../report/knowledge.ts';

/** What the count of a month depends on, besides the contributions. */
export interface MonthInputs {
  readonly tracked: readonly TrackedRepository[];
  readonly knowledge: Pick<Knowledge, 'byId' | 'settings'>;
  /** Version of the weights, as stored. */
  readonly weightsVersion: string;
  /** Contributions before it count. */
  readonly now: Date;
  /** How far all repositories are read; null: none is. */
  readonly dataUntil: Date | null;
}

/** Counts a month of the calendar, or what there is of it. */
export async function countMonth(db: Db, month: string, inputs: MonthInputs): Promise<MonthRecord> {
  const { tracked, weightsVersion, now } = inputs;
  const { from, to } = monthWindow(month);
  const window = { from, to: now < to ? now : to };
  const isKnown = isPastKnown(month, tracked);
  return {
    month,
    weightsVersion,
    isPastKnown: isKnown,
    coverage: coverageOf(month, inputs),
    people: pickPeople(await countMonthPeople(db, window, weightsVersion)),
    events: [
      ...(isKnown ? await readNewcomers(db, window) : []),
      ...(isKnown ? await readFirstMerged(db, window) : []),
      ...(await readReleases(db, window)),
    ],
  };
}

/** Of the present month, what nobody has read yet is not missing. */
function coverageOf(month: string, inputs: MonthInputs): StoredMonthCoverage[] {
  const { now, dataUntil } = inputs;
  const { byId, settings } = inputs.knowledge;
  const isPresent = dataUntil !== null && isoMonth(now) === month && isoMonth(dataUntil) === month;
  return [...byId].flatMap(([repository_id, { windows, spans, numbers }]) =>
    windows.length === 0
      ? []
      : coverMonths([month], spans, numbers, settings, isPresent ? dataUntil : now).map(
          ({ coverage, kinds }) => ({
            ...{ repository_id, coverage, kinds },
          }),
        ),
  );
}

/** The tracked repositories with what was read of them. */
export async function readTracked(
  db: Db,
  rows: readonly Pick<WindowRow, 'repository_id' | 'window_from' | 'window_to' | 'completeness'>[],
): Promise<TrackedRepository[]> {
  const read = rows.filter(({ completeness }) => completeness > 0);
  const byId = Map.groupBy(read, ({ repository_id }) => repository_id);
  return (await readTrackedSince(db)).map(({ id, since }) => ({
    id,
    since,
    windows: (byId.get(id) ?? []).map(({ window_from: from, window_to: to }) => ({ from, to })),
  }));
}
