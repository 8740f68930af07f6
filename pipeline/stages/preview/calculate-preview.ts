import type { Db } from '../../../db/client.ts';
import {
  type PreviewLine,
  type PreviewTotal,
  readGlobalPreviewLines,
  readPreviewLines,
  readPreviewTotals,
} from '../../../db/queries/preview-boards.ts';
import {
  type PreviewAccount,
  type PreviewRepository,
  readPreviewAccounts,
  readPreviewRepositories,
} from '../../../db/queries/preview-names.ts';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import { resolveRenames } from '../../../db/queries/repository-renames.ts';
import { upsertWeights } from '../../../db/queries/weights.ts';
import type { PeopleRules } from '../../domain/people.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import { kindWeights, type Weights, weightsVersion } from '../../domain/weights.ts';
import { applyPeople, applyWeights } from '../calculate/index.ts';
import { type ChangedKey, changedKeys } from './weight-keys.ts';

/** The boards before and after a change of the configuration, by the statements of the real ones. */

/** The configuration to try. */
export interface TriedConfig {
  readonly config: { readonly weights: Weights; readonly people: PeopleRules };
  readonly wanted: readonly ConfiguredRepository[];
}

/** What counts are taken from: the contributions of a database, or what was published of them. */
export interface Basis {
  /** In force. */
  readonly weights: Weights;
  /** The boards in force, where they are known; absent: they are calculated. */
  readonly before?: CalculatedBoards;
  /** Counts by the flags and the repositories that the database now has. */
  readonly count: (version: string) => Promise<void>;
  /**
   * Corrects the counts, once the people are those of the configuration to try. Resolves to the
   * logins of aliases of which not all is known.
   */
  readonly correct?: () => Promise<readonly string[]>;
}

/** All boards at one configuration. */
export interface CalculatedBoards {
  readonly lines: readonly PreviewLine[];
  readonly totals: readonly PreviewTotal[];
  readonly accounts: readonly PreviewAccount[];
  readonly repositories: readonly PreviewRepository[];
}

/** The board of all repositories with one key of the weights changed. */
export interface KeyAlone extends Omit<ChangedKey, 'alone'> {
  readonly lines: readonly PreviewLine[];
}

export interface Calculated {
  readonly before: CalculatedBoards;
  readonly after: CalculatedBoards;
  readonly keys: readonly KeyAlone[];
  /** Logins of aliases of which not all is known. */
  readonly unread: readonly string[];
}

/** Run it in a transaction that is rolled back: it changes accounts, weights and repositories. */
export async function calculatePreview(
  trx: Db,
  basis: Basis,
  { config, wanted }: TriedConfig,
): Promise<Calculated> {
  const inForce = await storeWeights(trx, basis.weights);
  const before = basis.before ?? (await countBoards(trx, basis, inForce));
  const keys = await readKeysAlone(trx, basis, config.weights);
  // As a scrape does, so that nobody waits for the other: people before repositories.
  await applyPeople(trx, config.people);
  const tried = await applyWeights(trx, config.weights);
  await reconcileRepositories(trx, await resolveRenames(trx, wanted));
  const unread = (await basis.correct?.()) ?? [];
  return { before, keys, unread, after: await countBoards(trx, basis, tried) };
}

async function storeWeights(trx: Db, weights: Weights): Promise<string> {
  const version = weightsVersion(weights);
  await upsertWeights(trx, { version, weights: kindWeights(weights) });
  return version;
}

async function countBoards(trx: Db, basis: Basis, version: string): Promise<CalculatedBoards> {
  await basis.count(version);
  return {
    lines: await readPreviewLines(trx, version),
    totals: await readPreviewTotals(trx, version),
    accounts: await readPreviewAccounts(trx),
    repositories: await readPreviewRepositories(trx),
  };
}

async function readKeysAlone(trx: Db, basis: Basis, tried: Weights): Promise<KeyAlone[]> {
  const keys: KeyAlone[] = [];
  for (const { alone, ...key } of changedKeys(basis.weights, tried)) {
    const version = await storeWeights(trx, alone);
    // Which lines count is a matter of counting, and comes last: no other key follows it.
    if (keys.length === 0 || key.key === 'lines.from') await basis.count(version);
    keys.push({ ...key, lines: await readGlobalPreviewLines(trx, version) });
  }
  return keys;
}
