import type { Db } from '../../../db/client.ts';
import { upsertContributions } from '../../../db/queries/contributions.ts';
import { recordAccounts } from '../../../db/queries/contributors.ts';
import { insertDeadLetters } from '../../../db/queries/dead-letters.ts';
import { attemptPart } from '../../../db/transactions.ts';
import type { AccountObservation, Contribution } from '../../domain/contribution.ts';
import { classifyError } from '../../domain/error-class.ts';
import type { RefusedItem } from '../../domain/source.ts';

/** The items of a batch. */
export interface Items {
  readonly observations: readonly AccountObservation[];
  readonly contributions: readonly Contribution[];
}

/** What read the items: a job, or a stage without one (its id is null). */
export interface Reader {
  readonly id: number | null;
  readonly source: string;
}

/** The result of saving items. */
export interface SaveResult {
  /** Known accounts that got another login. */
  readonly renamed: number;
  /** Contributions that the database rejected. */
  readonly refused: number;
}

/** Writes all items, or throws the error of the database. */
export async function saveItems(trx: Db, reader: Reader, items: Items): Promise<SaveResult> {
  const renamed = await recordAccounts(trx, items.observations);
  await upsertContributions(trx, reader.source, items.contributions);
  return { renamed, refused: 0 };
}

/** Writes each item that the database accepts. An item that it rejects becomes a dead letter. */
export async function saveAcceptableItems(
  trx: Db,
  reader: Reader,
  items: Items,
): Promise<SaveResult> {
  const { renamed, refusals } = await saveInParts(trx, reader, listOf(items));
  const letters = refusals.map(({ item, error }) => ({
    reason: error.message,
    item: payloadOf(item),
  }));
  await saveRefusedItems(trx, reader, letters);
  const refused = refusals.filter(({ item }) => item.contributions.length > 0).length;
  return { renamed, refused };
}

/** Stores items that were put aside as dead letters. */
export async function saveRefusedItems(
  trx: Db,
  { id: jobId, source }: Reader,
  refused: readonly RefusedItem[],
): Promise<void> {
  const letters = refused.map(({ reason: errorMessage, item: payload, errorClass }) => {
    return { jobId, source, errorClass: errorClass ?? 'constraint', errorMessage, payload };
  });
  await insertDeadLetters(trx, letters);
}

interface Outcome {
  readonly renamed: number;
  readonly refusals: readonly { readonly item: Items; readonly error: Error }[];
}

/** Halves a failing list down to one item: a batch has thousands of items, and few are wrong. */
async function saveInParts(trx: Db, reader: Reader, list: readonly Items[]): Promise<Outcome> {
  try {
    const { renamed } = await attemptPart(trx, () => saveItems(trx, reader, together(list)));
    return { renamed, refusals: [] };
  } catch (error) {
    if (!(error instanceof Error) || classifyError(error) !== 'constraint') throw error;
    const [item] = list;
    if (item && list.length === 1) return { renamed: 0, refusals: [{ item, error }] };
  }
  const middle = Math.ceil(list.length / 2);
  const first = await saveInParts(trx, reader, list.slice(0, middle));
  const second = await saveInParts(trx, reader, list.slice(middle));
  return {
    renamed: first.renamed + second.renamed,
    refusals: [...first.refusals, ...second.refusals],
  };
}

/** A list of single items, people first, because a contribution needs its account. */
function listOf({ observations, contributions }: Items): Items[] {
  return [
    ...observations.map((observation) => ({ observations: [observation], contributions: [] })),
    ...contributions.map((contribution) => ({ observations: [], contributions: [contribution] })),
  ];
}

function together(list: readonly Items[]): Items {
  return {
    observations: list.flatMap((items) => items.observations),
    contributions: list.flatMap((items) => items.contributions),
  };
}

/** The facts of one item: what identifies it at its source, and all that is needed to store it. */
function payloadOf({ observations, contributions }: Items) {
  const [contribution] = contributions;
  const account = contribution ? contribution.account : observations[0];
  return {
    event_id: contribution?.eventId ?? null,
    kind: contribution?.kind ?? null,
    repository_id: contribution?.repositoryId ?? null,
    account: account ? { id: account.id, login: account.login } : null,
    contribution: contribution ?? null,
    observation: observations[0] ?? null,
  };
}
