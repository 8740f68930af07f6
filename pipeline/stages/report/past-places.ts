import type { Db } from '../../../db/client.ts';
import { readSnapshotDays } from '../../../db/queries/maintenance.ts';
import { readPastPlaces } from '../../../db/queries/report/contributors.ts';
import { weeklyDays } from '../../domain/thin-snapshots.ts';
import { DAY_MS, isoDate } from '../../domain/time.ts';
import { MOST_RANK } from '../../published/sizes.ts';
import { type Activity, firstMonday, SHOWN_WEEKS } from './contributor-activity.ts';

export type RanksOf = (id: number) => Activity['ranks'];

/**
 * Reads the ranks of everybody on the boards of all repositories by week: on the first board of each
 * of the last 53 weeks. `history.json` keeps the first 100 of every board, to bring them back.
 */
export async function readRanks(db: Db, now: Date): Promise<RanksOf> {
  const from = firstMonday(now);
  const weekOf = (day: string) => Math.floor((Date.parse(day) - from) / (7 * DAY_MS));
  const days = weeklyDays(await readSnapshotDays(db), isoDate(now), SHOWN_WEEKS);
  const shown = days.filter((day) => weekOf(day) >= 0);
  const byPerson = Map.groupBy(await readPastPlaces(db, shown, MOST_RANK), ([id]) => id);
  return (id) => {
    const rows = byPerson.get(id);
    if (!rows) return undefined;
    const first = Math.min(...rows.map(([, , day]) => weekOf(day)));
    const ranks = (wanted: string) => {
      const own = rows.filter(([, period]) => period === wanted);
      const found = new Map(own.map(([, , day, rank]) => [weekOf(day), rank]));
      const last = Math.max(first - 1, ...found.keys());
      return Array.from({ length: last - first + 1 }, (_, at) => found.get(first + at) ?? 0);
    };
    const [all, month] = [ranks('all'), ranks('month')];
    const start = isoDate(new Date(from + first * 7 * DAY_MS));
    return { from: start, all, ...(month.length > 0 && { month }) };
  };
}
