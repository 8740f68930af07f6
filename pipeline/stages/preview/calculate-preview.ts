import type { Db } from '../../../db/client.ts';
import {
  type PreviewLine,
  type PreviewTotal,
  readGlobalPreviewLines,
  readPreviewTotals,
  readRepositoryPreviewLines,
  scoreCounts,
} from '../../../db/queries/preview-boards.ts';
import {
  type PreviewAccount,
  type PreviewRepository,
  readPreviewAccounts,
  readPreviewRepositories,
} from '../../../db/queries/preview-names.ts';
import { reconcileRepositories } from '../../../db/queries/repositories.ts';
import { resolveRenames } from '../../../db/queries/repository-renames.ts';
import { CONTRIBUTION_KINDS } from '../../domain/contribution-kinds.ts';
import type { PeopleRules } from '../../domain/people.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import type { Weights } from '../../domain/weights.ts';
import { applyPeople, applyWeights, storeWeights } from '../calculate/index.ts';

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

/** A key of `weights.yaml` with another value, and the weights in force with that change alone. */
interface ChangedKey {
  /** `base_points.COMMIT`, `lines.cap` */
  readonly key: string;
  readonly before: number | string;
  readonly after: number | string;
  readonly alone: Weights;
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
  if (!basis.before) await basis.count(inForce);
  const before = basis.before ?? (await readScored(trx, inForce));
  const keys = await readKeysAlone(trx, basis, config.weights);
  // As a scrape does, so that nobody waits for the other: people before repositories.
  const accounts = await applyPeople(trx, config.people);
  const tried = await applyWeights(trx, config.weights);
  const { archived, restored } = await reconcileRepositories(
    trx,
    await resolveRenames(trx, wanted),
  );
  const unread = (await basis.correct?.()) ?? [];
  const isSame = accounts + archived + restored === 0;
  // By the last of the keys, or by the boards in force, all is counted that stays as it is.
  if (!isSame || (keys.length === 0 && basis.before)) await basis.count(tried);
  // A key that is the whole change has the scores of the change.
  const [only] = isSame && keys.length === 1 ? keys : [];
  const after = only ? await readBoards(trx, only.lines) : await readScored(trx, tried);
  return { before, keys, unread, after };
}

async function readScored(trx: Db, version: string): Promise<CalculatedBoards> {
  await scoreCounts(trx, version);
  return readBoards(trx, await readGlobalPreviewLines(trx));
}

/** @param global the lines of the board of all repositories together */
const readBoards = async (trx: Db, global: readonly PreviewLine[]): Promise<CalculatedBoards> => ({
  lines: [...global, ...(await readRepositoryPreviewLines(trx))],
  totals: await readPreviewTotals(trx),
  accounts: await readPreviewAccounts(trx),
  repositories: await readPreviewRepositories(trx),
});

async function readKeysAlone(trx: Db, basis: Basis, tried: Weights): Promise<KeyAlone[]> {
  const keys: KeyAlone[] = [];
  for (const { alone, ...key } of changedKeys(basis.weights, tried)) {
    const version = await storeWeights(trx, alone);
    // Which lines count is a matter of counting, and comes last: no other key follows it.
    if (keys.length === 0 || key.key === 'lines.from') await basis.count(version);
    await scoreCounts(trx, version);
    keys.push({ ...key, lines: await readGlobalPreviewLines(trx) });
  }
  return keys;
}

const LINE_KEYS = ['added', 'deleted', 'cap', 'from'] as const;

/** The keys that differ, in the order of the file. */
function changedKeys(before: Weights, after: Weights): ChangedKey[] {
  const kinds = CONTRIBUTION_KINDS.map((kind) => ({
    key: `base_points.${kind}`,
    before: before.base_points[kind],
    after: after.base_points[kind],
    alone: { ...before, base_points: { ...before.base_points, [kind]: after.base_points[kind] } },
  }));
  const lines = LINE_KEYS.map((name) => ({
    key: `lines.${name}`,
    before: before.lines[name],
    after: after.lines[name],
    alone: { ...before, lines: { ...before.lines, [name]: after.lines[name] } },
  }));
  return [...kinds, ...lines].filter((key) => key.before !== key.after);
}
