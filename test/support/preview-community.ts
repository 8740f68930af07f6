import type { Db } from '../../db/client.ts';
import { type PreviewRepository, readPreviewRepositories } from '../../db/queries/preview-names.ts';
import { reconcileRepositories } from '../../db/queries/repositories.ts';
import type { ConfigName } from '../../pipeline/config/schema.ts';
import { asciiLower, fullName } from '../../pipeline/domain/names.ts';
import { withFollowed } from '../../pipeline/domain/organisation.ts';
import type { ConfiguredRepository } from '../../pipeline/domain/repository.ts';
import { calculate } from '../../pipeline/stages/calculate/index.ts';
import type { CalculatedBoards } from '../../pipeline/stages/preview/calculate-preview.ts';
import { openDocuments } from '../../pipeline/stages/preview/document-source.ts';
import {
  boardsOf,
  openCalculation,
  type PublishedCalculation,
} from '../../pipeline/stages/preview/preview-published.ts';
import { type Published, readPublished } from '../../pipeline/stages/preview/read-published.ts';
import { report } from '../../pipeline/stages/report/index.ts';
import { configOf, NOW, quiet } from './community.ts';

/** Runs whose documents previews are compared with. */

/** A configuration: changes of the shipped one, and the repositories that leave. */
export interface Change {
  readonly config?: Partial<Record<ConfigName, unknown>>;
  readonly removed?: readonly string[];
}

/** Of the repositories that are tracked, as the configuration lists them. */
export async function wantedOf(
  db: Db,
  { removed = [] }: Change = {},
): Promise<ConfiguredRepository[]> {
  const all = (await readPreviewRepositories(db)).filter(({ isArchived }) => !isArchived);
  return all
    .filter((one) => !removed.includes(asciiLower(fullName(one))))
    .map(({ owner, name }: PreviewRepository) => ({
      ...{ owner, name },
      neverRescrapeBefore: null,
      defaultBranch: null,
    }));
}

/** Publishes what a run with a configuration does, into a folder. */
export async function publish(db: Db, change: Change, out: string): Promise<void> {
  const wanted = await wantedOf(db, change);
  await db.transaction().execute((trx) => reconcileRepositories(trx, wanted));
  const context = { db, config: configOf(change.config), now: NOW, log: quiet };
  await calculate(context);
  await report({ ...context, out, sample: false });
}

export const readFolder = async (folder: string): Promise<Published> =>
  readPublished(await openDocuments(folder, new AbortController().signal));

/** The boards before and after a configuration, in tables of its own. */
export async function calculateFromPublished(
  ...tried: Parameters<PublishedCalculation['calculate']>
): ReturnType<PublishedCalculation['calculate']> {
  const calculation = openCalculation();
  return calculation.calculate(...tried).finally(() => calculation.close());
}

/** Every rank and score, as text: `octo/one week ada 1 30`. */
export function ranksOf({ lines, accounts, repositories }: CalculatedBoards): string[] {
  const logins = new Map(accounts.map(([id, login]) => [id, login]));
  const names = new Map(repositories.map((one) => [one.id, fullName(one)]));
  return lines
    .map(([repository, period, user, rank, score]) =>
      [names.get(repository) ?? 'global', period, logins.get(user), rank, score].join(' '),
    )
    .toSorted();
}

/** Ranks and scores as published, and as a preview makes them when nothing of the configuration changes. */
export async function previewUnchanged(folder: string): Promise<{
  readonly published: string[];
  readonly previewed: string[];
  readonly wanted: readonly ConfiguredRepository[];
}> {
  const published = await readFolder(folder);
  const config = { weights: published.weights, people: configOf().people };
  const wanted = withFollowed([], published.repositories);
  const { after } = await calculateFromPublished(published, { config, wanted });
  return { published: ranksOf(boardsOf(published)), previewed: ranksOf(after), wanted };
}

export const publishedRanks = async (folder: string): Promise<string[]> =>
  ranksOf(boardsOf(await readFolder(folder)));
