import type { Db } from '../../../db/client.ts';
import { type ClosedMonth, readClosedMonths, writeMonth } from '../../../db/queries/months.ts';
import { readDataUntil } from '../../../db/queries/report/operations.ts';
import { readWindows } from '../../../db/queries/report/repositories.ts';
import { takeLock } from '../../../db/transactions.ts';
import type { Config } from '../../config/schema.ts';
import { listDue, newCorrections, type TrackedRepository } from '../../domain/month-closing.ts';
import type { MonthCorrection } from '../../domain/month-record.ts';
import { weightsVersion } from '../../domain/weights.ts';
import { earlierOf } from '../../domain/window.ts';
import type { Log } from '../../util/log.ts';
import { readKnowledge } from '../report/knowledge.ts';
import { countMonth, type MonthInputs, readTracked } from './count.ts';

export interface MonthsContext {
  readonly db: Db;
  readonly config: Pick<Config, 'weights' | 'site'>;
  /** The clock of the run. */
  readonly now: Date;
  readonly log: Log;
}

/** A month that is counted and stored: for the first time, or once more with a correction. */
interface Work {
  readonly month: string;
  /** What was stored of it; null: nothing yet. */
  readonly closed: ClosedMonth | null;
  readonly corrections: readonly MonthCorrection[];
}

/**
 * Closes the months that are over and read, by the boards' rules of now, and counts closed ones again
 * that the configuration corrects. Run it after a calculation, whose weights it uses. Each month is a
 * transaction: a run that is killed leaves whole months, and the next one goes on.
 */
export async function closeMonths(context: MonthsContext): Promise<void> {
  const { db, now, log } = context;
  // Read
  const rows = await readWindows(db);
  const tracked = await readTracked(db, rows);
  const closed = await readClosedMonths(db);
  // Decide
  const work = listWork(context, tracked, closed);
  if (work.length === 0) return;
  const windows = Map.groupBy(rows, (row) => row.repository_id);
  const { weights } = context.config;
  const knowledge = await readKnowledge(db, tracked, windows, weights, now);
  const until = await readDataUntil(db);
  const dataUntil = until && earlierOf(until, now);
  const inputs = { tracked, knowledge, weightsVersion: weightsVersion(weights), now, dataUntil };
  // Write
  for (const one of work) await storeMonth(db, one, inputs);
  log.info(
    { months: work.map(({ month }) => month) },
    work.length === 1 ? 'a month is closed' : 'months are closed',
  );
}

function listWork(
  { config, now }: MonthsContext,
  tracked: readonly TrackedRepository[],
  all: readonly ClosedMonth[],
): Work[] {
  const due = listDue(tracked, new Set(all.map(({ month }) => month)), now);
  const corrected = all.flatMap((closed) => {
    const corrections = newCorrections(closed, config.site.corrections);
    return corrections.length > 0 ? [{ month: closed.month, closed, corrections }] : [];
  });
  return [...due.map((month) => ({ month, closed: null, corrections: [] })), ...corrected];
}

async function storeMonth(
  db: Db,
  { month, closed, corrections }: Work,
  inputs: MonthInputs,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await takeLock(trx, 'boards');
    const stored = (await readClosedMonths(trx)).find((one) => one.month === month);
    // Another run may have done the same meanwhile.
    if (stored?.corrections.length !== closed?.corrections.length) return;
    await writeMonth(trx, await countMonth(trx, month, inputs), {
      closedAt: closed?.closedAt ?? inputs.now,
      dataUntil: inputs.dataUntil,
      corrections: [...(closed?.corrections ?? []), ...corrections],
    });
  });
}
