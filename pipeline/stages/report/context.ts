import type { Db } from '../../../db/client.ts';
import { readDataUntil } from '../../../db/queries/report/operations.ts';
import { readCurrentWeights } from '../../../db/queries/weights.ts';
import type { Config } from '../../config/schema.ts';
import type { PictureType } from '../../domain/picture.ts';
import { iso, type Period } from '../../domain/time.ts';
import { type Weights, weightsOf, weightsVersion } from '../../domain/weights.ts';
import type { Head } from '../../published/documents.ts';
import type { Log } from '../../util/log.ts';
import type { Knowledge } from './knowledge.ts';
import type { DocumentFolder } from './output-folder.ts';
import type { RanksOf } from './past-places.ts';

/** The parts of the configuration that documents depend on. */
export type ReportConfig = Pick<Config, 'weights' | 'budget' | 'site'>;

export interface ReportContext {
  readonly db: Db;
  readonly config: ReportConfig;
  /** The clock of the run: it dates the documents, and only contributions before it are shown. */
  readonly now: Date;
  readonly log: Log;
  /** Folder of the site's data; the documents go to `api/v1/` in it. */
  readonly out: string;
  /** Whether the data is generated and nobody in it is real. */
  readonly sample: boolean;
  /** Where links lead: `https://github.com` or a GitHub Enterprise Server. */
  readonly server?: string;
  /** `owner/name` of the repository that publishes; null: it is not known. */
  readonly repository?: string | null;
}

/** The inputs of every document. `db` is a transaction: all documents see the same tables. */
export interface Report extends Pick<ReportContext, 'db' | 'config' | 'now'> {
  readonly folder: Pick<DocumentFolder, 'write' | 'writeText' | 'files'>;
  readonly head: Head;
  readonly appearance: Appearance;
  readonly knowledge: Knowledge;
  /** The weights of the calculated boards. */
  readonly weights: Weights;
  /** The clock of the calculation that made the boards. */
  readonly clock: Date;
  /** The day whose ranks each board is compared with, by id of the scope and period. */
  readonly previousDays: ReadonlyMap<`${number} ${Period}`, string>;
  /** `owner/name` of each published repository, by id. */
  readonly repositoryNames: ReadonlyMap<number, string>;
  /** The past ranks of a person: see `readRanks`. */
  readonly ranksOf: RanksOf;
  /** Ids of the people who have a page of their own. */
  readonly withPage: ReadonlySet<number>;
  /** Hides in a title who has opted out: see `createHideMentions`. */
  readonly hideMentions: (title: string) => string;
}

/** How people are shown. */
export interface Appearance {
  /** Generated data: no address in it may lead to a real account. */
  readonly sample: boolean;
  /** Where links lead, without a slash at its end; of generated data, to nobody. */
  readonly server: string;
  /** Where forms for corrections are filed; null: it is not known, or nobody is real. */
  readonly forms: string | null;
  /** Whether GitHub's avatars are shown. */
  readonly avatars: boolean;
  /** The pictures that are published, by the id of their person. */
  readonly pictures: ReadonlyMap<number, PictureType>;
}

export const GITHUB = 'https://github.com';
const NOBODY = 'https://example.com';

export const appearanceOf = (
  { sample, server = GITHUB, repository = null, config }: ReportContext,
  pictures: Appearance['pictures'],
): Appearance => ({
  pictures,
  sample,
  server: sample ? NOBODY : server,
  forms: sample || repository === null ? null : `${server}/${repository}/issues/new`,
  avatars: config.site.avatars,
});

/**
 * Reads the head of every document, and the weights of the calculated boards. Before the first
 * calculation, these are the configured weights.
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
