import { readDataUntil } from '../../../db/queries/report/operations.ts';
import { readCurrentWeights } from '../../../db/queries/weights.ts';
import { iso } from '../../domain/time.ts';
import { type Weights, weightsOf, weightsVersion } from '../../domain/weights.ts';
import type { Head } from '../../published/documents.ts';
import type { ReportContext } from './context.ts';

/**
 * Reads what stands at the head of every document, and the weights that the boards were made with.
 * Before the first calculation these are the configured ones.
 */
export async function readHead({
  db,
  config,
  now,
  sample,
}: ReportContext): Promise<{ head: Head; weights: Weights }> {
  const current = await readCurrentWeights(db);
  const head = {
    generated_at: now.toISOString(),
    data_until: iso(await readDataUntil(db)),
    weights_version: current?.version ?? weightsVersion(config.weights),
    sample,
  };
  return { head, weights: current ? weightsOf(current.weights) : config.weights };
}
