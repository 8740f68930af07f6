import {
  type BackfillGroup,
  cutNewestDays,
  daysFor,
  daysIn,
  monthsNewestFirst,
} from '../../domain/backfill.ts';
import type { BudgetSettings, Spending } from '../../domain/budget.ts';
import { createPurse, forecastDate, type Purse } from '../../domain/budget-simulation.ts';
import type { TimeWindow } from '../../domain/window.ts';

/** One query of the backfill: what it reads, for whom, and what it may cost. */
export interface BackfillPiece {
  readonly repositoryIds: readonly number[];
  readonly window: TimeWindow;
  /** Bytes of the dry run. */
  readonly bytes: number;
  /** The most that it may be billed. */
  readonly usd: number;
}

export interface BackfillPlan {
  /** What the budget pays for now, newest first. */
  readonly now: readonly BackfillPiece[];
  /** What waits for another day. */
  readonly later: readonly BackfillPiece[];
  /** UTC date on which all will have been read; null if the budget never reaches it. */
  readonly wholeOn: string | null;
}

/** Asks for the bytes of a window: a dry run, which costs nothing. */
export type EstimateBytes = (
  window: TimeWindow,
  repositoryIds: readonly number[],
) => Promise<number>;

/**
 * Cuts what is missing into months, newest first, and takes as many as the budget of today pays
 * for; the first month that is too dear is cut to its newest days. The rest waits.
 */
export async function planBackfill(
  groups: readonly BackfillGroup[],
  terms: BudgetSettings,
  spending: Spending,
  estimateBytes: EstimateBytes,
  now: Date,
): Promise<BackfillPlan> {
  const purse = createPurse(terms, spending);
  const bought: BackfillPiece[] = [];
  const later: BackfillPiece[] = [];
  for (const { window, repositoryIds } of monthsOf(groups)) {
    const offer = await makeOffer(window, repositoryIds);
    if (later.length > 0) later.push(offer);
    else if (pay(offer, purse)) bought.push(offer);
    else await buyNewestDays(offer);
  }
  return { now: bought, later, wholeOn: forecast(bought, later, terms, spending, now) };

  async function makeOffer(window: TimeWindow, repositoryIds: readonly number[]) {
    const bytes = await estimateBytes(window, repositoryIds);
    return { window, repositoryIds, bytes, usd: purse.usdFor(bytes, daysIn(window) + 1) };
  }

  /** Takes the newest days of a month that are paid for; what is left of it waits. */
  async function buyNewestDays(offer: BackfillPiece): Promise<void> {
    const most = daysFor(purse.bytesLeft(), offer.bytes, offer.window);
    // Days differ: a guess by their average may be a little too dear.
    for (let days = most; days > 0; days = Math.floor(days * 0.9)) {
      const [older, newest] = cutNewestDays(offer.window, days);
      const piece = await makeOffer(newest, offer.repositoryIds);
      if (!pay(piece, purse)) continue;
      bought.push(piece);
      if (older) later.push(partOf(offer, older));
      return;
    }
    later.push(offer);
  }
}

function pay({ bytes, window }: BackfillPiece, purse: Purse): boolean {
  return purse.pay(bytes, daysIn(window) + 1);
}

/** Months of all groups, newest first: everyone's present before anyone's past. */
function monthsOf(groups: readonly BackfillGroup[]) {
  return groups
    .flatMap(({ repositoryIds, missing }) =>
      missing.flatMap(monthsNewestFirst).map((window) => ({ window, repositoryIds })),
    )
    .toSorted((a, b) => b.window.to.getTime() - a.window.to.getTime());
}

/** The part of an offer that some of its days make up. */
function partOf(offer: BackfillPiece, window: TimeWindow): BackfillPiece {
  const share = daysIn(window) / daysIn(offer.window);
  return { ...offer, window, bytes: Math.ceil(offer.bytes * share), usd: offer.usd * share };
}

function forecast(
  bought: readonly BackfillPiece[],
  later: readonly BackfillPiece[],
  terms: BudgetSettings,
  spending: Spending,
  now: Date,
): string | null {
  const sum = (pieces: readonly BackfillPiece[]) =>
    pieces.reduce((total, { usd }) => total + usd, 0);
  const spent = (spending.month.settled + spending.month.reserved) / 1e6 + sum(bought);
  const pace = {
    dailyLimitUsd: terms.dailyLimitUsd,
    monthlyLimitUsd: terms.monthlyLimitUsd,
    // What is left of today did not pay for another day of history.
    leftTodayUsd: 0,
    leftThisMonthUsd: Math.max(0, terms.monthlyLimitUsd - spent),
  };
  return forecastDate(sum(later), dearestDay(later), pace, now);
}

/** The least that buys any day: a day's table and the one after it. */
function dearestDay(pieces: readonly BackfillPiece[]): number {
  return Math.max(0, ...pieces.map(({ usd, window }) => (usd / (daysIn(window) + 1)) * 2));
}
