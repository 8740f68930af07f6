import type { BudgetSettings } from '../domain/budget.ts';
import type { Config } from './schema.ts';

/** `config/budget.yaml` as the rules of the budget take it. */
export function budgetSettings(budget: Config['budget']): BudgetSettings {
  return {
    dailyLimitUsd: budget.daily_limit_usd,
    monthlyLimitUsd: budget.monthly_limit_usd,
    warningThreshold: budget.warning_threshold,
    pricePerTibUsd: budget.price_per_tib_usd,
    freeTibPerMonth: budget.free_tib_per_month,
  };
}
