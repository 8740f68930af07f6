import { pointsFor } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Scoring } from '../../../pipeline/published/documents.ts';
import type { Kind } from './kinds.ts';

/** The worked example of the scoring page: invented counts with the real weights. */

export const EXAMPLE_COUNTS: readonly (readonly [Kind, number])[] = [
  ['PR_MERGED', 8],
  ['PR_REVIEWED', 15],
  ['PR_OPENED', 10],
  ['COMMIT', 50],
  ['ISSUE_OPENED', 5],
  ['COMMENT', 30],
];
export const EXAMPLE_LINES = { added: 10_000, deleted: 0 };

const round = (value: number) => Math.round(value * 1000) / 1000;

export function workExample({ base_points, lines }: Pick<Scoring, 'base_points' | 'lines'>) {
  const parts = EXAMPLE_COUNTS.map(([kind, count]) => ({
    kind,
    count,
    weight: base_points[kind],
    points: pointsFor(count, base_points[kind]),
  }));
  const uncapped = EXAMPLE_LINES.added * lines.added + EXAMPLE_LINES.deleted * lines.deleted;
  const bonus = round(Math.min(lines.cap, uncapped));
  const sum = round(parts.reduce((all, part) => all + part.points, bonus));
  return { parts, bonus, sum };
}
