import type { Db } from '../../../db/client.ts';
import { hasContributions } from '../../../db/queries/contributions.ts';
import { readOptedOut } from '../../../db/queries/contributors.ts';
import { updateGlobalBoard, updateRepositoryBoards } from '../../../db/queries/leaderboards.ts';
import { readGlobalRanks } from '../../../db/queries/report/boards.ts';
import { type Reconciled, reconcileRepositories } from '../../../db/queries/repositories.ts';
import { resolveRenames } from '../../../db/queries/repository-renames.ts';
import { readCurrentWeights } from '../../../db/queries/weights.ts';
import { rolledBack, takeLock } from '../../../db/transactions.ts';
import { compareRanks, type RankChanges, type RankedPerson } from '../../domain/compare-ranks.ts';
import type { PeopleRules } from '../../domain/people.ts';
import type { ConfiguredRepository } from '../../domain/repository.ts';
import type { Weights } from '../../domain/weights.ts';
import type { Context } from '../../runtime/context.ts';
import type { PreviewFormat } from '../../runtime/options.ts';
import { print } from '../../util/printable.ts';
import { EXIT } from '../../util/usage-error.ts';
import { applyPeople, applyWeights, boardInputs } from '../calculate/index.ts';
import { wantedRepositories } from '../discovery/index.ts';
import { formatPreview } from './format-preview.ts';

export interface PreviewContext {
  readonly db: Db;
  /** The configuration to try. */
  readonly config: { readonly weights: Weights; readonly people: PeopleRules };
  readonly wanted: readonly ConfiguredRepository[];
  /** The clock of both boards, so that time alone moves nobody. */
  readonly now: Date;
}

/** The changes that a configuration would cause. */
export interface ConfigPreview {
  readonly isReweighted: boolean;
  readonly repositories: Reconciled;
  /** Accounts whose bot, opt-out or alias flag changes. */
  readonly accountsChanged: number;
  /** On the global board of all time; `left` does not contain people who opt out. */
  readonly ranks: RankChanges;
  /** Number of people who leave because they opt out; they are never named. */
  readonly optedOut: number;
}

/**
 * Finds the effect of a configuration on the ranks, and changes nothing: everything happens in
 * a transaction that is rolled back. Null before the first calculation: nothing to compare with.
 */
export async function previewConfig(context: PreviewContext): Promise<ConfigPreview | null> {
  return await rolledBack(context.db, async (trx) => {
    // Read
    const current = await readCurrentWeights(trx);
    if (!current || !(await hasContributions(trx))) return null;
    await takeLock(trx, 'boards');
    const before = await calculateRanks(trx, current.version, context.now);
    // Write: undone at the end of the transaction
    const applied = await apply(trx, context);
    const after = await calculateRanks(trx, applied.version, context.now);
    // Decide
    return {
      isReweighted: applied.version !== current.version,
      repositories: applied.repositories,
      accountsChanged: applied.accountsChanged,
      ...(await compareNaming(trx, before, after)),
    };
  });
}

/** Locks tables in the same order as a scrape: people before repositories. */
async function apply(trx: Db, { config, wanted }: PreviewContext) {
  const accountsChanged = await applyPeople(trx, config.people);
  const version = await applyWeights(trx, config.weights);
  const repositories = await reconcileRepositories(trx, await resolveRenames(trx, wanted));
  return { accountsChanged, version, repositories };
}

/** The board of all time with the present weights, flags and repositories of the database. */
async function calculateRanks(trx: Db, version: string, now: Date): Promise<RankedPerson[]> {
  const inputs = {
    ...boardInputs(version, now),
    periods: [{ period: 'all' as const, from: null }],
  };
  await updateRepositoryBoards(trx, inputs, null);
  await updateGlobalBoard(trx, inputs);
  return readGlobalRanks(trx);
}

/** A preview is shown in public, so it does not name people who opted out. */
async function compareNaming(trx: Db, before: RankedPerson[], after: RankedPerson[]) {
  const ranks = compareRanks(before, after);
  const optedOut = await readOptedOut(
    trx,
    ranks.left.map(({ id }) => id),
  );
  const left = ranks.left.filter(({ id }) => !optedOut.has(id));
  return { ranks: { ...ranks, left }, optedOut: optedOut.size };
}

const NOTHING_YET = `There is nothing to compare with: this database holds no calculated boards yet.
Run \`npm run pipeline\` first. For the invented data of the sample, give \`--source sample\` to both.
`;

/** `config:preview`: prints the changes of the configuration. Returns the exit code. */
export async function printPreview(context: Context, format: PreviewFormat): Promise<number> {
  const preview = await previewConfig({ ...context, wanted: await wantedRepositories(context) });
  print((preview ? formatPreview(preview, format) : NOTHING_YET).trimEnd());
  return EXIT.done;
}
