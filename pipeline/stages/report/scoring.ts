import type { Scoring } from '../../published/documents.ts';
import type { Head } from './head.ts';

/** The weights in force and the lengths of the periods in days. */
export interface ScoringTerms {
  readonly weights: Pick<Scoring, 'base_points' | 'lines'>;
  readonly periods: Scoring['periods'];
}

export function buildScoring(head: Head, { weights, periods }: ScoringTerms): Scoring {
  return { ...head, base_points: weights.base_points, lines: weights.lines, periods };
}
