import {
  type BackfillGroup,
  cutNewestDays,
  daysFor,
  daysIn,
  monthsNewestFirst,
} from '../../domain/backfill.ts';
import type { BudgetSettings, Spending } from '../../domain/budget.ts';
import {
  createRemainingBudget,
  forecastDate,
  type RemainingBudget,
} from '../../domain/budget-simulation.ts';
import type { TimeWindow } from '../../domain/window.ts';

/** One query of the backfill: its window, its repositories, and its highest price. */
export interface BackfillQuery {
  readonly repositoryIds: readonly number[];
  readonly window: TimeWindow;
  /** Bytes of the dry run. */
  readonly bytes: number;
  /** The most that the query may be billed. */
  readonly usd: number;
}

export interface BackfillPlan {
  /** The queries that the budget pays for now, newest first. */
  readonly now: readonly BackfillQuery[];
  /** The queries that wait for another day. */
  readonly later: readonly BackfillQuery[];
  /** UTC date, `YYYY-MM-DD`, by which all is read; null if the budget never reaches it. */
  readonly completeOn: string | null;
}

/** Fetches the bytes of a window by a dry run, which costs nothing. */
export type EstimateBytes = (
  window: TimeWindow,
  repositoryIds: readonly number[],
) => Promise<number>;

/**
 * Cuts the missing windows into months, newest first, and takes the months that today's budget
 * pays for. The first month that costs too much is cut to its newest days. The rest waits.
 */
export async function planBackfill(
  groups: readonly BackfillGroup[],
  settings: BudgetSettings,
  spending: Spending,
  estimateBytes: EstimateBytes,
  now: Date,
): Promise<BackfillPlan> {
  const remaining = createRemainingBudget(settings, spending);
  const bought: BackfillQuery[] = [];
  const later: BackfillQuery[] = [];
  for (const { window, repositoryIds } of monthsOf(groups)) {
    const offer = await makeOffer(window, repositoryIds);
    if (later.length > 0) later.push(offer);
    else if (tryReserve(offer, remaining)) bought.push(offer);
    else await buyNewestDays(offer);
  }
  return { now: bought, later, completeOn: forecast(bought, later, settings, spending, now) };

  async function makeOffer(window: TimeWindow, repositoryIds: readonly number[]) {
    const bytes = await estimateBytes(window, repositoryIds);
    return { window, repositoryIds, bytes, usd: remaining.usdFor(bytes, daysIn(window) + 1) };
  }

  /** Takes the newest days of a month that the budget pays for; its older days wait. */
  async function buyNewestDays(offer: BackfillQuery): Promise<void> {
    const most = daysFor(remaining.bytesLeft(), offer.bytes, offer.window);
    // Days differ in size: an estimate by their average may be a little too low.
    for (let days = most; days > 0; days = Math.floor(days * 0.9)) {
      const [older, newest] = cutNewestDays(offer.window, days);
      const query = await makeOffer(newest, offer.repositoryIds);
      if (!tryReserve(query, remaining)) continue;
      bought.push(query);
      if (older) later.push(partOf(offer, older));
      return;
    }
    later.push(offer);
  }
}

function tryReserve({ bytes, window }: BackfillQuery, remaining: RemainingBudget): boolean {
  return remaining.tryReserve(bytes, daysIn(window) + 1);
}

/** Months of all groups, newest first: recent months of all repositories before older ones. */
function monthsOf(groups: readonly BackfillGroup[]) {
  return groups
    .flatMap(({ repositoryIds, missing }) =>
      missing.flatMap(monthsNewestFirst).map((window) => ({ window, repositoryIds })),
    )
    .toSorted((a, b) => b.window.to.getTime() - a.window.to.getTime());
}

/** The query for some days of a month, with their share of its bytes and price. */
function partOf(offer: BackfillQuery, window: TimeWindow): BackfillQuery {
  const share = daysIn(window) / daysIn(offer.window);
  return { ...offer, window, bytes: Math.ceil(offer.bytes * share), usd: offer.usd * share };
}

function forecast(
  bought: readonly BackfillQuery[],
  later: readonly BackfillQuery[],
  settings: BudgetSettings,
  spending: Spending,
  now: Date,
): string | null {
  const sum = (queries: readonly BackfillQuery[]) =>
    queries.reduce((total, { usd }) => total + usd, 0);
  const spent = (spending.month.settled + spending.month.reserved) / 1e6 + sum(bought);
  const pace = {
    dailyLimitUsd: settings.dailyLimitUsd,
    monthlyLimitUsd: settings.monthlyLimitUsd,
    // The rest of today's budget is too small for another day of history.
    leftTodayUsd: 0,
    leftThisMonthUsd: Math.max(0, settings.monthlyLimitUsd - spent),
  };
  return forecastDate(sum(later), costliestDay(later), pace, now);
}

/** The price of the costliest day: two tables, that of the day and that of the day after. */
function costliestDay(queries: readonly BackfillQuery[]): number {
  return Math.max(0, ...queries.map(({ usd, window }) => (usd / (daysIn(window) + 1)) * 2));
}
