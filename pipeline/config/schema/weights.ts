import { z } from 'zod';
import {
  CONTRIBUTION_KIND_TABLE,
  type ContributionKind,
  mapKinds,
} from '../../domain/contribution-kinds.ts';
import type { Weights } from '../../domain/weights.ts';

/** At most three decimals, so that the published parts of a score sum exactly to it. */
const points = z
  .number()
  .min(0)
  .max(1_000_000)
  .refine((value) => Number(value.toFixed(3)) === value, 'expected at most three decimals');

const pointsPerLine = z.number().min(0).max(1_000);

const pointsOfKind = (kind: ContributionKind) =>
  points
    .default(CONTRIBUTION_KIND_TABLE[kind].points)
    .describe(CONTRIBUTION_KIND_TABLE[kind].meaning);

export const weightsSchema = z
  .strictObject({
    base_points: z
      .strictObject(mapKinds(pointsOfKind))
      .prefault({})
      .describe('Points for one contribution of each kind. 0 works.'),
    lines: z
      .strictObject({
        added: pointsPerLine.default(0.01).describe('Points for a line added.'),
        deleted: pointsPerLine.default(0.005).describe('Points for a line deleted.'),
        cap: points.default(500).describe('Most that lines earn a contributor in a repository.'),
        from: z
          .enum(['PR_MERGED', 'COMMIT'])
          .default('PR_MERGED')
          .describe('Whose lines count: those of merged pull requests or of commits.'),
      })
      .prefault({})
      .describe('Points for lines, up to a cap.'),
  })
  .meta({
    title: 'Weights',
    description: 'How contributions are scored.',
  }) satisfies z.ZodType<Weights>;
