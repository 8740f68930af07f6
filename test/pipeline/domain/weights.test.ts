import { describe, expect, it } from 'vitest';
import { CONTRIBUTION_KINDS } from '../../../pipeline/domain/contribution-kinds.ts';
import { kindWeights, weightsOf, weightsVersion } from '../../../pipeline/domain/weights.ts';
import { configOf } from '../../support/community.ts';

const weights = configOf().weights;

describe('the weights', () => {
  it('count lines of merged pull requests by default', () => {
    const counting = kindWeights(weights).filter((weight) => weight.countsLines);
    expect(counting).toEqual([
      {
        kind: 'PR_MERGED',
        points: 25,
        countsLines: true,
        pointsPerLineAdded: 0.01,
        pointsPerLineDeleted: 0.005,
        lineCap: 500,
      },
    ]);
  });

  it('give no points for lines of other kinds', () => {
    const fromCommits = { ...weights, lines: { ...weights.lines, from: 'COMMIT' as const } };
    const worth = kindWeights(fromCommits).filter((weight) => weight.pointsPerLineAdded > 0);
    expect(worth.map((weight) => weight.kind)).toEqual(['COMMIT']);
  });

  it('have one row for each kind and can be read back from the rows', () => {
    expect(kindWeights(weights).map((weight) => weight.kind)).toEqual(CONTRIBUTION_KINDS);
    expect(weightsOf(kindWeights(weights))).toEqual(weights);
  });
});

describe('the version of the weights', () => {
  it('is the same for the same values in another order', () => {
    const reversed = Object.fromEntries(Object.entries(weights.base_points).reverse());
    const same = { ...weights, base_points: reversed as typeof weights.base_points };
    expect(weightsVersion(same)).toBe(weightsVersion(weights));
    expect(weightsVersion(weights)).toMatch(/^[0-9a-f]{12}$/);
  });

  it('differs if any value differs', () => {
    const changed = [
      ...CONTRIBUTION_KINDS.map((kind) => ({
        ...weights,
        base_points: { ...weights.base_points, [kind]: 0 },
      })),
      { ...weights, lines: { ...weights.lines, added: 0.02 } },
      { ...weights, lines: { ...weights.lines, deleted: 0.02 } },
      { ...weights, lines: { ...weights.lines, cap: 501 } },
      { ...weights, lines: { ...weights.lines, from: 'COMMIT' as const } },
    ];
    const versions = new Set([weights, ...changed].map(weightsVersion));
    expect(versions.size).toBe(changed.length + 1);
  });
});
