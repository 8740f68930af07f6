import { type Db, openInThread } from '../../../db/client.ts';
import type { UsedPGlite } from '../../../db/embedded-thread.ts';
import { migrate } from '../../../db/migrate.ts';
import { GLOBAL_BOARD } from '../../../db/queries/leaderboards.ts';
import type { PreviewLine, PreviewTotal } from '../../../db/queries/preview-boards.ts';
import { readPreviewAccounts } from '../../../db/queries/preview-names.ts';
import {
  insertPublishedAccounts,
  insertPublishedCounts,
  insertPublishedRepositories,
  makePublishedCounts,
  recountPublished,
} from '../../../db/queries/published-counts.ts';
import { rolledBack } from '../../../db/transactions.ts';
import { COUNT_COLUMNS } from '../../domain/contribution-kinds.ts';
import {
  type Calculated,
  type CalculatedBoards,
  calculatePreview,
  type TriedConfig,
} from './calculate-preview.ts';
import { correctReviews } from './own-reviews.ts';
import type { Published, PublishedBoard } from './read-published.ts';

/** The boards before and after a configuration, from what was published alone. */
export interface PublishedCalculation {
  calculate(published: Published, tried: TriedConfig): Promise<Calculated>;
  close(): Promise<void>;
}

/** Makes the tables while the caller reads what goes into them. */
export function openCalculation(thread?: UsedPGlite): PublishedCalculation {
  const database = openInThread(thread);
  return {
    calculate: async (published, tried) => {
      const db = await database.opened;
      await migrate(db);
      return calculateWithin(db, published, tried);
    },
    close: () => database.close(),
  };
}

/** In tables that are empty, and stay so. */
export const calculateWithin = (db: Db, published: Published, tried: TriedConfig) =>
  rolledBack(db, async (trx): Promise<Calculated> => {
    await load(trx, published);
    const count = () => recountPublished(trx);
    const correct = async () => {
      const { counts, unread } = await correctReviews(await readPreviewAccounts(trx), published);
      await insertPublishedCounts(trx, counts);
      return unread;
    };
    const before = boardsOf(published);
    return calculatePreview(trx, { weights: published.weights, before, count, correct }, tried);
  });

async function load(trx: Db, published: Published): Promise<void> {
  await insertPublishedRepositories(trx, published.repositories);
  await insertPublishedAccounts(trx, published.accounts, published.formerLogins);
  await makePublishedCounts(trx);
  const ofRepositories = published.boards.filter((one) => one.repositoryId !== GLOBAL_BOARD);
  await insertPublishedCounts(trx, ofRepositories);
}

/** The boards as they were published. */
export function boardsOf({
  boards,
  accounts,
  repositories,
}: Pick<Published, 'boards' | 'accounts' | 'repositories'>): CalculatedBoards {
  return {
    lines: boards.flatMap(linesOf),
    totals: [...Map.groupBy(boards, keyOf).values()].map(totalOf),
    accounts: accounts.map(({ id, login }) => [id, login, false, false, null] as const),
    repositories: repositories.map((name, place) => ({
      ...name,
      id: place + 1,
      isArchived: false,
    })),
  };
}

const linesOf = ({ repositoryId, period, ids, columns }: PublishedBoard): PreviewLine[] =>
  ids.flatMap((id, place) => {
    const rank = columns.rank?.[place] ?? null;
    const score = columns.total_score?.[place] ?? 0;
    return rank === null ? [] : [[repositoryId, period, id, rank, score] as const];
  });

const keyOf = ({ repositoryId, period }: PublishedBoard) => `${repositoryId} ${period}`;

/** Of a board, whose parts are documents of at most 10,000 people. */
function totalOf(parts: readonly PublishedBoard[]): PreviewTotal {
  const sum = (valuesOf: (columns: PublishedBoard['columns']) => readonly number[] | undefined) =>
    parts.flatMap(({ columns }) => valuesOf(columns) ?? []).reduce((total, one) => total + one, 0);
  const counts = COUNT_COLUMNS.map((name) => [name, sum((columns) => columns.counts[name])]);
  const score = sum((columns) => columns.total_score);
  const { repositoryId, period } = parts[0] as PublishedBoard;
  return { repositoryId, period, score, ...Object.fromEntries(counts) } as PreviewTotal;
}
