import { CONTRIBUTION_KINDS, pointsFor } from '../../../pipeline/domain/contribution-kinds.ts';
import type { Scoring } from '../../../pipeline/published/documents.ts';
import type { Kind } from './kinds.ts';

/** The worked example of the scoring page: invented counts with the real weights, which a reader may change. */

/** What somebody did in one repository. */
export interface ExampleCounts {
  readonly counts: Partial<Readonly<Record<Kind, number>>>;
  readonly added: number;
  readonly deleted: number;
}

export const EXAMPLE: ExampleCounts = {
  counts: {
    PR_MERGED: 8,
    PR_REVIEWED: 15,
    PR_OPENED: 10,
    COMMIT: 50,
    ISSUE_OPENED: 5,
    COMMENT: 30,
  },
  added: 10_000,
  deleted: 0,
};

export type ExampleWeights = Pick<Scoring, 'base_points' | 'lines'>;

const round = (value: number) => Math.round(value * 1000) / 1000;

/** The points of each kind, most per contribution first, those of lines, and their sum. */
export function workExample(
  { base_points, lines }: ExampleWeights,
  { counts, added, deleted }: ExampleCounts = EXAMPLE,
) {
  const parts = CONTRIBUTION_KINDS.toSorted((a, b) => base_points[b] - base_points[a]).map(
    (kind) => {
      const count = counts[kind] ?? 0;
      return {
        kind,
        count,
        weight: base_points[kind],
        points: pointsFor(count, base_points[kind]),
      };
    },
  );
  const bonus = round(Math.min(lines.cap, added * lines.added + deleted * lines.deleted));
  const sum = round(parts.reduce((all, part) => all + part.points, bonus));
  return { parts, bonus, sum };
}
