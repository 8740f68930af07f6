import type { Db } from '../../../db/client.ts';
import { readDataUntil } from '../../../db/queries/report/operations.ts';
import { readCurrentWeights } from '../../../db/queries/weights.ts';
import { type Weights, weightsOf, weightsVersion } from '../../domain/weights.ts';
import type { DocumentFolder } from './document-folder.ts';
import { type Appearance, type Head, iso } from './head.ts';

/** The parts of the configuration that documents depend on. */
export interface ReportConfig {
  readonly weights: Weights;
  readonly budget: {
    readonly daily_limit_usd: number;
    readonly monthly_limit_usd: number;
    readonly warning_threshold: number;
  };
  readonly site: {
    readonly title: string;
    readonly url: string;
    readonly page_size: number;
    readonly contributor_pages: number;
    readonly avatars: boolean;
  };
}

/** What every part of the report works with. */
export interface Report {
  /** A transaction: all parts see the same tables. */
  readonly db: Db;
  readonly config: ReportConfig;
  readonly now: Date;
  readonly folder: DocumentFolder;
  readonly head: Head;
  readonly appearance: Appearance;
  /** The weights that the boards were made with. */
  readonly weights: Weights;
}

/** Reads what stands at the head of every document; before a calculation, the weights to come. */
export async function readHead(
  db: Db,
  context: { readonly config: ReportConfig; readonly now: Date; readonly sample: boolean },
): Promise<Pick<Report, 'head' | 'appearance' | 'weights'>> {
  const { config, now, sample } = context;
  const current = await readCurrentWeights(db);
  const head = {
    generated_at: now.toISOString(),
    data_until: iso(await readDataUntil(db)),
    weights_version: current?.version ?? weightsVersion(config.weights),
    sample,
  };
  return {
    head,
    appearance: { sample, avatars: config.site.avatars },
    weights: current ? weightsOf(current.weights) : config.weights,
  };
}
