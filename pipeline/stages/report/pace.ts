import { type BoardWeeks, readBoardWeeks } from '../../../db/queries/report/boards.ts';
import { weekOf } from '../../domain/time.ts';
import type { Boards, Scope } from './boards.ts';
import type { Report } from './context.ts';

/** How quickly a person goes on, on a board: as `delta_7d` and `trend` of the documents. */
export interface Pace {
  readonly delta_7d: number;
  readonly trend: number[];
}

/** Weeks of a trend: half a year. */
const WEEKS = 26;

/** The pace of each person on the boards of a scope, by id. */
export async function readPaces(
  { db, head }: Pick<Report, 'db' | 'head'>,
  { repositoryId }: Scope,
  boards: Boards,
): Promise<(userId: number) => Pace> {
  const weeks = await readBoardWeeks(db, repositoryId);
  const last = weekOf(new Date(head.data_until ?? head.generated_at));
  const points = new Map(
    (boards.get('week') ?? []).map(({ line }) => [line.user_id, line.total_score]),
  );
  // A person is on the boards of several periods, with the same weeks.
  const known = new Map<number, Pace>();
  return (userId) => {
    const pace = known.get(userId) ?? {
      delta_7d: points.get(userId) ?? 0,
      trend: trendOf(weeks.get(userId) ?? [], last),
    };
    known.set(userId, pace);
    return pace;
  };
}

/** The newest weeks up to `last`, from the first of them that has a contribution. */
export function trendOf(weeks: BoardWeeks, last: number): number[] {
  const shown = weeks.filter(([week]) => week > last - WEEKS && week <= last);
  const first = shown[0]?.[0] ?? last + 1;
  const trend = new Array<number>(last + 1 - first).fill(0);
  for (const [week, contributions] of shown) trend[week - first] = contributions;
  return trend;
}
