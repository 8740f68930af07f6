import { GROUPS } from '../lib/kinds.ts';
import type { BoardSource } from './board-view.ts';

/** The same board, ranked by the points of one group of kinds: those without any are not on it. */
export function rankByKind(source: BoardSource, kind: string): BoardSource {
  const group = GROUPS.findIndex(({ id }) => id === kind);
  const points = source.points(group);
  const at = (row: number) => points[row] ?? 0;
  const rows = Array.from({ length: source.size }, (_, row) => row)
    .filter((row) => at(row) > 0)
    .sort((a, b) => at(b) - at(a) || a - b);
  const own = rows.map(at);
  const ranks: number[] = [];
  for (const [place, value] of own.entries())
    ranks.push(value === own[place - 1] ? (ranks[place - 1] ?? 1) : place + 1);
  const most = own[0] ?? 0;
  return {
    ...source,
    size: rows.length,
    values(column) {
      if (column === 'rank') return ranks;
      if (column === 'score') return own;
      const values = source.values(column);
      return rows.map((row) => values[row]) as readonly string[];
    },
    texts: () => {
      const texts = source.texts();
      return rows.map((row) => texts[row] ?? '');
    },
    entry: (place) => source.entry(rows[place] ?? 0),
    row: (place) =>
      source.row(rows[place] ?? 0, {
        ...{ group, most },
        points: own[place] ?? 0,
        rank: ranks[place] ?? 0,
        tied: own[place] === own[place - 1] || own[place] === own[place + 1],
      }),
  };
}
