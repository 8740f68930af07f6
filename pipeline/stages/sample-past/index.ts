import type { Db } from '../../../db/client.ts';
import { analyzeGrown } from '../../../db/queries/maintenance.ts';
import {
  hasSnapshots,
  type PastRanks,
  writePastSnapshots,
} from '../../../db/queries/past-snapshots.ts';
import { readUnnamed, storeNames } from '../../../db/queries/profiles.ts';
import { takeLock } from '../../../db/transactions.ts';
import { closesAt } from '../../domain/month-closing.ts';
import { COMPARED_DAYS, DAY_MS, isoMonth } from '../../domain/time.ts';
import type { Weights } from '../../domain/weights.ts';
import { startOfDay } from '../../domain/window.ts';
import {
  applyPeople,
  boardInputs,
  type CalculateContext,
  storeWeights,
} from '../calculate/index.ts';
import { closeMonths, type MonthsContext } from '../months/index.ts';
import { nameOf } from './names.ts';
import { bringHoursLate, deleteComments, weightsOn } from './other-knowledge.ts';

/**
 * The sample is read in one run. So that it shows how ranks move, its first run writes what earlier
 * runs would have written: ranks of the weeks before, names, and months that closed in their time.
 */

/** Weeks before now that get ranks. */
const WEEKS = 13;
/** Run it before the boards are calculated, which are compared with these ranks. */
export async function writePastRanks({ db, config, now, log }: CalculateContext): Promise<void> {
  await analyzeGrown(db, ['contribution_events', 'github_users']);
  const entries = await db.transaction().execute(async (trx) => {
    await takeLock(trx, 'boards');
    if (await hasSnapshots(trx)) return 0;
    await applyPeople(trx, config.people);
    await nameSomePeople(trx);
    await bringHoursLate(trx, now);
    const written = await writePastSnapshots(
      trx,
      now,
      await listPastRanks(trx, config.weights, now),
    );
    await deleteComments(trx, now);
    return written;
  });
  if (entries > 0)
    log.info({ entries }, 'ranks of the weeks before are made, as this is the sample');
}

/** As a look at their profiles would have done. */
async function nameSomePeople(trx: Db): Promise<void> {
  const people = await readUnnamed(trx);
  const named = people.flatMap((person) => {
    const name = nameOf(person);
    return name === null ? [] : [{ id: person.id, name }];
  });
  await storeNames(trx, named);
}

/** Of each board those that its period is compared with; of that of all repositories those of all weeks. */
async function listPastRanks(trx: Db, weights: Weights, now: Date): Promise<PastRanks[]> {
  const ranks: PastRanks[] = [];
  for (let days = 7 * WEEKS; days > 0; days -= 7) {
    const to = new Date(startOfDay(now).getTime() - days * DAY_MS);
    const version = await storeWeights(trx, weightsOn(weights, to, now));
    const { today, periods } = boardInputs(version, to);
    for (const { period, from } of periods)
      ranks.push({ today, version, period, from, to, isGlobal: COMPARED_DAYS[period] !== days });
  }
  return ranks;
}

/** Nights that a run may close a month in: a few hours after it may close. */
const AFTER_MS = DAY_MS / 8;
const MONTHS = 12;

/** Run it after the boards are calculated. */
export async function closePastMonths(context: MonthsContext): Promise<void> {
  const { now } = context;
  for (let ago = MONTHS; ago > 0; ago -= 1) {
    const month = isoMonth(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago, 1)));
    const clock = new Date(closesAt(month).getTime() + AFTER_MS);
    if (clock < now) await closeMonths({ ...context, now: clock });
  }
}
