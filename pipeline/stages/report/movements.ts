import type { Db } from '../../../db/client.ts';
import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import {
  type EarlierBoard,
  type MovedPoints,
  type PastStanding,
  readBoardDays,
  readMovedPoints,
  readPastStandings,
} from '../../../db/queries/report/movements.ts';
import { countPasses, type Passes } from '../../domain/passes.ts';
import { PERIODS, type Period, periodStart } from '../../domain/time.ts';
import type { Movement } from '../../published/documents.ts';
import type { Report } from './context.ts';
import type { Standings } from './standings.ts';

/** Why a person's place on a board of all repositories is another than before; undefined: it is not. */
export type MovementOf = (id: number, period: Period) => Movement | undefined;

/** Reads why everybody has moved since the boards that the present ones are compared with. */
export async function readMovements(
  { db, clock, previousDays }: Pick<Report, 'db' | 'clock' | 'previousDays'>,
  standings: Standings,
): Promise<MovementOf> {
  const days = PERIODS.flatMap((period) => {
    const takenOn = previousDays.get(`${GLOBAL_BOARD} ${period}`);
    return takenOn === undefined ? [] : [{ period, takenOn }];
  });
  const points = await readPoints(db, days, clock);
  const found = new Map<Period, ReadonlyMap<number, Movement>>();
  for (const { period, takenOn } of days) {
    const past = await readPastStandings(db, period, takenOn);
    found.set(period, movementsOf(takenOn, past, standings.onBoard(period), points.get(period)));
  }
  return (id, period) => found.get(period)?.get(id);
}

type PointsOfPeriod = ReadonlyMap<number, MovedPoints>;

/** The points that moved, by period and person; a period of which they can't be known is absent. */
async function readPoints(
  db: Db,
  days: readonly { readonly period: Period; readonly takenOn: string }[],
  clock: Date,
): Promise<ReadonlyMap<Period, PointsOfPeriod>> {
  const made = await readBoardDays(
    db,
    days.map(({ takenOn }) => takenOn),
  );
  const boards = days.flatMap(({ period, takenOn }): EarlierBoard[] => {
    const day = made.find((one) => one.takenOn === takenOn);
    if (!day) return [];
    const [from, fromThen] = [periodStart(period, clock), periodStart(period, day.clock)];
    return [{ ...day, period, from, fromThen }];
  });
  const moved = Map.groupBy(await readMovedPoints(db, boards, clock), ([period]) => period);
  return new Map(
    boards.map(({ period }) => [
      period,
      new Map((moved.get(period) ?? []).map((row) => [row[1], row])),
    ]),
  );
}

type Standing = ReturnType<Standings['onBoard']>[number];

function movementsOf(
  since: string,
  past: readonly PastStanding[],
  present: readonly Standing[],
  points: PointsOfPeriod | undefined,
): ReadonlyMap<number, Movement> {
  const before = new Map(past.map((standing) => [standing[0], standing]));
  // What was brought back from published ranks has no scores, and not everybody.
  const isWhole = past.every(([, , score]) => score > 0);
  const passes = countPasses(
    present.map(({ user_id, rank }) => ({ rank, before: before.get(user_id)?.[1] ?? null })),
  );
  return new Map(
    present.flatMap(({ user_id, rank, total_score }, at): [number, Movement][] => {
      const [, rankBefore, score] = before.get(user_id) ?? [user_id, null, 0];
      const parts = points?.get(user_id);
      if (rank === rankBefore && (!isWhole || total_score === score) && !parts) return [];
      const movement = {
        since,
        previous_score: isWhole ? score : null,
        ...(isWhole && points && { parts: partsOf(parts) }),
        ...(isWhole && passes[at] && { people: peopleOf(passes[at]) }),
      };
      return [[user_id, movement]];
    }),
  );
}

/** Without what is 0. */
function partsOf(moved: MovedPoints | undefined): Movement['parts'] {
  const [, , own_work = 0, left_period = 0, late_data = 0, weights = 0, corrections = 0] =
    moved ?? [];
  return withoutZeros({ own_work, left_period, late_data, weights, corrections });
}

const peopleOf = ({ passed, left, passedBy, newcomers }: Passes): Movement['people'] =>
  withoutZeros({ passed, left, passed_by: passedBy, newcomers });

const withoutZeros = <K extends string>(values: Record<K, number>): Partial<Record<K, number>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0)) as Partial<
    Record<K, number>
  >;
