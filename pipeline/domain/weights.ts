import { createHash } from 'node:crypto';
import { CONTRIBUTION_KINDS, type ContributionKind } from './contribution-kinds.ts';

/** `weights` of the configuration. */
export interface Weights {
  readonly base_points: Readonly<Record<ContributionKind, number>>;
  readonly lines: {
    readonly added: number;
    readonly deleted: number;
    /** The most points that a contributor earns for lines in a repository. */
    readonly cap: number;
    /** The kind whose lines count. */
    readonly from: ContributionKind;
  };
}

/** The points for one contribution of a kind, and the rules for its lines. */
export interface KindWeight {
  readonly kind: ContributionKind;
  readonly points: number;
  readonly countsLines: boolean;
  readonly pointsPerLineAdded: number;
  readonly pointsPerLineDeleted: number;
  readonly lineCap: number;
}

/** One weight for each kind; lines earn points only for the kind whose lines count. */
export function kindWeights({ base_points, lines }: Weights): KindWeight[] {
  return CONTRIBUTION_KINDS.map((kind) => {
    const countsLines = kind === lines.from;
    return {
      kind,
      points: base_points[kind],
      countsLines,
      pointsPerLineAdded: countsLines ? lines.added : 0,
      pointsPerLineDeleted: countsLines ? lines.deleted : 0,
      lineCap: lines.cap,
    };
  });
}

/** Long enough to be unique, short enough to read. */
const VERSION_LENGTH = 12;

/** Equal for equal values in any order; different if any value differs. */
export function weightsVersion(weights: Weights): string {
  const values = kindWeights(weights).map((weight) => Object.values(weight));
  const hash = createHash('sha256').update(JSON.stringify(values)).digest('hex');
  return hash.slice(0, VERSION_LENGTH);
}

/** The inverse: the configuration that belongs to these rows. */
export function weightsOf(rows: readonly KindWeight[]): Weights {
  const counting = rows.find((row) => row.countsLines);
  if (!counting) throw new Error('no kind of contribution counts lines');
  const points = rows.map((row) => [row.kind, row.points]);
  return {
    base_points: Object.fromEntries(points) as Record<ContributionKind, number>,
    lines: {
      added: counting.pointsPerLineAdded,
      deleted: counting.pointsPerLineDeleted,
      cap: counting.lineCap,
      from: counting.kind,
    },
  };
}
