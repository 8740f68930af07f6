import type { Costs } from '../../../pipeline/published/documents.ts';
import { formatDollars } from './format.ts';

type Gauge = Costs['daily'];

export type BudgetLevel = 'fine' | 'near' | 'over';

/** How far a budget is spent; a budget of 0 allows nothing and gives no warning. */
export function budgetLevel({ used }: Pick<Gauge, 'used'>, warning: number): BudgetLevel {
  if (!used || used < warning) return 'fine';
  return used < 1 ? 'near' : 'over';
}

const WORDS = { near: 'is near its limit', over: 'is used up' } as const;

/** A sentence for each budget that is at or above the threshold of warning. */
export function warnOfBudgets(
  costs: Pick<Costs, 'daily' | 'monthly' | 'warning_threshold'>,
): string[] {
  const gauges = [
    ['Today’s budget', costs.daily],
    ['This month’s budget', costs.monthly],
  ] as const;
  return gauges.flatMap(([name, gauge]) => {
    const level = budgetLevel(gauge, costs.warning_threshold);
    return level === 'fine' ? [] : [`${name} ${WORDS[level]}: ${describeSpent(gauge)}.`];
  });
}

function describeSpent({ spent_usd, reserved_usd, limit_usd }: Gauge): string {
  const reserved = reserved_usd > 0 ? ` and ${formatDollars(reserved_usd)} reserved` : '';
  return `${formatDollars(spent_usd)} spent${reserved}, of ${formatDollars(limit_usd)}`;
}
